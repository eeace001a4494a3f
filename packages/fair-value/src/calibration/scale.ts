import { ridge } from '../linear.ts';
import type { TermTable } from '../term-store.ts';
import { termIndices } from '../terms/catalogue.ts';

/** Terms whose level says how large an error will be. */
const LEVELS = termIndices(['vol_30', 'vol_7', 'mid_vol_30', 'low_vol_30', 'price', 'still_share', 'spread']);
const PRICE = LEVELS.indexOf(termIndices(['price'])[0]!);
const [AGE] = termIndices(['age']) as [number];

/** Terms from which the size of an error is guessed. */
export const SCALE_TERMS: readonly number[] = [...LEVELS, AGE];

/** Each level and whether it is missing, the expected move's size and sign, the square of the price, youth, 1. */
const INPUTS = 2 * LEVELS.length + 5;
const PENALTY = 0.002;

/** A new card moves half as much again on its first day, and less so for some weeks, unless more is learned of it. */
const NEW_CARD = 0.4;
const NEW_CARD_DAYS = 10;

/** Errors below this size count as this size when their log is taken. */
const LEAST_ERROR = 0.01;

/** Errors beyond so many times the expected size count as that large. */
const MOST_TIMES = 8;

const FISHER_PASSES = 4;

/** A linear model of the log of the error's size; missing inputs have a coefficient of their own, the last one is for 1. */
export interface ScaleState {
  readonly mean: readonly number[];
  readonly spread: readonly number[];
  readonly beta: readonly number[];
}

/** The size of the error that a model without any errors to learn from expects, over 14 days. */
const DEFAULT_SCALE = 0.12;

/** A model that always answers with the usual size for the horizon. */
export function defaultScale(horizon_days: number): ScaleState {
  const beta = new Array<number>(INPUTS).fill(0);
  beta[INPUTS - 1] = Math.log(DEFAULT_SCALE * Math.sqrt(horizon_days / 14));
  return { mean: LEVELS.map(() => 0), spread: LEVELS.map(() => 1), beta };
}

/** Rows of a table with the predicted log return, the error and the weight of each. */
export interface ScaleRows {
  readonly row: Int32Array;
  readonly move: Float64Array;
  readonly error: Float64Array;
  readonly weight: Float64Array;
}

/**
 * Learns the expected absolute error of rows of `table`: the maximum likelihood of Laplace's distribution whose log scale
 * is linear in the inputs, by Fisher scoring from a fit of the logs. Its information matrix does not depend on the state.
 * `size` is the expected absolute error of each of the rows.
 */
export function fitScale(
  table: TermTable,
  { row, move, error, weight }: ScaleRows,
): { scale: ScaleState; size: Float64Array } {
  const { mean, spread } = moments(table, row, weight);
  const columns = Array.from({ length: INPUTS }, () => new Float64Array(row.length));
  const inputs = new Float64Array(INPUTS);
  for (let i = 0; i < row.length; i++) {
    fillInputs(inputs, table, row[i]!, move[i]!, mean, spread);
    for (let k = 0; k < INPUTS; k++) columns[k]![i] = inputs[k]!;
  }
  const beta = new Array<number>(INPUTS).fill(0);
  const size = new Float64Array(row.length);
  const add = (step: Float64Array) => {
    for (let k = 0; k < INPUTS; k++) beta[k] = beta[k]! + step[k]!;
    for (let i = 0; i < row.length; i++) {
      let log = NEW_CARD * columns[YOUTH]![i]!;
      for (let k = 0; k < INPUTS; k++) log += beta[k]! * columns[k]![i]!;
      size[i] = bounded(log);
    }
  };
  add(new Float64Array(INPUTS));
  const logs = error.map((value, i) => Math.log((Math.abs(value) + LEAST_ERROR) / size[i]!));
  add(ridge({ columns, target: logs, weight }, PENALTY));
  for (let pass = 0; pass < FISHER_PASSES; pass++) {
    const target = error.map((value, i) => Math.min(MOST_TIMES, Math.abs(value) / size[i]!) - 1);
    add(ridge({ columns, target, weight }, PENALTY));
  }
  return { scale: { mean, spread, beta }, size };
}

/** The expected size of the error (log return) of each row; `move` is the predicted log return. */
export function scaleOf(state: ScaleState, table: TermTable, move: Float64Array): Float64Array {
  const out = new Float64Array(table.rows);
  const inputs = new Float64Array(INPUTS);
  for (let row = 0; row < table.rows; row++) {
    fillInputs(inputs, table, row, move[row]!, state.mean, state.spread);
    let log = NEW_CARD * inputs[YOUTH]!;
    for (let k = 0; k < INPUTS; k++) log += state.beta[k]! * inputs[k]!;
    out[row] = bounded(log);
  }
  return out;
}

/** A size from its log: never so small or so large that a band would be absurd. */
function bounded(log: number): number {
  return Math.min(2, Math.max(0.005, Math.exp(log)));
}

/** Mean and spread of each level over rows where it is known. */
function moments(table: TermTable, row: Int32Array, weight: Float64Array): { mean: number[]; spread: number[] } {
  const mean: number[] = [];
  const spread: number[] = [];
  for (const term of LEVELS) {
    const column = table.columns[term]!;
    let total = 0;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < row.length; i++) {
      const value = column[row[i]!]!;
      if (Number.isNaN(value)) continue;
      total += weight[i]!;
      sum += weight[i]! * value;
      squares += weight[i]! * value * value;
    }
    const centre = total > 0 ? sum / total : 0;
    const variance = total > 0 ? squares / total - centre * centre : 0;
    mean.push(centre);
    spread.push(variance > 1e-9 ? Math.sqrt(variance) : 1);
  }
  return { mean, spread };
}

const YOUTH = INPUTS - 2;

function fillInputs(
  inputs: Float64Array,
  table: TermTable,
  row: number,
  move: number,
  mean: readonly number[],
  spread: readonly number[],
): void {
  for (let i = 0; i < LEVELS.length; i++) {
    const value = table.columns[LEVELS[i]!]![row]!;
    const known = !Number.isNaN(value);
    inputs[2 * i] = known ? Math.max(-3, Math.min(3, (value - mean[i]!) / spread[i]!)) : 0;
    inputs[2 * i + 1] = known ? 0 : 1;
  }
  const price = inputs[2 * PRICE]!;
  const age = table.columns[AGE]![row]!;
  inputs[INPUTS - 5] = 5 * Math.min(0.4, Math.abs(move));
  inputs[INPUTS - 4] = 5 * Math.max(-0.4, Math.min(0.4, move));
  inputs[INPUTS - 3] = price * price - 1;
  inputs[YOUTH] = Number.isNaN(age) ? 0 : Math.exp(-age / NEW_CARD_DAYS);
  inputs[INPUTS - 1] = 1;
}
