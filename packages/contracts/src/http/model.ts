import * as z from 'zod';
import { PausedSchema } from '../data/paused.ts';
import { CardIdSchema, ChanceSchema, DaySchema } from './common.ts';
import { ExplainSchema, ExplanationSchema } from './explanation.ts';

/** `explain` says how much of its explanation the answer is to carry: `short` unless it says otherwise. */
export const PredictRequestSchema = z
  .object({ card_id: CardIdSchema, date: DaySchema.nullable().optional(), explain: ExplainSchema.optional() })
  .meta({ id: 'PredictRequest' });
export type PredictRequest = z.infer<typeof PredictRequestSchema>;

/**
 * What is expected `horizon_days` after the day of the answer, on `date`: fair price, 80 % band, and the chances of a market
 * price at least 10 % above and below that of the day of the answer.
 */
export const HorizonSchema = z
  .object({
    horizon_days: z.int(),
    date: DaySchema,
    fair_price: z.number(),
    lower: z.number(),
    upper: z.number(),
    p_up: ChanceSchema,
    p_down: ChanceSchema,
  })
  .meta({ id: 'Horizon' });
export type Horizon = z.infer<typeof HorizonSchema>;

/**
 * Fields of a prediction beside card, date and the two prices. Shared by model and gateway answers. `lower` and `upper`
 * bound the 80 % band; `p_up` and `p_down` are the chances of a market price at the horizon at least 10 % above and below
 * that of the day; `low_price` is the lowest listing of the day, null when it is not known. `horizons` says the same of
 * several horizons, ascending, that of the answer among them: null where they are not known (days before a card's latest,
 * models published without), absent when no explanation was asked for. `paused` says why the answer is no advice; absent where
 * nothing is wrong.
 */
export const PredictionDetailSchema = z.object({
  lower: z.number(),
  upper: z.number(),
  p_up: ChanceSchema,
  p_down: ChanceSchema,
  low_price: z.number().nullable(),
  horizon_days: z.int(),
  model: z.string(),
  model_version: z.string(),
  as_of: DaySchema,
  currency: z.string(),
  printing: z.string(),
  source: z.string(),
  simulated: z.boolean(),
  flags: z.array(z.string()),
  paused: PausedSchema.optional(),
  ...ExplanationSchema.shape,
  horizons: z.array(HorizonSchema).nullable().optional(),
});

/** `as_of` is the last day of data that the model that spoke had seen; `simulated` is true for the demo market. */
export const PredictionSchema = z
  .object({
    card_id: CardIdSchema,
    date: DaySchema,
    market_price: z.number(),
    fair_price: z.number(),
    ...PredictionDetailSchema.shape,
  })
  .meta({ id: 'Prediction' });
export type Prediction = z.infer<typeof PredictionSchema>;

/** Most cards that one batch call may name. */
export const BATCH_MAX = 500;

export const ListCardsSchema = z.object({ cards: z.array(z.string()), total: z.int() }).meta({ id: 'ListCards' });

export const ModelHealthSchema = z
  .object({
    status: z.enum(['healthy', 'unhealthy']),
    model_loaded: z.boolean(),
    cards_count: z.int(),
    model_version: z.string().nullable(),
  })
  .meta({ id: 'ModelHealth' });
export type ModelHealth = z.infer<typeof ModelHealthSchema>;

export const ReloadedSchema = z
  .object({ status: z.literal('reloaded'), cards_count: z.int(), model_version: z.string() })
  .meta({ id: 'Reloaded' });
