import * as z from 'zod';

/** The source whose prices are simulated; whatever is made from it says so. */
export const SIMULATED_SOURCE = 'demo';

/** The name of a price source, as in paths and columns. */
export const SourceNameSchema = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,40}$/);

const price = z.number().positive().nullable();

/**
 * One quote as a source gave it. Prices are in `currency`; null means unknown (zero, negative and non-finite prices
 * become null). `price_date` is the UTC day the source dates the quote, `observed_at` the moment it was fetched.
 * Nothing is overwritten: a correction is a row with a later `observed_at`.
 */
export const PriceRowSchema = z.object({
  card_id: z.string(),
  source: SourceNameSchema,
  printing: z.string(),
  condition: z.string(),
  language: z.string(),
  currency: z.string(),
  price_date: z.iso.date(),
  observed_at: z.iso.datetime(),
  market: price,
  low: price,
  mid: price,
  high: price,
  volume: z.number().nonnegative().nullable(),
  run_id: z.string(),
});
export type PriceRow = z.infer<typeof PriceRowSchema>;

/** What a source says of a card itself. `product_id` is the source's own key. */
export const CardRowSchema = z.object({
  card_id: z.string(),
  source: SourceNameSchema,
  product_id: z.string(),
  name: z.string(),
  set_name: z.string(),
  number: z.string(),
  rarity: z.string(),
  printing: z.string(),
  language: z.string(),
  observed_at: z.iso.datetime(),
  run_id: z.string(),
});
export type CardRow = z.infer<typeof CardRowSchema>;

/** A price as stored: zero, negative and non-finite figures mean "none". */
export function priceOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
}
