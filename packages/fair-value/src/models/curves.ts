import type { CurvesSettings } from '@pokewatch/contracts';
import {
  type Curve,
  contribution,
  fallFactor,
  fitOwnPart,
  type OwnRows,
  restlessness,
  restlessnessFormula,
} from '../curves/own-part.ts';
import { fitRows, knownLabels } from '../fit-rows.ts';
import type { ExplainedTerm } from '../forecaster.ts';
import { curveOf } from '../point-curves.ts';
import { emptyPoints, type PointForecaster, type PointModel } from '../point-model.ts';
import { splitTarget } from '../split-target.ts';
import type { TermStore, TermTable } from '../term-store.ts';
import { TERMS, termIndices } from '../terms/catalogue.ts';
import { explainTiming, fitTiming, type TimingState, timingAt, timingCurves } from '../timing.ts';

/** Terms that others read (the size of errors, the ridge, sets and markets) and that teach the curves nothing. */
const LEFT_OUT = new Set([
  ...['spread', 'spread_vs_set', 'still', 'still_share', 'pos_60', 'dev_30', 'dev_30_vs_set', 'low_above'],
  ...['mid_vol_30', 'low_vol_30', 'drift_7', 'drift_14', 'drift_30', 'mid_drift_7', 'mid_drift_14', 'mid_drift_30'],
]);

/** Terms of the card's own part, and those of them that need no listings. */
const OWN = TERMS.flatMap(({ part, name }, index) => (part === 'own' && !LEFT_OUT.has(name) ? [index] : []));
const OWN_HISTORY = OWN.filter((index) => TERMS[index]!.source === 'market');

/** What foretells a set's move, with listings and without; the market follows with the same coefficients. */
const TIMING = ['mid_drift_7', 'mid_drift_14', 'mid_drift_30', 'gap_mid_dev_60'];
const TIMING_HISTORY = ['drift_7', 'drift_14', 'drift_30'];

/** The settings that are used unless others are asked for. */
export const CURVES_DEFAULTS: CurvesSettings = {
  knots: 10,
  smooth: 1,
  shrink: 0.3,
  huber: 0.3,
  sweeps: 5,
  timing_penalty: 0.3,
  half_life_days: 75,
  least_price: 3,
  least_rows: 300,
  restless_floor: 0.03,
  restless_steps: 2.5,
  restless_most_step: 0.1,
  restless_fall_power: 0.3,
};

/** One complete model: how sets and the market move, and the curves of the card's own part. */
interface CurvesPart {
  readonly market: TimingState;
  readonly set: TimingState;
  readonly curves: readonly Curve[];
}

/** Null where there was too little to learn from. `full` reads listings, `history` does not. */
interface CurvesState {
  readonly settings: CurvesSettings;
  readonly full: CurvesPart | null;
  readonly history: CurvesPart | null;
}

/** A sum of smooth curves, one a term, with the target split in market, set and own part. */
export function curvesPoint(settings: CurvesSettings = CURVES_DEFAULTS): PointForecaster {
  return {
    name: 'curves',
    fit: (store, as_of_day, horizon_days) => {
      const table = store.keep('fit|curves', READ, () => fitRows(store));
      const label = knownLabels(store, table, horizon_days, as_of_day);
      const rows = ownRows(store, table, label, as_of_day, settings);
      if (rows.rows.length < settings.least_rows) return curvesModel({ settings, full: null, history: null });
      const split = splitTarget(store, table, label);
      const part = (own: readonly number[], timing: readonly string[]): CurvesPart => {
        const terms = termIndices(timing.map((name) => `set_${name}`));
        const set = fitTiming(table, split.sets, terms, settings.timing_penalty);
        const market = { ...set, terms: termIndices(timing.map((name) => `market_${name}`)) };
        return { market, set, curves: fitOwnPart(table, label, split, rows, own, settings) };
      };
      return curvesModel({ settings, full: part(OWN, TIMING), history: part(OWN_HISTORY, TIMING_HISTORY) });
    },
    fromJSON: (json) => curvesModel(json as CurvesState),
  };
}

const READ = [
  ...termIndices([...TIMING, ...TIMING_HISTORY].flatMap((name) => [`market_${name}`, `set_${name}`])),
  ...OWN,
];
const READ_HISTORY = [
  ...termIndices(TIMING_HISTORY.flatMap((name) => [`market_${name}`, `set_${name}`])),
  ...OWN_HISTORY,
];
const [GAP_MID, GAP_LOW, LAST_CHANGE] = termIndices(['gap_mid', 'gap_low', 'ret_1']) as [number, number, number];

function ownRows(
  store: TermStore,
  table: TermTable,
  label: Float64Array,
  as_of_day: number,
  { least_price, least_rows, half_life_days }: CurvesSettings,
): OwnRows {
  const { panel } = store;
  const dear: number[] = [];
  const all: number[] = [];
  for (let row = 0; row < table.rows; row++) {
    if (Number.isNaN(label[row]!)) continue;
    all.push(row);
    if (panel.market[table.card[row]! * panel.days + table.day[row]!]! >= least_price) dear.push(row);
  }
  const rows = Int32Array.from(dear.length >= least_rows ? dear : all);
  const last = as_of_day - panel.first_day;
  const weight = Float64Array.from(rows, (row) => 0.5 ** ((last - table.day[row]!) / half_life_days));
  return { rows, weight };
}

function curvesModel(state: CurvesState): PointModel {
  return {
    terms: state.full === null && state.history !== null ? READ_HISTORY : READ,
    ...(state.full === null ? {} : { withoutListings: () => curvesModel({ ...state, full: null }) }),
    predict: (_store, table) => {
      const points = emptyPoints(table.rows);
      const parts = [points.market, points.set, points.listings, points.own];
      for (let row = 0; row < table.rows; row++) {
        const { part, speaker } = speakerOf(state, table, row);
        if (!part) continue;
        points.speaker[row] = speaker;
        points.market[row] = timingAt(part.market, table, row);
        points.set[row] = timingAt(part.set, table, row);
        const size = restlessness(table, row, state.settings);
        for (const curve of part.curves) {
          const group = TERMS[curve.term]!.group === 'listings' ? points.listings : points.own;
          group[row] = group[row]! + contribution(curve, table, row, size);
        }
        const total = points.market[row]! + points.set[row]! + points.listings[row]! + points.own[row]!;
        const factor = fallFactor(total, size, state.settings);
        for (const part_of of parts) part_of[row] = part_of[row]! * factor;
      }
      return points;
    },
    explain: (_store, table, row) => {
      const { part } = speakerOf(state, table, row);
      const missing = OWN.filter((term) => Number.isNaN(table.columns[term]![row]!)).map((term) => TERMS[term]!.name);
      if (!part) return { terms: [], missing };
      const size = restlessness(table, row, state.settings);
      const own = part.curves.map((curve): ExplainedTerm => {
        const { name, group, definition, unit } = TERMS[curve.term]!;
        const value = table.columns[curve.term]![row]!;
        const log_return = contribution(curve, table, row, size);
        return { name, group, definition, unit, value: Number.isNaN(value) ? null : value, log_return };
      });
      const terms = [...explainTiming(part.market, table, row), ...explainTiming(part.set, table, row), ...own];
      const total = terms.reduce((sum, term) => sum + term.log_return, 0);
      const factor = fallFactor(total, size, state.settings);
      return { terms: terms.map((term) => ({ ...term, log_return: term.log_return * factor })), missing };
    },
    curves: () => ({
      restlessness: restlessnessFormula(state.settings),
      speakers: (['full', 'history'] as const).flatMap((speaker) => {
        const part = state[speaker];
        if (part === null) return [];
        const own = part.curves.map(({ term, knots, heights }) => curveOf(term, true, knots, heights));
        return [{ speaker, curves: [...timingCurves(part.market), ...timingCurves(part.set), ...own] }];
      }),
    }),
    toJSON: () => state,
  };
}

/** Listings speak when there are any; history speaks from a card's second day on. */
function speakerOf(state: CurvesState, table: TermTable, row: number): { part: CurvesPart | null; speaker: 0 | 1 | 2 } {
  const known = (term: number) => !Number.isNaN(table.columns[term]![row]!);
  if (state.full !== null && (known(GAP_MID) || known(GAP_LOW))) return { part: state.full, speaker: 2 };
  if (known(LAST_CHANGE)) return { part: state.history, speaker: 1 };
  return { part: null, speaker: 0 };
}
