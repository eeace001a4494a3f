import { SourceNameSchema } from '@pokewatch/contracts';
import * as z from 'zod';
import { timer_ms, url } from '../kinds.ts';
import type { Setting } from '../setting.ts';

/** Settings of the group “Sources”. */
export const SOURCES_SETTINGS = {
  POKEWATCH_SOURCE: {
    schema: z.union([z.literal(''), SourceNameSchema]),
    fallback: '',
    doc: 'Price source: demo, tcgcsv, pokemon-price-tracker, tcgdex. Empty: demo, unless the data folder holds other data.',
  },
  POKEWATCH_DEMO_SEED: {
    schema: z.string(),
    fallback: 'pokewatch',
    doc: 'Seed of the simulated market. The same seed gives everybody the same market.',
  },
  POKEWATCH_DEMO_DAYS: {
    schema: z.coerce.number().int().min(30).max(2000),
    fallback: '400',
    doc: 'Days of history that the simulated market has.',
  },
  POKEMON_PRICE_API_KEY: {
    schema: z.string(),
    fallback: '',
    secret: true,
    doc: 'Key for the source pokemon-price-tracker.',
  },
  POKEWATCH_PPT_URL: {
    schema: url,
    fallback: 'https://www.pokemonpricetracker.com/api/v2',
    doc: 'Base URL of Pokemon Price Tracker.',
  },
  POKEWATCH_TCGCSV_URL: { schema: url, fallback: 'https://tcgcsv.com', doc: 'Base URL of tcgcsv.' },
  POKEWATCH_TCGDEX_URL: {
    schema: url,
    fallback: 'https://api.tcgdex.net/v2',
    doc: 'Base URL of TCGdex.',
  },
  POKEWATCH_SOURCE_TIMEOUT_MS: {
    schema: timer_ms,
    fallback: '20000',
    doc: 'Longest time for one answer of a source, in milliseconds.',
  },
} as const satisfies Record<string, Setting>;
