import * as z from 'zod';
import { SignalSchema } from '../http/common.ts';

const day = z.iso.date();
const bound = z.number().nullable();

/**
 * One figure: `n` are the rows that it was made of, `lower` and `upper` its 90 % interval, `interval` how that was found (null
 * where there are too few days for one), `base_rate` what it is to be read beside.
 */
export const KpiFigureSchema = z
  .object({
    value: bound,
    n: z.int(),
    lower: bound,
    upper: bound,
    interval: z.enum(['bootstrap', 'wilson']).nullable(),
    base_rate: bound,
  })
  .meta({ id: 'KpiFigure' });
export type KpiFigure = z.infer<typeof KpiFigureSchema>;

/**
 * What became of published calls by some day: `judged` where its price is known, `open` where the day is still to come or its
 * price may still arrive, `no_price` where there was none around it.
 */
export const CallStatesSchema = z
  .object({ judged: z.int(), open: z.int(), no_price: z.int() })
  .meta({ id: 'CallStates' });
/** The names of those states. */
export const CALL_STATE_NAMES = CallStatesSchema.keyof().options;
export type CallStates = z.infer<typeof CallStatesSchema>;

/** BUY or SELL, looked up some days later; `states` are of the calls of this signal. */
export const SignalKpiSchema = z
  .object({
    signal: z.enum(['BUY', 'SELL']),
    days: z.int(),
    states: CallStatesSchema,
    precision: KpiFigureSchema,
    recall: KpiFigureSchema,
  })
  .meta({ id: 'SignalKpi' });
export type SignalKpi = z.infer<typeof SignalKpiSchema>;

/** Errors of the fair price and how often the price came to lie in the band, at each call's own horizon. */
const accuracy = { mape: KpiFigureSchema, rmse: KpiFigureSchema, coverage: KpiFigureSchema };

export const KpiGroupSchema = z
  .object({ group: z.string(), cards: z.int(), states: CallStatesSchema, ...accuracy })
  .meta({ id: 'KpiGroup' });
export type KpiGroup = z.infer<typeof KpiGroupSchema>;

export const KpiCardSchema = z
  .object({ card_id: z.string(), name: z.string(), states: CallStatesSchema, mape: KpiFigureSchema })
  .meta({ id: 'KpiCard' });
export type KpiCard = z.infer<typeof KpiCardSchema>;

/** All but the cards: how good the calls were that were really published. */
export const KpiSummarySchema = z
  .object({
    computed_at: z.iso.datetime(),
    source: z.string(),
    simulated: z.boolean(),
    features_version: z.string(),
    /** Last day of the prices that calls are judged by. */
    data_to: day,
    /** Days of the prices that calls were made on; null where there is none. */
    from: day.nullable(),
    to: day.nullable(),
    /** Cards below this price count in the price bands only; 0 where no card reaches it. */
    least_price: z.number(),
    currency: z.string().nullable(),
    publications: z.int(),
    model_versions: z.int(),
    /**
     * `counted` calls, and those that were left out: made again for the same card and day (`repeated`), published too long after
     * their day (`late`), made on a price that was withdrawn since (`withdrawn`), or of a card that is of another printing or
     * currency now, or gone (`changed`). `corrected` and `paused` are counted.
     */
    calls: z.object({
      counted: z.int(),
      repeated: z.int(),
      late: z.int(),
      withdrawn: z.int(),
      changed: z.int(),
      corrected: z.int(),
      paused: z.int(),
    }),
    states: CallStatesSchema,
    /** Settings under which the calls were made. */
    settings: z.array(
      z.object({
        horizon_days: z.int(),
        buy_threshold_pct: z.number(),
        sell_threshold_pct: z.number(),
        publications: z.int(),
      }),
    ),
    ...accuracy,
    signals: z.array(SignalKpiSchema),
    distribution: z.array(z.object({ signal: SignalSchema, share: KpiFigureSchema })),
    /** Share of calls with the signal of the card's call before, and of those that went from BUY to SELL or back. */
    stability: z.object({ same: KpiFigureSchema, reversed: KpiFigureSchema }),
    by: z.object({
      price: z.array(KpiGroupSchema),
      rarity: z.array(KpiGroupSchema),
      set: z.array(KpiGroupSchema),
    }),
  })
  .meta({ id: 'Kpis' });
export type KpiSummary = z.infer<typeof KpiSummarySchema>;

/** `kpis/<day>.json` */
export const KpisSchema = KpiSummarySchema.extend({ cards: z.array(KpiCardSchema) }).meta({ id: 'KpisWithCards' });
export type Kpis = z.infer<typeof KpisSchema>;
