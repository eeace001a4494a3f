import { drawDown } from './portfolio.ts';

/** Equal stakes in many cards, bought once and kept: `index` is their market value by day as a multiple of the start. */
export interface HeldIndex {
  readonly cards: number;
  readonly index: readonly number[];
  readonly draw_down: number;
  /** Worth on the last day if all were sold, net of fees. */
  readonly netEnd: (net_of: (price: number) => number) => number;
}

/**
 * Buys equal stakes of the given cards on `from_day` and holds them to `to_day`, never rebalanced: a rebalanced mean of
 * noisy prices gains by buying what is quoted too low. `price_of` gives a card's market price as known on a day.
 */
export function holdAll(
  cards: readonly number[],
  from_day: number,
  to_day: number,
  price_of: (card: number, day: number) => number,
): HeldIndex {
  const start = cards.map((card) => price_of(card, from_day));
  const mean = (value: (card: number, i: number) => number) =>
    cards.length === 0 ? 1 : cards.reduce((sum, card, i) => sum + value(card, i), 0) / cards.length;
  const index = Array.from({ length: to_day - from_day + 1 }, (_, i) =>
    mean((card, at) => price_of(card, from_day + i) / start[at]!),
  );
  return {
    cards: cards.length,
    index,
    draw_down: drawDown(index),
    netEnd: (net_of) => mean((card, at) => net_of(price_of(card, to_day)) / start[at]!),
  };
}
