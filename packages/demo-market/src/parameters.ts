/**
 * The hidden process of the simulated market. All rates are per day and in logs.
 *
 *     value(card, t) = log(level) + market(t) + set(t) + own(card, t)
 *     market(t)   = cycle(t) + level(t);  level and set are sums of AR(1) returns (momentum), slowly pulled to 0
 *     own(t)      = (1 − pull) · own(t−1) + lead_effect · pressure(t − lead_days) + noise
 *     pressure(t) = AR(1); it stands in the listings at once, and in the value only `lead_days` later
 *     quote(t)    = quote(t−1) + smoothing · (value(t) − quote(t−1)) on days with a sale, else unchanged
 *     mid(t)      = exp(value + premium + pressure + noise),  low(t) = exp(value − discount + low_share · pressure + noise)
 */
export const DEMO = {
  /** The market begins here, whatever part of it is shown, so that a day keeps its figures as time goes on. */
  first_day: '2019-01-01',
  cycle: { amplitude: 0.14, period_days: 900 },
  market: { momentum: 0.9, return_sd: 0.001, pull: 1 / 300 },
  set: { momentum: 0.92, return_sd: 0.0035, pull: 1 / 300 },
  own: { pull: 1 / 400, lead_effect: 0.06, lead_days: 3 },
  pressure: { momentum: 0.9, sd: 0.05 },
  quote: { smoothing: 0.35 },
  listings: { premium: 0.07, premium_sd: 0.03, discount: 0.1, discount_sd: 0.03, low_share: 0.6 },
} as const;

/** How a price tier behaves: daily noise of the own part, noise of listings, chance of a sale on a day. */
export interface DemoTier {
  readonly below_usd: number;
  readonly own_sd: number;
  readonly listing_sd: number;
  readonly sale_chance: number;
}

/** Price tiers by the card's level: cheap cards move more, dear ones trade less. */
export const DEMO_TIERS: readonly DemoTier[] = [
  { below_usd: 5, own_sd: 0.022, listing_sd: 0.015, sale_chance: 0.97 },
  { below_usd: 50, own_sd: 0.017, listing_sd: 0.01, sale_chance: 0.92 },
  { below_usd: 250, own_sd: 0.013, listing_sd: 0.008, sale_chance: 0.8 },
  { below_usd: Number.POSITIVE_INFINITY, own_sd: 0.01, listing_sd: 0.008, sale_chance: 0.65 },
];

/** The tier of a card whose usual price is `level`. */
export function tierOf(level: number): DemoTier {
  return DEMO_TIERS.find((tier) => level < tier.below_usd)!;
}
