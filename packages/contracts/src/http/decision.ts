import * as z from 'zod';
import { PausedSchema } from '../data/paused.ts';
import { ChanceSchema, SignalSchema } from './common.ts';

/** Signal thresholds when neither the request nor the configuration says otherwise. Fractions: 0.10 is ten per cent. */
export const DEFAULT_BUY_THRESHOLD_PCT = 0.1;
export const DEFAULT_SELL_THRESHOLD_PCT = 0.15;

const ThresholdSchema = z.number().min(0).max(1);

const PriceSchema = z.number().positive();

/**
 * What a signal is asked for. With `lower`, `upper`, `p_up`, `p_down` and `horizon_days`, which belong together, the
 * answer has verdicts too; `low_price` and `flags` are used for them when they are there. With `paused` the signal is HOLD, and the
 * verdicts are `unknown`.
 */
export const SignalRequestSchema = z
  .object({
    market_price: PriceSchema,
    fair_price: PriceSchema,
    buy_threshold_pct: ThresholdSchema.optional(),
    sell_threshold_pct: ThresholdSchema.optional(),
    lower: PriceSchema.optional(),
    upper: PriceSchema.optional(),
    p_up: ChanceSchema.optional(),
    p_down: ChanceSchema.optional(),
    low_price: PriceSchema.nullable().optional(),
    horizon_days: z.int().min(1).max(3650).optional(),
    flags: z.array(z.string().max(100)).max(50).optional(),
    paused: PausedSchema.optional(),
  })
  .meta({ id: 'SignalRequest' });
export type SignalRequest = z.infer<typeof SignalRequestSchema>;

/** Fields of a signal request that verdicts cannot do without. */
export const VERDICT_FIELDS = [
  'lower',
  'upper',
  'p_up',
  'p_down',
  'horizon_days',
] as const satisfies readonly (keyof SignalRequest)[];

/** Marketplaces whose fees are known. */
export const FeeProfileNameSchema = z.enum(['ebay', 'tcgplayer']);
export type FeeProfileName = z.infer<typeof FeeProfileNameSchema>;
export const DEFAULT_FEES: FeeProfileName = 'tcgplayer';

/**
 * What every verdict has beside its answer. `strength` is from 0 (a coin flip) to 1 (certain). `at` is the price in
 * question and `holds_to` the one where the answer turns, in the card's currency: null when the answer is `unknown`.
 */
const verdictFields = {
  strength: z.number().min(0).max(1),
  holds_to: z.number().nonnegative().nullable(),
  at: z.number(),
};

/** Buy now or wait; `at` is what has to be paid now, `holds_to` the highest price at which buying now is right. */
export const BuyVerdictSchema = z
  .object({ answer: z.enum(['now', 'wait', 'either', 'unknown']), ...verdictFields, text: z.string() })
  .meta({ id: 'BuyVerdict' });
export type BuyVerdict = z.infer<typeof BuyVerdictSchema>;

/** Sell now or later; `at` is the market price, `holds_to` the lowest price at which selling now is right. */
export const SellVerdictSchema = z
  .object({ answer: z.enum(['now', 'later', 'either', 'unknown']), ...verdictFields, text: z.string() })
  .meta({ id: 'SellVerdict' });
export type SellVerdict = z.infer<typeof SellVerdictSchema>;

/**
 * Buy now and sell at the horizon; `holds_to` is the highest price at which a sale at the fair price breaks even, net of
 * the fees, and `net_pct` the expected gain over the price paid, a fraction.
 */
export const FlipVerdictSchema = z
  .object({
    answer: z.enum(['yes', 'no', 'unknown']),
    ...verdictFields,
    net_pct: z.number().nullable(),
    fees: FeeProfileNameSchema,
    text: z.string(),
  })
  .meta({ id: 'FlipVerdict' });
export type FlipVerdict = z.infer<typeof FlipVerdictSchema>;

/** Answers to the three questions that a price raises. */
export const VerdictsSchema = z
  .object({ buy: BuyVerdictSchema, sell: SellVerdictSchema, flip: FlipVerdictSchema })
  .meta({ id: 'Verdicts' });
export type Verdicts = z.infer<typeof VerdictsSchema>;

/** `deviation_pct` is a fraction: (market − fair) / fair. `verdicts` are there when they were asked for. */
export const SignalResponseSchema = z
  .object({
    signal: SignalSchema,
    deviation_pct: z.number(),
    market_price: z.number(),
    fair_price: z.number(),
    verdicts: VerdictsSchema.optional(),
  })
  .meta({ id: 'SignalResponse' });
export type SignalResponse = z.infer<typeof SignalResponseSchema>;

export const DecisionHealthSchema = z
  .object({ status: z.literal('healthy'), service: z.literal('decision_service') })
  .meta({ id: 'DecisionHealth' });
