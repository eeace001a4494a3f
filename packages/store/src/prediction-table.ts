import type { CardFacts } from '@pokewatch/contracts';

/** What is known of one card of a model version; the card's rows stand at `from` (inclusive) to `to` (exclusive). */
export interface PredictedCard extends CardFacts {
  readonly from: number;
  readonly to: number;
}

/**
 * Every prediction of a model version, as columns. Rows are sorted by card (in the order of `cards`, which is sorted by
 * `card_id`) and within a card by day, strictly ascending. Prices are in the card's currency.
 */
export interface PredictionTable {
  readonly cards: readonly PredictedCard[];
  /** Days since 1970-01-01 (UTC). */
  readonly day: Int32Array;
  readonly market: Float64Array;
  readonly fair: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Chances that the market price at the horizon is at least 10 % above, or at least 10 % below, that of the day. */
  readonly p_up: Float32Array;
  readonly p_down: Float32Array;
  /** Lowest listing of the day, NaN when it is not known. */
  readonly low: Float64Array;
  /** Parts of log(fair/market) by group; they add up to it. */
  readonly market_part: Float32Array;
  readonly set_part: Float32Array;
  readonly listings_part: Float32Array;
  readonly own_part: Float32Array;
  /** Bits of `PANEL_FLAGS`. */
  readonly flags: Uint16Array;
  /** Index into `models`: which model spoke (the naive one where the other could not). */
  readonly model: Uint8Array;
  readonly models: readonly string[];
  /** Last day of data that the model had seen when it was fitted, as days since 1970-01-01. */
  readonly as_of: Int32Array;
}

/** The row of `day` among the rows `from` (inclusive) to `to` (exclusive), whose days ascend; undefined without one. By binary search. */
export function rowOfDay(days: Int32Array, from: number, to: number, day: number): number | undefined {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (days[middle]! < day) low = middle + 1;
    else high = middle;
  }
  return low < to && days[low] === day ? low : undefined;
}
