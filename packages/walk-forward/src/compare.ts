import { blockBootstrap, DEFAULT_BOOTSTRAP, LEAST_CARDS_A_DAY, ranks, spearman } from '@pokewatch/evaluation';

/** Forecasts of the same card-days: `day` is an epoch day, `realised` and `predicted` are log returns; all of them known. */
export interface ScoredRows {
  readonly day: readonly number[];
  readonly realised: readonly number[];
  readonly predicted: readonly number[];
}

/** The figures by which forecasts are compared; null where one cannot be told. */
export interface ComparedFigures {
  readonly ic: number | null;
  readonly ic_within_day: number | null;
  readonly mae_over_naive: number | null;
  /** IC plus IC within a day less MAE over naive: ranking and size of error in one number; what cannot be told counts 0. */
  readonly objective: number;
}

/** The figure of one forecast less that of the other, with its block-bootstrap interval. */
export interface Difference {
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** How much one forecast differs from another on the same `n` card-days of `days` days. */
export interface Comparison {
  readonly n: number;
  readonly days: number;
  readonly objective: Difference;
  readonly ic: Difference;
  readonly ic_within_day: Difference;
  readonly mae_over_naive: Difference;
}

/** Sums of one day from which all figures follow; two forecasts stand one after the other. */
const [ROWS, X, Y, XY, XX, YY, WITHIN, WITHIN_DAYS, ERROR, NAIVE] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
const WIDTH = 10;

/** The figures of one forecast. */
export function comparedFigures(rows: ScoredRows): ComparedFigures {
  const total = totalOf([...sumsByDay(rows).values()], WIDTH);
  return {
    ic: finiteOrNull(icOf(total, 0)),
    ic_within_day: finiteOrNull(withinOf(total, 0)),
    mae_over_naive: finiteOrNull(errorOf(total, 0)),
    objective: objectiveOf(total, 0),
  };
}

/**
 * The figures of `one` less those of `other`, on the same rows in the same order, with intervals from a bootstrap that
 * draws the same blocks of days for both: what both get wrong on a day does not blur their difference. `block_days` is
 * at least the horizon. Without two blocks of days there is no interval.
 */
export function compareForecasts(
  one: ScoredRows,
  predicted_by_other: readonly number[],
  block_days: number,
): Comparison {
  const first = sumsByDay(one);
  const second = sumsByDay({ ...one, predicted: predicted_by_other });
  const days = [...first.keys()].sort((a, b) => a - b);
  const sums = days.map((day) => Float64Array.from([...first.get(day)!, ...second.get(day)!]));
  const total = totalOf(sums, 2 * WIDTH);
  const options = { ...DEFAULT_BOOTSTRAP, block_days: Math.max(DEFAULT_BOOTSTRAP.block_days, block_days) };
  const difference = (figure: (sums: Float64Array, at: number) => number): Difference => {
    const value = (of: Float64Array) => figure(of, 0) - figure(of, WIDTH);
    const interval = blockBootstrap(sums, value, options);
    return { value: finiteOrNull(value(total)), lower: interval?.lower ?? null, upper: interval?.upper ?? null };
  };
  return {
    n: one.day.length,
    days: days.length,
    objective: difference(objectiveOf),
    ic: difference(icOf),
    ic_within_day: difference(withinOf),
    mae_over_naive: difference(errorOf),
  };
}

function sumsByDay({ day, realised, predicted }: ScoredRows): Map<number, Float64Array> {
  const centre = (day.length - 1) / 2;
  const x = ranks(predicted);
  const y = ranks(realised);
  const rows_of = new Map<number, number[]>();
  day.forEach((of_day, row) => {
    const rows = rows_of.get(of_day);
    if (rows) rows.push(row);
    else rows_of.set(of_day, [row]);
  });
  const sums = new Map<number, Float64Array>();
  for (const [of_day, rows] of rows_of) {
    const s = new Float64Array(WIDTH);
    for (const row of rows) {
      const a = x[row]! - centre;
      const b = y[row]! - centre;
      s[ROWS]! += 1;
      s[X]! += a;
      s[Y]! += b;
      s[XY]! += a * b;
      s[XX]! += a * a;
      s[YY]! += b * b;
      s[ERROR]! += Math.abs(realised[row]! - predicted[row]!);
      s[NAIVE]! += Math.abs(realised[row]!);
    }
    if (rows.length >= LEAST_CARDS_A_DAY) {
      s[WITHIN] = spearman(
        rows.map((row) => predicted[row]!),
        rows.map((row) => realised[row]!),
      );
      s[WITHIN_DAYS] = 1;
    }
    sums.set(of_day, s);
  }
  return sums;
}

/** Rank correlation from sums over ranks of the whole window, which are kept in resamples. */
function icOf(s: Float64Array, at: number): number {
  const n = s[at + ROWS]!;
  if (n < 2) return Number.NaN;
  const xx = s[at + XX]! - s[at + X]! ** 2 / n;
  const yy = s[at + YY]! - s[at + Y]! ** 2 / n;
  return xx > 0 && yy > 0 ? (s[at + XY]! - (s[at + X]! * s[at + Y]!) / n) / Math.sqrt(xx * yy) : 0;
}

function withinOf(s: Float64Array, at: number): number {
  return s[at + WITHIN_DAYS]! > 0 ? s[at + WITHIN]! / s[at + WITHIN_DAYS]! : Number.NaN;
}

function errorOf(s: Float64Array, at: number): number {
  return s[at + NAIVE]! > 0 ? s[at + ERROR]! / s[at + NAIVE]! : Number.NaN;
}

function objectiveOf(s: Float64Array, at: number): number {
  const known = (value: number) => (Number.isFinite(value) ? value : 0);
  return known(icOf(s, at)) + known(withinOf(s, at)) - known(errorOf(s, at));
}

function totalOf(sums: readonly Float64Array[], width: number): Float64Array {
  const total = new Float64Array(width);
  for (const day of sums) for (let k = 0; k < width; k++) total[k]! += day[k]!;
  return total;
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
