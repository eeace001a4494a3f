import { fitRows, knownLabels } from '../fit-rows.ts';
import type { ExplainedTerm } from '../forecaster.ts';
import { huberRidge } from '../linear.ts';
import { lineCurve } from '../point-curves.ts';
import { emptyPoints, type PointForecaster, type PointModel } from '../point-model.ts';
import { splitTarget } from '../split-target.ts';
import type { TermTable } from '../term-store.ts';
import { TERMS, termIndices } from '../terms/catalogue.ts';
import { explainTiming, fitTiming, type TimingState, timingAt, timingCurves } from '../timing.ts';

const OWN = termIndices([
  'gap_mid',
  'gap_mid_vs_set',
  'gap_low_vs_set',
  'gap_mid_dev_30_vs_set',
  'gap_low_dev_30',
  'gap_mid_pos_60',
  'gap_low_pos_60',
  'gap_mid_scaled_vs_set',
  'gap_low_scaled',
  'low_ret_30_vs_set',
  'mid_ret_14_vs_set',
  'mid_ret_30_vs_set',
  'low_above',
  'spread_vs_set',
  'ret_1',
  'ret_3',
  'ret_7_vs_set',
  'ret_14_vs_set',
  'ret_30_vs_set',
  'ret_week_before_vs_set',
  'dev_30_vs_set',
  'pos_60',
  'vol_30',
  'still',
  'price',
  'ret_14_of_rarity',
  'ret_14_of_species',
  'ret_14_of_class',
  'mid_ret_14_of_rarity',
]);
const MARKET = termIndices(['market_ret_7', 'market_ret_14', 'market_ret_30', 'market_gap_mid_dev_30']);
const SET = termIndices([
  'set_ret_7',
  'set_ret_14',
  'set_ret_30',
  'set_gap_mid',
  'set_gap_mid_dev_30',
  'set_low_ret_14',
]);
const ALL = [...MARKET, ...SET, ...OWN];

/** How the model learns: all penalties are in units of the terms' own information. */
export interface RidgeSettings {
  /** Term values count up to this many times their spread. */
  readonly clip: number;
  /** Penalty on the coefficients of a card's own terms. */
  readonly penalty: number;
  /** Penalty on the coefficients that foretell how sets and the market move. */
  readonly timing_penalty: number;
  /** Errors beyond this log return count linearly (Huber's loss). */
  readonly huber: number;
}

/** The settings that are used unless others are asked for. */
const RIDGE_DEFAULTS: RidgeSettings = { clip: 4, penalty: 0.05, timing_penalty: 1, huber: 0.05 };

interface RidgeState {
  readonly settings: RidgeSettings;
  readonly market: TimingState;
  readonly set: TimingState;
  readonly mean: readonly number[];
  readonly scale: readonly number[];
  readonly beta: readonly number[];
}

/** A line for each of a few dozen terms, with the target split in market, set and own part. */
export function ridgePoint(settings: RidgeSettings = RIDGE_DEFAULTS): PointForecaster {
  const { clip, penalty, timing_penalty, huber } = settings;
  return {
    name: 'ridge',
    fit: (store, as_of_day, horizon_days) => {
      const table = store.keep('fit|ridge', ALL, () => fitRows(store));
      const label = knownLabels(store, table, horizon_days, as_of_day);
      const split = splitTarget(store, table, label);
      const weight = split.own.map((target) => (!Number.isNaN(target) ? 1 : 0));
      const { mean, scale } = standards(table, weight);
      const columns = OWN.map((term, i) =>
        table.columns[term]!.map((value) => standard(value, mean[i]!, scale[i]!, clip)),
      );
      const target = split.own.map((value) => (!Number.isNaN(value) ? value : 0));
      return ridgeModel({
        settings,
        market: fitTiming(table, split.markets, MARKET, timing_penalty),
        set: fitTiming(table, split.sets, SET, timing_penalty),
        mean,
        scale,
        beta: Array.from(huberRidge({ columns, target, weight }, penalty, huber)),
      });
    },
    fromJSON: (state) => ridgeModel(state as RidgeState),
  };
}

function standards(table: TermTable, weight: Float64Array): { mean: number[]; scale: number[] } {
  const mean: number[] = [];
  const scale: number[] = [];
  for (const term of OWN) {
    const column = table.columns[term]!;
    let count = 0;
    let sum = 0;
    let squares = 0;
    for (let row = 0; row < table.rows; row++) {
      const value = column[row]!;
      if (weight[row] === 0 || Number.isNaN(value)) continue;
      count++;
      sum += value;
      squares += value * value;
    }
    const centre = count > 0 ? sum / count : 0;
    const spread = count > 0 ? Math.sqrt(Math.max(0, squares / count - centre * centre)) : 0;
    mean.push(centre);
    scale.push(spread > 1e-9 ? spread : 1);
  }
  return { mean, scale };
}

/** A missing value stands at the mean, so that it adds nothing. */
function standard(value: number, mean: number, scale: number, clip: number): number {
  return !Number.isNaN(value) ? Math.max(-clip, Math.min(clip, (value - mean) / scale)) : 0;
}

function ridgeModel(state: RidgeState): PointModel {
  const at = (table: TermTable, row: number, i: number) =>
    state.beta[i]! * standard(table.columns[OWN[i]!]![row]!, state.mean[i]!, state.scale[i]!, state.settings.clip);
  return {
    terms: ALL,
    predict: (_store, table) => {
      const points = emptyPoints(table.rows);
      for (let row = 0; row < table.rows; row++) {
        points.market[row] = timingAt(state.market, table, row);
        points.set[row] = timingAt(state.set, table, row);
        for (let i = 0; i < OWN.length; i++) {
          const part = TERMS[OWN[i]!]!.group === 'listings' ? points.listings : points.own;
          part[row] = part[row]! + at(table, row, i);
        }
        points.speaker[row] = 2;
      }
      return points;
    },
    explain: (_store, table, row) => {
      const own = OWN.map((index, i): ExplainedTerm => {
        const { name, group, definition, unit } = TERMS[index]!;
        const value = table.columns[index]![row]!;
        return {
          name,
          group,
          definition,
          unit,
          value: !Number.isNaN(value) ? value : null,
          log_return: at(table, row, i),
        };
      });
      const terms = [...explainTiming(state.market, table, row), ...explainTiming(state.set, table, row), ...own];
      return { terms, missing: terms.filter(({ value }) => value === null).map(({ name }) => name) };
    },
    curves: () => {
      const own = OWN.map((term, i) =>
        lineCurve(term, state.beta[i]!, state.scale[i]!, state.settings.clip, state.mean[i]!),
      );
      const curves = [...timingCurves(state.market), ...timingCurves(state.set), ...own];
      return { restlessness: null, speakers: [{ speaker: 'full', curves }] };
    },
    toJSON: () => state,
  };
}
