import type { CallStates, Signal } from '@pokewatch/contracts';

/** What is known of a call after some days. */
export type CallState = keyof CallStates;

/** What became of each call some days later: `realised` is the log return, a number where the state is `judged`. */
export interface CallOutcomes {
  readonly days: number;
  readonly state: readonly CallState[];
  readonly realised: ArrayLike<number>;
}

/**
 * Published calls as columns, one entry a call, at most one of a card and day, sorted by card, then by day. `card` is a number of
 * the card, `day` the epoch day of the price that the call is about; prices are in the card's currency.
 */
export interface PublishedCalls {
  readonly rows: number;
  readonly card: ArrayLike<number>;
  readonly day: ArrayLike<number>;
  readonly market: ArrayLike<number>;
  readonly fair: ArrayLike<number>;
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
  readonly signal: readonly Signal[];
}

/** How many of the given calls are in which state. */
export function countStates({ state }: CallOutcomes, rows: readonly number[]): CallStates {
  const counts = { judged: 0, open: 0, no_price: 0 };
  for (const row of rows) counts[state[row]!] += 1;
  return counts;
}
