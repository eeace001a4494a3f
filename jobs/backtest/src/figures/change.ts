import { type Change, DOWN_MOVE, UP_MOVE } from '@pokewatch/contracts';
import { meanFigure } from '@pokewatch/evaluation';

/** Realised log returns by row over some days, NaN where they are not known, and the epoch day of each row. */
export interface Returns {
  readonly realised: ArrayLike<number>;
  readonly day: ArrayLike<number>;
  /** Days that outcomes of neighbouring rows overlap: blocks of the bootstrap are not shorter. */
  readonly block_days: number;
}

/** What became of the given rows; rows without an outcome are left out. */
export function changeOf(returns: Returns, rows: readonly number[]): Change {
  const known = rows.filter((row) => Number.isFinite(returns.realised[row]!));
  return {
    n: known.length,
    change: meanFigure(returns.day, known, (row) => Math.expm1(returns.realised[row]!), returns.block_days),
    rose: shareOf(known, (row) => returns.realised[row]! > 0),
    gained: shareOf(known, (row) => returns.realised[row]! >= UP_MOVE),
    lost: shareOf(known, (row) => returns.realised[row]! <= DOWN_MOVE),
  };
}

/** The fraction of rows for which something holds; null of no rows. */
export function shareOf(rows: readonly number[], holds: (row: number) => boolean): number | null {
  if (rows.length === 0) return null;
  let count = 0;
  for (const row of rows) if (holds(row)) count++;
  return count / rows.length;
}
