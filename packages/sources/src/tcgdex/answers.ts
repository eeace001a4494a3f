import { PRINTINGS } from '@pokewatch/watchlist';
import * as z from 'zod';
import { figure } from '../ask.ts';

const text = z.string().nullish();

const CardmarketSchema = z
  .object({
    updated: text,
    unit: text,
    avg: figure,
    low: figure,
    trend: figure,
    'avg-holo': figure,
    'low-holo': figure,
    'trend-holo': figure,
  })
  .nullish();

const PrintingSchema = z.object({
  productId: z.number().nullish(),
  lowPrice: figure,
  midPrice: figure,
  highPrice: figure,
  marketPrice: figure,
});

/** Scalars `updated` and `unit`, and one object for each printing under TCGplayer's name for it, in lower case. */
const TcgplayerSchema = z
  .object({ updated: text, unit: text })
  .catchall(z.union([PrintingSchema, z.null(), z.string(), z.number(), z.boolean()]))
  .nullish();

const PricingSchema = z.object({ cardmarket: CardmarketSchema, tcgplayer: TcgplayerSchema }).nullish();
export type Pricing = z.infer<typeof PricingSchema>;

/** What is needed of a card. */
export const CardSchema = z.object({
  id: z.string(),
  localId: z.union([z.string(), z.number()]).transform(String),
  name: z.string(),
  rarity: text,
  set: z.object({ name: text }).nullish(),
  pricing: PricingSchema,
  variants_detailed: z.array(z.object({ type: text, foil: text, pricing: PricingSchema })).nullish(),
});
export type Card = z.infer<typeof CardSchema>;

/** One printing's prices. */
export interface PrintingPrice extends z.infer<typeof PrintingSchema> {
  readonly printing: string;
}

/** TCGplayer's prices by printing, under the watch-list's words for printings. */
export function printingPrices(pricing: Pricing): PrintingPrice[] {
  const prices: PrintingPrice[] = [];
  for (const [key, value] of Object.entries(pricing?.tcgplayer ?? {})) {
    if (typeof value === 'object' && value !== null) prices.push({ ...value, printing: printingOf(key) });
  }
  return prices;
}

/** `reverse-holofoil`, `reverseHolofoil`, `reverse` and `holo` all are printings; an unknown key stays as it is. */
export function printingOf(key: string): string {
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const short: Record<string, string> = {
    holo: 'Holofoil',
    reverse: 'Reverse Holofoil',
    reverseholo: 'Reverse Holofoil',
  };
  return short[plain(key)] ?? PRINTINGS.find((printing) => plain(printing) === plain(key)) ?? key;
}
