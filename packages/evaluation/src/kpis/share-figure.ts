import type { KpiFigure } from '@pokewatch/contracts';
import { blockBootstrap, DEFAULT_BOOTSTRAP } from '../bootstrap.ts';
import { wilsonInterval } from '../wilson.ts';
import type { PublishedCalls } from './published-calls.ts';

/** The z of a two-sided 90 % interval. */
const Z_90 = 1.6448536269514722;

/** A share of some calls: `of` are those that count, `hit` those among them that are right. */
export interface Share {
  readonly calls: Pick<PublishedCalls, 'card' | 'day'>;
  /** Rows of the days that are drawn from; those that do not count are days without a call. */
  readonly rows: readonly number[];
  readonly of: (row: number) => boolean;
  readonly hit: (row: number) => boolean;
  /** Days over which calls share their outcome. */
  readonly block_days: number;
  readonly base_rate: number | null;
}

/**
 * A share with its 90 % interval. From twice as many days on as outcomes overlap, by a bootstrap over blocks of neighbouring
 * days; before that Wilson's, on as many calls as are independent: those of one card within one block share their outcome and
 * count as one.
 */
export function shareFigure({ calls, rows, of, hit, block_days, base_rate }: Share): KpiFigure {
  const by_day = new Map<number, Float64Array>();
  const independent = new Set<string>();
  let [hits, n] = [0, 0];
  for (const row of rows) {
    const day = calls.day[row]!;
    const sums = by_day.get(day) ?? new Float64Array(2);
    by_day.set(day, sums);
    if (!of(row)) continue;
    const right = hit(row) ? 1 : 0;
    sums[0] = sums[0]! + right;
    sums[1] = sums[1]! + 1;
    hits += right;
    n += 1;
    independent.add(`${calls.card[row]}/${Math.floor(day / block_days)}`);
  }
  if (n === 0) return { value: null, n, lower: null, upper: null, interval: null, base_rate };
  const days = [...by_day.keys()].sort((a, b) => a - b).map((day) => by_day.get(day)!);
  const drawn = blockBootstrap(days, (sums) => sums[0]! / sums[1]!, {
    ...DEFAULT_BOOTSTRAP,
    block_days: Math.max(DEFAULT_BOOTSTRAP.block_days, block_days),
  });
  const value = hits / n;
  const { lower, upper } = drawn ?? wilsonInterval(value * independent.size, independent.size, Z_90);
  return { value, n, lower, upper, interval: drawn === null ? 'wilson' : 'bootstrap', base_rate };
}

/** The share of rows for which something holds; null without rows. */
export function plainShare(rows: readonly number[], hit: (row: number) => boolean): number | null {
  return rows.length === 0 ? null : rows.filter(hit).length / rows.length;
}
