import { type Curve, contribution, fitOwnPart, type OwnRows, restlessness } from '../curves/own-part.ts';
import type { CurveOptions } from '../curves/solve.ts';
import { fitRows, knownLabels } from '../fit-rows.ts';
import type { ExplainedTerm } from '../forecaster.ts';
import { emptyPoints, type PointForecaster, type PointModel } from '../point-model.ts';
import { splitTarget } from '../split-target.ts';
import type { TermStore, TermTable } from '../term-store.ts';
import { TERMS, termIndices } from '../terms/catalogue.ts';
import { explainTiming, fitTiming, type TimingState, timingAt } from '../timing.ts';

/** Terms of the card's own part, all of them, and those that need no listings. */
const OWN = TERMS.flatMap((term, index) => (term.part === 'own' ? [index] : []));
const OWN_HISTORY = OWN.filter((index) => TERMS[index]!.source === 'market');

/** What foretells a set's move, with listings and without; the market follows with the same coefficients. */
const TIMING = ['mid_ret_7', 'mid_ret_14', 'mid_ret_30'];
const TIMING_HISTORY = ['ret_7', 'ret_14', 'ret_30'];

const KNOTS = 10;
const OPTIONS: CurveOptions = { smooth: 0.3, shrink: 0.3, huber: 0.2, sweeps: 10 };
const TIMING_PENALTY = 0.3;

/** An outcome counts half as much when it is this many days older: what moves prices changes slowly. */
const HALF_LIFE_DAYS = 60;

/** Cheaper cards move in steps of cents, and teach nothing about dearer ones. They count when there are few others. */
const LEAST_PRICE = 2;

/** Below this many known outcomes nothing is learned, and nobody speaks. */
const LEAST_ROWS = 300;

/** One complete model: how sets and the market move, and the curves of the card's own part. */
interface CurvesPart {
  readonly market: TimingState;
  readonly set: TimingState;
  readonly curves: readonly Curve[];
}

/** Null where there was too little to learn from. `full` reads listings, `history` does not. */
interface CurvesState {
  readonly full: CurvesPart | null;
  readonly history: CurvesPart | null;
}

/** A sum of smooth curves, one a term, with the target split in market, set and own part. */
export const curvesPoint: PointForecaster = {
  name: 'curves',
  fit: (store, as_of_day, horizon_days) => {
    const table = store.keep('fit|curves', READ, () => fitRows(store));
    const label = knownLabels(store, table, horizon_days, as_of_day);
    const rows = ownRows(store, table, label, as_of_day);
    if (rows.rows.length < LEAST_ROWS) return curvesModel({ full: null, history: null });
    const split = splitTarget(table, label, store.groups, () => true);
    const part = (own: readonly number[], timing: readonly string[]): CurvesPart => {
      const set = fitTiming(table, split.sets, termIndices(timing.map((name) => `set_${name}`)), TIMING_PENALTY);
      const market = { ...set, terms: termIndices(timing.map((name) => `market_${name}`)) };
      return { market, set, curves: fitOwnPart(table, label, split, rows, own, KNOTS, OPTIONS) };
    };
    return curvesModel({ full: part(OWN, TIMING), history: part(OWN_HISTORY, TIMING_HISTORY) });
  },
  fromJSON: (json) => curvesModel(json as CurvesState),
};

const READ = [
  ...termIndices([...TIMING, ...TIMING_HISTORY].flatMap((name) => [`market_${name}`, `set_${name}`])),
  ...OWN,
];
const [GAP_MID, GAP_LOW, LAST_CHANGE] = termIndices(['gap_mid', 'gap_low', 'ret_1']) as [number, number, number];

function ownRows(store: TermStore, table: TermTable, label: Float64Array, as_of_day: number): OwnRows {
  const { panel } = store;
  const dear: number[] = [];
  const all: number[] = [];
  for (let row = 0; row < table.rows; row++) {
    if (Number.isNaN(label[row]!)) continue;
    all.push(row);
    if (panel.market[table.card[row]! * panel.days + table.day[row]!]! >= LEAST_PRICE) dear.push(row);
  }
  const rows = Int32Array.from(dear.length >= LEAST_ROWS ? dear : all);
  const last = as_of_day - panel.first_day;
  const weight = Float64Array.from(rows, (row) => 0.5 ** ((last - table.day[row]!) / HALF_LIFE_DAYS));
  return { rows, weight };
}

function curvesModel(state: CurvesState): PointModel {
  return {
    terms: READ,
    predict: (_store, table) => {
      const points = emptyPoints(table.rows);
      for (let row = 0; row < table.rows; row++) {
        const { part, speaker } = speakerOf(state, table, row);
        if (!part) continue;
        points.speaker[row] = speaker;
        points.market[row] = timingAt(part.market, table, row);
        points.set[row] = timingAt(part.set, table, row);
        const size = restlessness(table, row);
        for (const curve of part.curves) {
          const group = TERMS[curve.term]!.group === 'listings' ? points.listings : points.own;
          group[row] = group[row]! + contribution(curve, table, row, size);
        }
      }
      return points;
    },
    explain: (_store, table, row) => {
      const { part } = speakerOf(state, table, row);
      const missing = OWN.filter((term) => Number.isNaN(table.columns[term]![row]!)).map((term) => TERMS[term]!.name);
      if (!part) return { terms: [], missing };
      const size = restlessness(table, row);
      const own = part.curves.map((curve): ExplainedTerm => {
        const { name, group, definition, unit } = TERMS[curve.term]!;
        const value = table.columns[curve.term]![row]!;
        const log_return = contribution(curve, table, row, size);
        return { name, group, definition, unit, value: Number.isNaN(value) ? null : value, log_return };
      });
      const terms = [...explainTiming(part.market, table, row), ...explainTiming(part.set, table, row), ...own];
      return { terms, missing };
    },
    toJSON: () => state,
  };
}

/** Listings speak when there are any; history speaks from a card's second day on. */
function speakerOf(state: CurvesState, table: TermTable, row: number): { part: CurvesPart | null; speaker: 0 | 1 | 2 } {
  const known = (term: number) => !Number.isNaN(table.columns[term]![row]!);
  if (known(GAP_MID) || known(GAP_LOW)) return { part: state.full, speaker: 2 };
  if (known(LAST_CHANGE)) return { part: state.history, speaker: 1 };
  return { part: null, speaker: 0 };
}
