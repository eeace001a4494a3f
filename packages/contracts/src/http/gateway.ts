import * as z from 'zod';
import { CardIdSchema, DaySchema, SignalSchema } from './common.ts';
import { VerdictsSchema } from './decision.ts';
import { ExplainSchema } from './explanation.ts';
import { PredictionDetailSchema } from './model.ts';

/** `explain` says how much of its explanation the answer is to carry: `short` unless it says otherwise. */
export const FairPriceRequestSchema = z
  .object({ card_id: CardIdSchema, date: DaySchema.nullable().optional(), explain: ExplainSchema.optional() })
  .meta({ id: 'FairPriceRequest' });
export type FairPriceRequest = z.infer<typeof FairPriceRequestSchema>;

/** The original's six fields come first and unchanged; the rest came later. */
export const FairPriceSchema = z
  .object({
    card_id: CardIdSchema,
    date: DaySchema,
    market_price: z.number(),
    fair_price: z.number(),
    deviation_pct: z.number(),
    signal: SignalSchema,
    ...PredictionDetailSchema.shape,
    verdicts: VerdictsSchema,
    stale: z.literal(true).optional().describe('an earlier answer, given again because a service is down'),
  })
  .meta({ id: 'FairPrice' });
export type FairPrice = z.infer<typeof FairPriceSchema>;

export const CardsSchema = z.object({ cards: z.array(z.string()), count: z.int() }).meta({ id: 'Cards' });

export const ServiceStateSchema = z.enum(['ok', 'down', 'slow']);

export const GatewayHealthSchema = z
  .object({
    status: z.enum(['ok', 'degraded', 'error']),
    model_loaded: z.boolean(),
    cards_count: z.int(),
    services: z.object({ model: ServiceStateSchema, decision: ServiceStateSchema }),
  })
  .meta({ id: 'GatewayHealth' });
export type GatewayHealth = z.infer<typeof GatewayHealthSchema>;
