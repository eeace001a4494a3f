import type { Paused } from '@pokewatch/contracts';
import type { Fees } from './fees.ts';
import { priceText } from './figures.ts';
import type { OutlookInput } from './outlook.ts';

/** What verdicts are made from: published figures only. Prices in one currency. */
export interface VerdictInput extends OutlookInput {
  /** The lowest listing; null when it is not known. */
  readonly low_price: number | null;
  readonly horizon_days: number;
  readonly fees: Fees;
  /** Reason codes about the data of the day. */
  readonly flags: readonly string[];
  /** Why there is to be no advice. */
  readonly paused?: Paused | undefined;
}

/**
 * What a buyer has to pay now: the market price, or the lowest listing where that stands above it. A listing below the
 * market price is not counted on: it is often of another condition, or leaves out shipping.
 */
export function priceToPay({ market_price, low_price }: Pick<VerdictInput, 'market_price' | 'low_price'>): number {
  return Math.max(market_price, low_price ?? 0);
}

/** A sentence about what can be bought at the market price, with a blank before it; empty when it can. */
export function listingNote({ market_price, low_price }: VerdictInput): string {
  if (low_price === null) return ' What the listings ask is not known.';
  return low_price > market_price
    ? ` Nobody sells at the market price of ${priceText(market_price)}: the lowest listing asks ${priceText(low_price)}.`
    : '';
}
