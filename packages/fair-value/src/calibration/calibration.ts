import { DOWN_MOVE, UP_MOVE } from '@pokewatch/contracts';
import type { Predictions } from '../predictions.ts';
import type { TermTable } from '../term-store.ts';
import { defaultScale, fitScale, type ScaleState, scaleOf } from './scale.ts';

/** Share of outcomes that the band is meant to hold. */
export const BAND_COVERAGE = 0.8;

/** Upper edges of the price tiers with bands of their own. */
export const BAND_TIER_EDGES = [2, 5, 20, 100] as const;

/** Errors older than this are not learned from; the weight of an error halves every `HALF_LIFE_DAYS`. */
const MEMORY_DAYS = 180;
const HALF_LIFE_DAYS = 45;

/** A tier's own quantiles count as much as this weight of rows of all tiers together. */
const TIER_PRIOR = 300;

const GRID = 80;

/**
 * What is known of errors: their size by row (`scale`), the quantiles of error / size that bound the band by tier,
 * and the distribution of error / size (`grid`: quantiles 0, 1/80, …, 1) from which chances follow.
 */
export interface CalibrationState {
  readonly scale: ScaleState;
  readonly tiers: readonly { readonly lower: number; readonly upper: number }[];
  readonly grid: readonly number[];
  readonly up: readonly [number, number];
  readonly down: readonly [number, number];
}

/** Before any error is known: wide bands of the shape that errors of other markets had. */
export function defaultCalibration(horizon_days: number): CalibrationState {
  const grid = Array.from({ length: GRID + 1 }, (_, i) => laplaceQuantile((i + 0.5) / (GRID + 1)));
  const tier = { lower: -2.2, upper: 2.2 };
  return {
    scale: defaultScale(horizon_days),
    tiers: Array.from({ length: BAND_TIER_EDGES.length + 1 }, () => tier),
    grid,
    up: [0, 1],
    down: [0, 1],
  };
}

/**
 * Learns from earlier predictions whose outcome is known on `as_of_day`: `label` holds their realised log returns, NaN
 * where unknown, and `table` their terms, row by row.
 */
export function fitCalibration(
  history: Predictions,
  table: TermTable,
  label: Float64Array,
  as_of_day: number,
): CalibrationState {
  const error = new Float64Array(history.rows);
  const weight = new Float64Array(history.rows);
  let known = 0;
  for (let row = 0; row < history.rows; row++) {
    const age = as_of_day - history.day[row]!;
    if (Number.isNaN(label[row]!) || age > MEMORY_DAYS) continue;
    error[row] = label[row]! - history.log_return[row]!;
    weight[row] = 0.5 ** (age / HALF_LIFE_DAYS);
    known++;
  }
  if (known < 200) return defaultCalibration(history.horizon_days);
  const scale = fitScale(table, history.log_return, error, weight);
  const size = scaleOf(scale, table, history.log_return);
  const ratio = error.map((value, row) => value / size[row]!);
  const grid = Array.from({ length: GRID + 1 }, () => 0);
  const all = weightedSorted(ratio, weight, () => true);
  for (let i = 0; i <= GRID; i++) grid[i] = quantileOf(all, i / GRID);
  const tail = (1 - BAND_COVERAGE) / 2;
  const pooled = { lower: quantileOf(all, tail), upper: quantileOf(all, 1 - tail) };
  const tiers = Array.from({ length: BAND_TIER_EDGES.length + 1 }, (_, tier) => {
    const of_tier = weightedSorted(ratio, weight, (row) => bandTier(history.market[row]!) === tier);
    const trust = of_tier.total / (of_tier.total + TIER_PRIOR);
    const mix = (own: number, other: number) => (of_tier.total > 0 ? trust * own + (1 - trust) * other : other);
    return {
      lower: mix(quantileOf(of_tier, tail), pooled.lower),
      upper: mix(quantileOf(of_tier, 1 - tail), pooled.upper),
    };
  });
  const state = { scale, tiers, grid, up: [0, 1], down: [0, 1] } as const;
  return { ...state, ...fitChances(state, history, size, label, weight) };
}

/** Writes band, chances and scale of each row, from its market price and predicted log return. */
export function applyCalibration(state: CalibrationState, predictions: Predictions, table: TermTable): void {
  const size = scaleOf(state.scale, table, predictions.log_return);
  for (let row = 0; row < predictions.rows; row++) {
    const move = predictions.log_return[row]!;
    const market = predictions.market[row]!;
    // A card that nobody could speak for gets a band half as wide again.
    const wide = predictions.speaker[row] === 0 ? 1.5 : 1;
    const scale = size[row]! * wide;
    const { lower, upper } = state.tiers[bandTier(market)]!;
    predictions.scale[row] = scale;
    predictions.lower[row] = market * Math.exp(move + Math.min(0, lower * scale));
    predictions.upper[row] = market * Math.exp(move + Math.max(0, upper * scale));
    predictions.p_up[row] = chance(state.up, 1 - shareBelow(state.grid, (UP_MOVE - move) / scale));
    predictions.p_down[row] = chance(state.down, shareBelow(state.grid, (DOWN_MOVE - move) / scale));
  }
}

/** The band tier of a price. */
export function bandTier(price: number): number {
  let tier = 0;
  while (tier < BAND_TIER_EDGES.length && price >= BAND_TIER_EDGES[tier]!) tier++;
  return tier;
}

function laplaceQuantile(p: number): number {
  return p < 0.5 ? Math.log(2 * p) : -Math.log(2 * (1 - p));
}

interface WeightedSorted {
  readonly values: Float64Array;
  readonly cumulative: Float64Array;
  readonly total: number;
}

function weightedSorted(values: Float64Array, weight: Float64Array, keep: (row: number) => boolean): WeightedSorted {
  const rows: number[] = [];
  for (let row = 0; row < values.length; row++) if (weight[row]! > 0 && keep(row)) rows.push(row);
  rows.sort((a, b) => values[a]! - values[b]! || a - b);
  const sorted = Float64Array.from(rows, (row) => values[row]!);
  const cumulative = new Float64Array(rows.length);
  let total = 0;
  rows.forEach((row, i) => {
    total += weight[row]!;
    cumulative[i] = total;
  });
  return { values: sorted, cumulative, total };
}

function quantileOf(sorted: WeightedSorted, p: number): number {
  const { values, cumulative, total } = sorted;
  if (values.length === 0) return 0;
  let left = 0;
  let right = values.length - 1;
  while (left < right) {
    const middle = (left + right) >> 1;
    if (cumulative[middle]! < p * total) left = middle + 1;
    else right = middle;
  }
  return values[left]!;
}

/** The share of the grid's distribution below `value`, linear between its points, never quite 0 or 1. */
function shareBelow(grid: readonly number[], value: number): number {
  const last = grid.length - 1;
  if (value <= grid[0]!) return 0.002;
  if (value >= grid[last]!) return 0.998;
  let left = 0;
  let right = last;
  while (right - left > 1) {
    const middle = (left + right) >> 1;
    if (grid[middle]! <= value) left = middle;
    else right = middle;
  }
  const width = grid[right]! - grid[left]!;
  const share = (left + (width > 0 ? (value - grid[left]!) / width : 0)) / last;
  return Math.max(0.002, Math.min(0.998, share));
}

function logit(p: number): number {
  return Math.log(p / (1 - p));
}

/** A chance corrected on the logit scale: intercept and slope. */
function chance([intercept, slope]: readonly [number, number], raw: number): number {
  return 1 / (1 + Math.exp(-(intercept + slope * logit(raw))));
}

/** Corrections of the raw chances by logistic regression on what came true (Platt 1999), shrunk towards none. */
function fitChances(
  state: CalibrationState,
  history: Predictions,
  size: Float64Array,
  label: Float64Array,
  weight: Float64Array,
): { up: readonly [number, number]; down: readonly [number, number] } {
  const up = logisticRows(history, weight, (row) => ({
    raw: 1 - shareBelow(state.grid, (UP_MOVE - history.log_return[row]!) / size[row]!),
    hit: label[row]! >= UP_MOVE,
  }));
  const down = logisticRows(history, weight, (row) => ({
    raw: shareBelow(state.grid, (DOWN_MOVE - history.log_return[row]!) / size[row]!),
    hit: label[row]! <= DOWN_MOVE,
  }));
  return { up, down };
}

function logisticRows(
  history: Predictions,
  weight: Float64Array,
  rowOf: (row: number) => { raw: number; hit: boolean },
): [number, number] {
  const x: number[] = [];
  const y: number[] = [];
  const w: number[] = [];
  for (let row = 0; row < history.rows; row++) {
    if (weight[row] === 0) continue;
    const { raw, hit } = rowOf(row);
    x.push(logit(raw));
    y.push(hit ? 1 : 0);
    w.push(weight[row]!);
  }
  let intercept = 0;
  let slope = 1;
  const prior = 50;
  for (let pass = 0; pass < 8; pass++) {
    let g0 = -prior * intercept;
    let g1 = -prior * (slope - 1);
    let h00 = prior;
    let h01 = 0;
    let h11 = prior;
    for (let i = 0; i < x.length; i++) {
      const p = 1 / (1 + Math.exp(-(intercept + slope * x[i]!)));
      const v = w[i]! * p * (1 - p);
      g0 += w[i]! * (y[i]! - p);
      g1 += w[i]! * (y[i]! - p) * x[i]!;
      h00 += v;
      h01 += v * x[i]!;
      h11 += v * x[i]! * x[i]!;
    }
    const determinant = h00 * h11 - h01 * h01;
    intercept += Math.max(-1, Math.min(1, (h11 * g0 - h01 * g1) / determinant));
    slope += Math.max(-0.5, Math.min(0.5, (h00 * g1 - h01 * g0) / determinant));
    slope = Math.max(0.2, Math.min(2, slope));
  }
  return [intercept, slope];
}
