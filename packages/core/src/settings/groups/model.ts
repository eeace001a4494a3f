import {
  DEFAULT_BUY_THRESHOLD_PCT,
  DEFAULT_FEES,
  DEFAULT_SELL_THRESHOLD_PCT,
  FeeProfileNameSchema,
} from '@pokewatch/contracts';
import * as z from 'zod';
import { fraction } from '../kinds.ts';
import type { Setting } from '../setting.ts';

/** Settings of the group “Model”. */
export const MODEL_SETTINGS = {
  POKEWATCH_BUY_THRESHOLD_PCT: {
    schema: fraction,
    fallback: String(DEFAULT_BUY_THRESHOLD_PCT),
    doc: 'BUY at this much under the fair price; a fraction.',
  },
  POKEWATCH_SELL_THRESHOLD_PCT: {
    schema: fraction,
    fallback: String(DEFAULT_SELL_THRESHOLD_PCT),
    doc: 'SELL at this much over the fair price; a fraction.',
  },
  POKEWATCH_PAUSE_STALE_DAYS: {
    schema: z.coerce.number().int().min(0).max(3650),
    fallback: '7',
    doc: 'Signals pause on prices older than so many days; 0: never.',
  },
  POKEWATCH_PAUSE_DRIFT_SHARE: {
    schema: fraction,
    fallback: '0',
    doc: 'Signals pause when at least this share of the columns of prices or of predictions drifted; a fraction, 0: never.',
  },
  POKEWATCH_PAUSE_DRIFT_DISTANCE: {
    schema: z.coerce.number().min(0),
    fallback: '2',
    doc: 'Signals pause when a column of prices moved by so many standard deviations; 0: never.',
  },
  POKEWATCH_FEES: {
    schema: FeeProfileNameSchema,
    fallback: DEFAULT_FEES,
    doc: 'Marketplace whose fees a flip has to earn back: ebay (13.25 % and 0.30 a sale) or tcgplayer (12.75 % and 0.30).',
  },
  POKEWATCH_HORIZON_DAYS: {
    schema: z.coerce.number().int().min(1).max(90),
    fallback: '14',
    doc: 'Days ahead that the fair price looks.',
  },
} as const satisfies Record<string, Setting>;
