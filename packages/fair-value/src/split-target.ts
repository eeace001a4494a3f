import type { CardGroups } from './groups.ts';
import { medianInPlace } from './median.ts';
import type { TermStore, TermTable } from './term-store.ts';
import { DEAR_PRICE, LEAST_DEAR_CARDS } from './terms/dear-cards.ts';

/** Targets beyond this size count as this size. */
export const TARGET_CLIP = 0.5;

/** A set's median counts as much as this many further cards at the market's figure. */
const SET_PRIOR_CARDS = 3;

/**
 * What happened to a market or a set after one day: its `move`, the number of `cards` it is the median of, and the
 * first `row` of the table that belongs to it, from which its terms can be read.
 */
export interface GroupMove {
  readonly row: number;
  readonly move: number;
  readonly cards: number;
}

/** The returns of cards split in three: `own[row]` is what neither market nor set explains; NaN where there is no label. */
export interface SplitTarget {
  readonly own: Float64Array;
  readonly markets: readonly GroupMove[];
  readonly sets: readonly GroupMove[];
}

/**
 * Splits each return into the market's move (median of all cards of the currency that day), the set's (its median less
 * the market's, leaning on the market when the set is small) and the card's own rest. Rows are in the order of days.
 * Where a market has enough dear cards on a day, only they make its medians.
 */
export function splitTarget({ panel, groups }: TermStore, table: TermTable, label: Float64Array): SplitTarget {
  const dear = (row: number) => panel.market[table.card[row]! * panel.days + table.day[row]!]! >= DEAR_PRICE;
  const own = new Float64Array(table.rows).fill(Number.NaN);
  const markets: GroupMove[] = [];
  const sets: GroupMove[] = [];
  for (let start = 0; start < table.rows; ) {
    const day = table.day[start]!;
    let end = start;
    while (end < table.rows && table.day[end] === day) end++;
    const counts = speakers(table, label, start, end, groups, dear);
    const of_market = medians(table, label, start, end, groups.market.of, groups.market.count, counts);
    const of_set = medians(table, label, start, end, groups.set.of, groups.set.count, counts);
    for (const { median, cards, row } of of_market) if (cards > 0) markets.push({ row, move: median, cards });
    const set_move = of_set.map(({ median, cards, row }, set) => {
      const market = groups.market_of_set[set]!;
      if (cards === 0) return 0;
      const move = ((median - of_market[market]!.median) * cards) / (cards + SET_PRIOR_CARDS);
      sets.push({ row, move, cards });
      return move;
    });
    for (let row = start; row < end; row++) {
      const card = table.card[row]!;
      const market = of_market[groups.market.of[card]!]!;
      if (market.cards === 0) continue;
      const rest = label[row]! - market.median - set_move[groups.set.of[card]!]!;
      own[row] = Math.max(-TARGET_CLIP, Math.min(TARGET_CLIP, rest));
    }
    start = end;
  }
  return { own, markets, sets };
}

/** Which rows of a day make its medians. */
function speakers(
  table: TermTable,
  label: Float64Array,
  start: number,
  end: number,
  groups: CardGroups,
  dear: (row: number) => boolean,
): (row: number) => boolean {
  const count = new Int32Array(groups.market.count);
  for (let row = start; row < end; row++) {
    const market = groups.market.of[table.card[row]!]!;
    if (!Number.isNaN(label[row]!) && dear(row)) count[market] = count[market]! + 1;
  }
  return (row) => count[groups.market.of[table.card[row]!]!]! < LEAST_DEAR_CARDS || dear(row);
}

function medians(
  table: TermTable,
  label: Float64Array,
  start: number,
  end: number,
  group_of: Int32Array,
  count: number,
  counts: (row: number) => boolean,
): { median: number; cards: number; row: number }[] {
  const values: number[][] = Array.from({ length: count }, () => []);
  const first = new Int32Array(count).fill(-1);
  for (let row = start; row < end; row++) {
    const group = group_of[table.card[row]!]!;
    if (first[group]! < 0) first[group] = row;
    if (!Number.isNaN(label[row]!) && counts(row)) values[group]!.push(label[row]!);
  }
  return values.map((of_group, group) => ({
    median: medianInPlace(Float64Array.from(of_group), of_group.length),
    cards: of_group.length,
    row: first[group]!,
  }));
}
