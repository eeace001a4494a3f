import { ridge } from '../linear.ts';
import type { TermTable } from '../term-store.ts';
import { termIndices } from '../terms/catalogue.ts';

/** Terms from which the size of an error is guessed. */
export const SCALE_TERMS: readonly number[] = termIndices([
  'vol_30',
  'vol_7',
  'mid_vol_30',
  'low_vol_30',
  'price',
  'still_share',
  'age',
  'spread',
]);

const INPUTS = 2 * SCALE_TERMS.length + 3;
const PENALTY = 0.002;

/** Errors below this size count as this size when their log is taken. */
const LEAST_ERROR = 0.01;

/** A linear model of the log of the error's size; missing inputs have a coefficient of their own. */
export interface ScaleState {
  readonly mean: readonly number[];
  readonly spread: readonly number[];
  readonly beta: readonly number[];
  readonly centre: number;
}

/** The size of the error that a model without any errors to learn from expects, over 14 days. */
const DEFAULT_SCALE = 0.15;

/** A model that always answers with the usual size for the horizon. */
export function defaultScale(horizon_days: number): ScaleState {
  return {
    mean: SCALE_TERMS.map(() => 0),
    spread: SCALE_TERMS.map(() => 1),
    beta: Array.from({ length: INPUTS }, () => 0),
    centre: Math.log(DEFAULT_SCALE * Math.sqrt(horizon_days / 14)),
  };
}

/** Learns the size of errors from rows of `table` with `weight` above 0. */
export function fitScale(table: TermTable, move: Float64Array, error: Float64Array, weight: Float64Array): ScaleState {
  const mean: number[] = [];
  const spread: number[] = [];
  for (const term of SCALE_TERMS) {
    const column = table.columns[term]!;
    let total = 0;
    let sum = 0;
    let squares = 0;
    for (let row = 0; row < table.rows; row++) {
      const value = column[row]!;
      if (Number.isNaN(value) || weight[row] === 0) continue;
      total += weight[row]!;
      sum += weight[row]! * value;
      squares += weight[row]! * value * value;
    }
    const centre = total > 0 ? sum / total : 0;
    const variance = total > 0 ? squares / total - centre * centre : 0;
    mean.push(centre);
    spread.push(variance > 1e-9 ? Math.sqrt(variance) : 1);
  }
  const target = error.map((value) => Math.log(Math.abs(value) + LEAST_ERROR));
  let total = 0;
  let centre = 0;
  for (let row = 0; row < table.rows; row++) {
    if (weight[row] === 0) continue;
    total += weight[row]!;
    centre += weight[row]! * target[row]!;
  }
  centre = total > 0 ? centre / total : 0;
  const columns = Array.from({ length: INPUTS }, () => new Float64Array(table.rows));
  const inputs = new Float64Array(INPUTS);
  for (let row = 0; row < table.rows; row++) {
    if (weight[row] === 0) continue;
    fillInputs(inputs, table, row, move[row]!, mean, spread);
    for (let i = 0; i < INPUTS; i++) columns[i]![row] = inputs[i]!;
    target[row] = target[row]! - centre;
  }
  const beta = Array.from(ridge({ columns, target, weight }, PENALTY));
  return { mean, spread, beta, centre };
}

/** The expected size of the error (log return) of each row; `move` is the predicted log return. */
export function scaleOf(state: ScaleState, table: TermTable, move: Float64Array): Float64Array {
  const out = new Float64Array(table.rows);
  const inputs = new Float64Array(INPUTS);
  for (let row = 0; row < table.rows; row++) {
    fillInputs(inputs, table, row, move[row]!, state.mean, state.spread);
    let sum = state.centre;
    for (let i = 0; i < INPUTS; i++) sum += state.beta[i]! * inputs[i]!;
    out[row] = Math.min(2, Math.max(0.005, Math.exp(sum)));
  }
  return out;
}

function fillInputs(
  inputs: Float64Array,
  table: TermTable,
  row: number,
  move: number,
  mean: readonly number[],
  spread: readonly number[],
): void {
  for (let i = 0; i < SCALE_TERMS.length; i++) {
    const value = table.columns[SCALE_TERMS[i]!]![row]!;
    const known = !Number.isNaN(value);
    inputs[2 * i] = known ? Math.max(-3, Math.min(3, (value - mean[i]!) / spread[i]!)) : 0;
    inputs[2 * i + 1] = known ? 0 : 1;
  }
  const size = Math.min(0.4, Math.abs(move));
  inputs[INPUTS - 3] = 5 * size;
  inputs[INPUTS - 2] = 5 * Math.max(-0.4, Math.min(0.4, move));
  const price = inputs[2 * PRICE]!;
  inputs[INPUTS - 1] = price * price - 1;
}

const PRICE = SCALE_TERMS.indexOf(termIndices(['price'])[0]!);
