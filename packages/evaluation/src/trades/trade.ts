import { medianSorted } from 'simple-statistics';
import type { Figure } from '../evaluate.ts';
import { meanFigure } from '../mean-figure.ts';

/**
 * A card that can be bought on an epoch day at `price`, and why before others: the higher `strength`, the sooner. What
 * it says must be known on that day.
 */
export interface Offer {
  readonly card: number;
  readonly day: number;
  readonly price: number;
  readonly strength: number;
}

/** An offer that was taken and sold again at `sale_price` on `sale_day`. `net` is what the fees left over the price paid, less 1. */
export interface Trade extends Offer {
  readonly sale_day: number;
  readonly sale_price: number;
  readonly net: number;
}

/** Trades in short: how many, which fraction left a gain, and their mean and median net of fees. */
export interface TradeSummary {
  readonly n: number;
  readonly won: number | null;
  readonly mean: Figure;
  readonly median: number | null;
}

/** A trade from an offer and its sale; `net_of` is what a sale at a price leaves after fees. */
export function tradeOf(
  offer: Offer,
  sale: { readonly day: number; readonly price: number },
  net_of: (price: number) => number,
): Trade {
  return { ...offer, sale_day: sale.day, sale_price: sale.price, net: net_of(sale.price) / offer.price - 1 };
}

/** What trades left; the interval of the mean is by blocks of days of at least `block_days`. */
export function summariseTrades(trades: readonly Trade[], block_days: number): TradeSummary {
  const days = trades.map((trade) => trade.day);
  const net = trades.map((trade) => trade.net).sort((a, b) => a - b);
  const rows = trades.map((_, i) => i);
  return {
    n: trades.length,
    won: net.length === 0 ? null : net.filter((gain) => gain > 0).length / net.length,
    mean: meanFigure(days, rows, (i) => trades[i]!.net, block_days),
    median: net.length === 0 ? null : medianSorted(net),
  };
}
