import { type Labels, returnsOfCard } from './labels.ts';
import { hasMarket } from './panel.ts';
import type { TermStore, TermTable } from './term-store.ts';

/** Every third day of a card is enough to learn from: neighbouring days share their future. */
const FIT_STRIDE_DAYS = 3;

/** Beyond this many cards only a fixed share of them is learned from, so that the cost of a fit stays bounded. */
const FULL_CARDS = 2000;

/** True for cards that are learned from; which ones depends on nothing but their places in the panel. */
function teaches(store: TermStore): (card: number) => boolean {
  const one_in = Math.max(1, Math.ceil(store.panel.cards.length / FULL_CARDS));
  return (card) => one_in === 1 || scramble(card) % one_in === 0;
}

/** Cards and day indices to learn from, in the order of days, then cards; which ones does not depend on later days. */
export function fitRows(store: TermStore): { card: Int32Array; day: Int32Array } {
  const { panel } = store;
  const taught_by = teaches(store);
  const cards: number[] = [];
  const days: number[] = [];
  for (let t = 0; t < panel.days; t++) {
    if ((panel.first_day + t) % FIT_STRIDE_DAYS !== 0) continue;
    for (let card = 0; card < panel.cards.length; card++) {
      if (!taught_by(card)) continue;
      if (panel.suspect[card * panel.days + t] !== 0) continue;
      if (!hasMarket(panel, card, panel.first_day + t)) continue;
      cards.push(card);
      days.push(t);
    }
  }
  return { card: Int32Array.from(cards), day: Int32Array.from(days) };
}

/**
 * Cards and day indices with a market price from `from_day` to `to_day` (epoch days), in the order of days, then cards;
 * of all cards, or of those only that are learned from.
 */
export function dayRows(
  store: TermStore,
  from_day: number,
  to_day: number,
  which: 'all' | 'teaching' = 'all',
): { card: Int32Array; day: Int32Array } {
  const { panel } = store;
  const wanted = which === 'all' ? () => true : teaches(store);
  const cards: number[] = [];
  const days: number[] = [];
  for (let day = Math.max(from_day, panel.first_day); day <= to_day && day < panel.first_day + panel.days; day++) {
    for (let card = 0; card < panel.cards.length; card++) {
      if (!wanted(card) || !hasMarket(panel, card, day)) continue;
      cards.push(card);
      days.push(day - panel.first_day);
    }
  }
  return { card: Int32Array.from(cards), day: Int32Array.from(days) };
}

/** A fixed scramble of an integer (the finaliser of MurmurHash3). */
function scramble(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const labels_of = new WeakMap<TermStore, Map<number, (Labels | undefined)[]>>();

/** Room for the labels of each card for a horizon: of a large catalogue only few cards are learned from. */
function labelsFor(store: TermStore, horizon_days: number): (Labels | undefined)[] {
  const by_horizon = labels_of.get(store) ?? new Map<number, (Labels | undefined)[]>();
  labels_of.set(store, by_horizon);
  const by_card = by_horizon.get(horizon_days) ?? store.panel.cards.map(() => undefined);
  by_horizon.set(horizon_days, by_card);
  return by_card;
}

/** The label of each row of a table as it was known on `as_of_day`, NaN where it was not. */
export function knownLabels(store: TermStore, table: TermTable, horizon_days: number, as_of_day: number): Float64Array {
  const labels = labelsFor(store, horizon_days);
  const out = new Float64Array(table.rows);
  for (let row = 0; row < table.rows; row++) {
    const card = table.card[row]!;
    labels[card] ??= returnsOfCard(store.panel, card, horizon_days);
    const { known_day, log_return } = labels[card];
    const day = table.day[row]!;
    out[row] = known_day[day]! <= as_of_day ? log_return[day]! : Number.NaN;
  }
  return out;
}
