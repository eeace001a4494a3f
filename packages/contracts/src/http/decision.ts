import * as z from 'zod';
import { SignalSchema } from './common.ts';

/** Signal thresholds when neither the request nor the configuration says otherwise. Fractions: 0.10 is ten per cent. */
export const DEFAULT_BUY_THRESHOLD_PCT = 0.1;
export const DEFAULT_SELL_THRESHOLD_PCT = 0.15;

const ThresholdSchema = z.number().min(0).max(1);

export const SignalRequestSchema = z
  .object({
    market_price: z.number().positive(),
    fair_price: z.number().positive(),
    buy_threshold_pct: ThresholdSchema.optional(),
    sell_threshold_pct: ThresholdSchema.optional(),
  })
  .meta({ id: 'SignalRequest' });
export type SignalRequest = z.infer<typeof SignalRequestSchema>;

/** `deviation_pct` is a fraction: (market − fair) / fair. */
export const SignalResponseSchema = z
  .object({
    signal: SignalSchema,
    deviation_pct: z.number(),
    market_price: z.number(),
    fair_price: z.number(),
  })
  .meta({ id: 'SignalResponse' });
export type SignalResponse = z.infer<typeof SignalResponseSchema>;

export const DecisionHealthSchema = z
  .object({ status: z.literal('healthy'), service: z.literal('decision_service') })
  .meta({ id: 'DecisionHealth' });
