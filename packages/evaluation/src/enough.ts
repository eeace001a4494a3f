import { CALL_SHARE } from './definitions.ts';

/** Neighbouring days of a card share their future, so cards count, not only rows. */
const LEAST_CARDS = 10;
const LEAST_ROWS = 200;

/** Calls and moves from which on a ratio of two rates is more than chance. */
const LEAST_CALLS = 20;
const LEAST_MOVES = 20;

/** Whether so many scored card-days of so many cards are enough to say anything of a group. */
export function enoughToSay({ cards, rows }: { readonly cards: number; readonly rows: number }): boolean {
  return cards >= LEAST_CARDS && rows >= LEAST_ROWS;
}

/**
 * Whether BUY or SELL over base can be told: at least 20 card-days are called (5 % of `rows`), and at least 20 moved so
 * (`base_rate` of them).
 */
export function enoughCalls(rows: number, base_rate: number | null): boolean {
  return CALL_SHARE * rows >= LEAST_CALLS && (base_rate ?? 0) * rows >= LEAST_MOVES;
}
