import type { CurvesSettings, Restlessness } from '@pokewatch/contracts';
import { medianInPlace } from '../median.ts';
import { type SplitTarget, TARGET_CLIP } from '../split-target.ts';
import type { TermTable } from '../term-store.ts';
import { TERMS, termIndices } from '../terms/catalogue.ts';
import { curveAt } from './basis.ts';
import { locateTerms } from './located.ts';
import { fitLocated } from './solve.ts';

/** One fitted curve: heights (log return) at ascending knots of a term, straight between them and level beyond. */
export interface Curve {
  readonly term: number;
  readonly knots: readonly number[];
  readonly heights: readonly number[];
}

/** Rows to learn a card's own part from: places in the table, and how much each counts. */
export interface OwnRows {
  readonly rows: Int32Array;
  readonly weight: Float64Array;
}

/** The size of a move in which curves are measured: the usual one of a card over two weeks. */
const USUAL_SCALE = 0.1;

/** The floor within the log of the `vol_30` term, and the daily move of a card for which it is unknown. */
const VOL_FLOOR = 0.002;
const UNKNOWN_STEP = 0.022;

const [VOLATILITY] = termIndices(['vol_30']) as [number];

/**
 * By how much a card's contributions are larger than the curves say: the same sign means a larger move on a restless
 * card than on a still one. 1 for a card of the usual restlessness.
 */
export function restlessness(table: TermTable, row: number, settings: CurvesSettings): number {
  const volatility = table.columns[VOLATILITY]![row]!;
  const step = Number.isNaN(volatility) ? UNKNOWN_STEP : Math.max(0, Math.exp(volatility) - VOL_FLOOR);
  const { restless_floor, restless_steps, restless_most_step } = settings;
  return (restless_floor + restless_steps * Math.min(restless_most_step, step)) / USUAL_SCALE;
}

/** What every term is multiplied by when all of them add up to `total`: restless cards fall further than they rise. */
export function fallFactor(total: number, size: number, { restless_fall_power }: CurvesSettings): number {
  return total < 0 ? size ** restless_fall_power : 1;
}

/** The formula of `restlessness` with its numbers. */
export function restlessnessFormula(settings: CurvesSettings): Restlessness {
  return {
    term: TERMS[VOLATILITY]!.name,
    floor: settings.restless_floor,
    steps: settings.restless_steps,
    most_step: settings.restless_most_step,
    usual: USUAL_SCALE,
    log_floor: VOL_FLOOR,
    unknown_step: UNKNOWN_STEP,
    fall_power: settings.restless_fall_power,
  };
}

/**
 * Fits the curves of a card's own return twice, on targets centred within day and set and within the day alone, and
 * returns their mean: the first ranks the cards of a set, the second still sees what moves parts of the market.
 * Targets are in units of the card's restlessness; rows of still cards weigh less, as their errors grow with the unit.
 */
export function fitOwnPart(
  table: TermTable,
  label: Float64Array,
  split: SplitTarget,
  { rows, weight }: OwnRows,
  terms: readonly number[],
  settings: CurvesSettings,
): Curve[] {
  const located = locateTerms(table, rows, terms, settings.knots);
  const knots = located.map((one) => one.knots);
  const places = located.map((one) => one.places);
  const unit = Float64Array.from(rows, (row) => restlessness(table, row, settings));
  const within_set = Float64Array.from(rows, (row, i) => split.own[row]! / unit[i]!);
  const within_day = centredWithinDay(table, label, rows).map((target, i) => target / unit[i]!);
  const scaled_weight = weight.map((value, i) => value * Math.sqrt(unit[i]!));
  const first = fitLocated(places, knots, within_set, scaled_weight, settings);
  const again = { ...settings, sweeps: Math.ceil(settings.sweeps / 2) };
  const second = fitLocated(places, knots, within_day, scaled_weight, again, first);
  return terms.flatMap((term, i) => {
    if (knots[i]!.length === 0) return [];
    return [{ term, knots: knots[i]!, heights: first[i]!.map((height, k) => (height + second[i]![k]!) / 2) }];
  });
}

/** Labels less the median label of their day (over the given rows), clipped like all targets. */
function centredWithinDay(table: TermTable, label: Float64Array, rows: Int32Array): Float64Array {
  const out = new Float64Array(rows.length);
  const buffer = new Float64Array(rows.length);
  for (let start = 0; start < rows.length; ) {
    let end = start;
    while (end < rows.length && table.day[rows[end]!] === table.day[rows[start]!]) end++;
    for (let i = start; i < end; i++) buffer[i - start] = label[rows[i]!]!;
    const median = medianInPlace(buffer, end - start);
    for (let i = start; i < end; i++) {
      out[i] = Math.max(-TARGET_CLIP, Math.min(TARGET_CLIP, label[rows[i]!]! - median));
    }
    start = end;
  }
  return out;
}

/** The contribution of one curve to a row of the given restlessness; 0 where its term is unknown. */
export function contribution(curve: Curve, table: TermTable, row: number, unit: number): number {
  return unit * curveAt(curve.knots, curve.heights, table.columns[curve.term]![row]!);
}
