import { epochDay } from '@pokewatch/core';
import { readWatchlist } from '@pokewatch/watchlist';
import type { Context } from '../context.ts';
import type { NamedFairPrice } from './answers.ts';

/**
 * The answers for cards of the watch-list; all of them when none is on it, as in imported prices.
 * @throws bad_cards_file
 */
export function ofInterest(context: Context, answers: readonly NamedFairPrice[]): NamedFairPrice[] {
  const watched = new Set(readWatchlist(context.settings().POKEWATCH_CARDS).cards.map((card) => card.id));
  const found = answers.filter((answer) => watched.has(answer.card_id));
  return found.length > 0 ? found : [...answers];
}

/** A price older than this by the newest one says nothing of today. */
const FRESH_DAYS = 7;

/**
 * The `most` cards whose market price is farthest from the fair price, in either direction; cards whose latest price
 * is more than a week older than the newest are left out.
 */
export function strongest<T extends { deviation_pct: number; card_id: string; date: string }>(
  answers: readonly T[],
  most: number,
): T[] {
  const newest = Math.max(...answers.map((answer) => epochDay(answer.date)));
  const strength = (answer: T) => Math.abs(answer.deviation_pct);
  return answers
    .filter((answer) => newest - epochDay(answer.date) <= FRESH_DAYS)
    .sort((a, b) => strength(b) - strength(a) || (a.card_id < b.card_id ? -1 : 1))
    .slice(0, most);
}

/** Sorted from the most underpriced card to the most overpriced one. */
export function byDeviation<T extends { deviation_pct: number; card_id: string }>(answers: readonly T[]): T[] {
  return [...answers].sort((a, b) => a.deviation_pct - b.deviation_pct || (a.card_id < b.card_id ? -1 : 1));
}
