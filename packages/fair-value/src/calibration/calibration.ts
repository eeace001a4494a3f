import { DOWN_MOVE, UP_MOVE } from '@pokewatch/contracts';
import type { Predictions } from '../predictions.ts';
import type { TermTable } from '../term-store.ts';
import { chanceBelow, defaultGrid, type ErrorGrid, gridOf, quantiles } from './error-distribution.ts';
import { knownErrors, recency } from './known-errors.ts';
import { defaultScale, fitScale, type ScaleState, scaleOf } from './scale.ts';
import { fitShocks, type ShockState, shockOf, usualShocks } from './shocks.ts';
import { bandTier } from './tiers.ts';

/** Share of outcomes that the band is meant to hold. */
export const BAND_COVERAGE = 0.8;

/**
 * The share that the error distribution must put into the band for that: over three windows of real prices, in rising and
 * falling markets, bands of a nominal 0.80 held 0.792, 0.794 and 0.835 (docs/fair-value-tried.md).
 */
export const NOMINAL_COVERAGE = 0.79;

/** The weight of a card's own error halves every so many days. */
const HALF_LIFE_DAYS = 20;

/** A card that nobody could speak for gets a band half as wide again. */
const NOBODY_SPOKE = 1.5;

/** A card's own error is at least this share of what it shares: no two cards do quite the same. */
const LEAST_OWN_SHARE = 0.25;

/** No chance is said to be smaller than this, or larger than what is left of 1. */
const LEAST_CHANCE = 0.002;

/**
 * The distribution of errors: what cards share on a day (`shocks`), the size of a card's own error (`scale`), and how own
 * errors divided by their size are distributed (`grid`). Band and chances both follow from it.
 */
export interface CalibrationState {
  readonly scale: ScaleState;
  readonly shocks: ShockState;
  readonly grid: ErrorGrid;
}

/** Before any error is known: wide bands of the shape that errors of other markets had. */
export function defaultCalibration(horizon_days: number): CalibrationState {
  return { scale: defaultScale(horizon_days), shocks: usualShocks(horizon_days), grid: defaultGrid() };
}

/**
 * Learns from earlier predictions, in the order of days, whose outcome is known on `as_of_day`: `label` holds their realised
 * log returns, NaN where unknown, and `table` their terms, row by row.
 */
export function fitCalibration(
  history: Predictions,
  table: TermTable,
  label: Float64Array,
  as_of_day: number,
): CalibrationState {
  const errors = knownErrors(history, label, as_of_day);
  if (errors === null) return defaultCalibration(history.horizon_days);
  const { shocks, shared } = fitShocks(errors, as_of_day, history.horizon_days);
  const weight = recency(errors, as_of_day, HALF_LIFE_DAYS);
  const own = errors.error.map((value, i) => value - shared[i]!);
  const { scale, size } = fitScale(table, { row: errors.row, move: errors.move, error: own, weight });
  const ratio = own.map((value, i) => value / size[i]!);
  return { scale, shocks, grid: gridOf(ratio, weight) };
}

/** Writes band, chances and scale of each row, from its market price and predicted log return. */
export function applyCalibration(state: CalibrationState, predictions: Predictions, table: TermTable): void {
  const size = scaleOf(state.scale, table, predictions.log_return);
  const tail = (1 - NOMINAL_COVERAGE) / 2;
  const lowest = quantiles(state.grid, tail);
  const highest = quantiles(state.grid, 1 - tail);
  for (let row = 0; row < predictions.rows; row++) {
    const move = predictions.log_return[row]!;
    const market = predictions.market[row]!;
    const shock = shockOf(state.shocks, bandTier(market), move);
    const spoken = size[row]! * (predictions.speaker[row] === 0 ? NOBODY_SPOKE : 1);
    const own = Math.max(spoken, LEAST_OWN_SHARE * shock);
    predictions.scale[row] = Math.hypot(own, shock);
    predictions.lower[row] = market * Math.exp(move + Math.min(0, lowest(own, shock)));
    predictions.upper[row] = market * Math.exp(move + Math.max(0, highest(own, shock)));
    predictions.p_up[row] = bounded(1 - chanceBelow(state.grid, UP_MOVE - move, own, shock));
    predictions.p_down[row] = bounded(chanceBelow(state.grid, DOWN_MOVE - move, own, shock));
  }
}

function bounded(chance: number): number {
  return Math.max(LEAST_CHANCE, Math.min(1 - LEAST_CHANCE, chance));
}
