import type { FeeProfileName } from '@pokewatch/contracts';

/** What a seller pays: a fraction of the price, and an amount a sale in the card's currency. */
export interface Fees {
  readonly profile: FeeProfileName;
  readonly rate_pct: number;
  readonly fixed: number;
}

/**
 * Fees of a seller by marketplace, without shipping. eBay takes 13.25 %, TCGplayer 10.25 % and 2.5 % for the payment;
 * both take 0.30 USD a sale, counted as 0.30 of the card's own currency.
 */
export const FEE_PROFILES: Readonly<Record<FeeProfileName, Fees>> = {
  ebay: { profile: 'ebay', rate_pct: 0.1325, fixed: 0.3 },
  tcgplayer: { profile: 'tcgplayer', rate_pct: 0.1275, fixed: 0.3 },
};

/** What is left of a sale at `price`; nothing where the fees would be more than the price. */
export function netOfFees(price: number, fees: Fees): number {
  return Math.max(0, price * (1 - fees.rate_pct) - fees.fixed);
}

/** The price of a sale that leaves `net`; infinite where a double cannot hold it. */
export function priceToNet(net: number, fees: Fees): number {
  return (net + fees.fixed) / (1 - fees.rate_pct);
}
