import { blockBootstrap, DEFAULT_BOOTSTRAP } from './bootstrap.ts';
import type { Figure } from './evaluate.ts';

/**
 * The mean over rows of a value, with its interval from a bootstrap over blocks of days. `days[row]` is the row's epoch
 * day; rows whose value is not finite are left out. Blocks are never shorter than `block_days` or 14 days.
 */
export function meanFigure(
  days: ArrayLike<number>,
  rows: readonly number[],
  value_of: (row: number) => number,
  block_days: number,
): Figure {
  const of_day = new Map<number, Float64Array>();
  const total = new Float64Array(2);
  for (const row of rows) {
    const value = value_of(row);
    if (!Number.isFinite(value)) continue;
    const day = days[row]!;
    const sums = of_day.get(day) ?? new Float64Array(2);
    of_day.set(day, sums);
    for (const to of [sums, total]) {
      to[0] = to[0]! + value;
      to[1] = to[1]! + 1;
    }
  }
  const n = total[1]!;
  if (n === 0) return { value: null, n: 0, lower: null, upper: null, base_rate: null };
  const sums = [...of_day.keys()].sort((a, b) => a - b).map((day) => of_day.get(day)!);
  const interval = blockBootstrap(sums, meanOf, {
    ...DEFAULT_BOOTSTRAP,
    block_days: Math.max(DEFAULT_BOOTSTRAP.block_days, block_days),
  });
  return {
    value: meanOf(total),
    n,
    lower: interval?.lower ?? null,
    upper: interval?.upper ?? null,
    base_rate: null,
  };
}

function meanOf(sums: Float64Array): number {
  return sums[1]! > 0 ? sums[0]! / sums[1]! : Number.NaN;
}
