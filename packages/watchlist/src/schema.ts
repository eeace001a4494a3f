import * as z from 'zod';

/** TCGplayer's words for the printings of a card (`subTypeName`). */
export const PRINTINGS = [
  'Normal',
  'Holofoil',
  'Reverse Holofoil',
  '1st Edition',
  '1st Edition Holofoil',
  'Unlimited',
  'Unlimited Holofoil',
] as const;

/** TCGplayer's words for the condition of a card. */
export const CONDITIONS = ['Near Mint', 'Lightly Played', 'Moderately Played', 'Heavily Played', 'Damaged'] as const;

const line = (most: number) =>
  z
    .string()
    .min(1, 'must not be empty')
    .max(most, `must not be longer than ${most} characters`)
    .regex(/^\P{Cc}*$/u, 'must not hold control characters');

const key = z.int().positive();

/** What a card is called at each source; a source passes over cards that have no id there. */
export const SourceIdsSchema = z
  .strictObject({
    tcgplayer: key.optional(),
    tcgcsv_category: key.optional(),
    tcgcsv_group: key.optional(),
    tcgdex: z
      .string()
      .regex(/^[A-Za-z0-9.]+-[A-Za-z0-9]+$/, 'must be a TCGdex card id such as sv03.5-199')
      .optional(),
    tcgdex_foil: z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/, 'must be a TCGdex foil such as masterball')
      .optional(),
  })
  .refine(
    (ids) => (ids.tcgcsv_category === undefined) === (ids.tcgcsv_group === undefined),
    'must hold tcgcsv_category and tcgcsv_group together',
  );

/** One card of the watch-list. */
export const WatchedCardSchema = z.strictObject({
  id: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$/,
      'must be 1 to 120 letters, digits, `.`, `_` or `-`, and start with a letter or digit',
    ),
  name: line(120),
  set: line(120),
  number: line(20),
  language: z.enum(['english', 'japanese']),
  printing: z.enum(PRINTINGS),
  rarity: line(60).default('Unknown'),
  category: z.enum(['grail', 'chase', 'meta', 'personal']).default('personal'),
  currency: z.enum(['USD', 'EUR']).default('USD'),
  condition: z.enum(CONDITIONS).default('Near Mint'),
  level_usd: z.number().positive().max(10_000_000),
  ids: SourceIdsSchema.default({}),
});
export type WatchedCard = z.output<typeof WatchedCardSchema>;

/** The whole file. */
export const WatchlistSchema = z.strictObject({
  cards: z.array(WatchedCardSchema).min(1, 'holds no card'),
});

/** The cards that PokeWatch follows, in the order of the file. */
export interface Watchlist {
  /** Where it came from, for messages. */
  readonly path: string;
  readonly cards: readonly WatchedCard[];
}
