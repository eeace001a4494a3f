import type { Predictions } from '../predictions.ts';
import { bandTier } from './tiers.ts';

/** Errors older than this are not learned from. */
const MEMORY_DAYS = 180;

/** Every third day is enough to learn from: neighbouring days share their future. */
export const ERROR_STRIDE_DAYS = 3;

/** Cheaper cards move in steps of cents, and teach nothing about dearer ones. They count when there are few others. */
const LEAST_PRICE = 2;

/** Fewer errors teach nothing. */
const LEAST_ERRORS = 200;

/** Beyond this many errors only every second, third, … of them is learned from, so that the cost stays bounded. */
const MOST_ERRORS = 80_000;

/**
 * Errors of earlier predictions by column, one entry an error, in the order of days. `row` is the row of the prediction,
 * `day` an epoch day, `error` the realised less the predicted log return `move`.
 */
export interface KnownErrors {
  readonly count: number;
  readonly row: Int32Array;
  readonly day: Int32Array;
  readonly tier: Uint8Array;
  readonly move: Float64Array;
  readonly error: Float64Array;
}

/**
 * The errors that can be learned from on `as_of_day`: `label` holds the realised log returns of the rows of `history`, NaN
 * where they are not known. Null when there are too few.
 */
export function knownErrors(history: Predictions, label: Float64Array, as_of_day: number): KnownErrors | null {
  const all: number[] = [];
  const dear: number[] = [];
  for (let row = 0; row < history.rows; row++) {
    const day = history.day[row]!;
    if (Number.isNaN(label[row]!) || history.speaker[row] === 0 || day % ERROR_STRIDE_DAYS !== 0) continue;
    if (as_of_day - day > MEMORY_DAYS) continue;
    all.push(row);
    if (history.market[row]! >= LEAST_PRICE) dear.push(row);
  }
  const usable = dear.length >= LEAST_ERRORS ? dear : all;
  if (usable.length < LEAST_ERRORS) return null;
  const one_in = Math.ceil(usable.length / MOST_ERRORS);
  const row = Int32Array.from(one_in === 1 ? usable : usable.filter((_, i) => i % one_in === 0));
  const move = Float64Array.from(row, (of) => history.log_return[of]!);
  return {
    count: row.length,
    row,
    day: row.map((of) => history.day[of]!),
    tier: Uint8Array.from(row, (of) => bandTier(history.market[of]!)),
    move,
    error: Float64Array.from(row, (of, i) => label[of]! - move[i]!),
  };
}

/** Weights that halve with every `half_life_days` that an error is old. */
export function recency({ day }: KnownErrors, as_of_day: number, half_life_days: number): Float64Array {
  return Float64Array.from(day, (of) => 0.5 ** ((as_of_day - of) / half_life_days));
}
