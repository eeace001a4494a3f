import * as z from 'zod';
import { MetricSchema } from './manifest.ts';
import { RunReportSchema } from './run.ts';

const day = z.iso.date();
const fraction = z.number().nullable();
const figures = z.record(z.string(), MetricSchema);

/** Chances that were said beside what came true; `expected_calibration_error` is the mean distance of the two by bin. */
const ReliabilitySchema = z.object({
  n: z.int(),
  base_rate: fraction,
  brier: fraction,
  brier_base: fraction,
  intercept_error: fraction,
  expected_calibration_error: fraction,
  bins: z.array(
    z.object({
      from: z.number(),
      to: z.number(),
      n: z.int(),
      predicted: z.number(),
      came_true: z.number(),
      lower: z.number(),
      upper: z.number(),
    }),
  ),
});

const namedFigures = z.array(z.object({ group: z.string(), figures }));

/** Figures of every model on the same days, as in `evaluation.json`. */
const ModelEvaluationSchema = z.object({
  horizon_days: z.int(),
  from: day,
  to: day,
  models: z.record(z.string(), figures),
  tiers: namedFigures,
  sets: namedFigures,
  chances: z.object({ up: ReliabilitySchema, down: ReliabilitySchema }),
});

/**
 * The model's figures over a part of the rows: `n` of them with a known outcome, of `cards` cards on `days` days, of which
 * the fractions `gained` and `lost` rose or fell by 10 % or more. `enough` is false where they are too few to say much.
 */
export const GroupFiguresSchema = z.object({
  group: z.string(),
  cards: z.int(),
  days: z.int(),
  n: z.int(),
  enough: z.boolean(),
  gained: fraction,
  lost: fraction,
  figures,
});
export type GroupFigures = z.infer<typeof GroupFiguresSchema>;

/** What became of card-days after some days: mean change of the market price, and the fractions that moved so. */
export const ChangeSchema = z.object({
  n: z.int(),
  change: MetricSchema,
  rose: fraction,
  gained: fraction,
  lost: fraction,
});
export type Change = z.infer<typeof ChangeSchema>;

/**
 * What became of the calls of one kind 7 to 30 days later. `precision` is the fraction that moved by 10 % or more in the
 * call's direction, `recall` the fraction of all such moves that had been called, `base_rate` that of all card-days.
 */
export const CallFiguresSchema = z.object({
  call: z.string(),
  meaning: z.string(),
  direction: z.enum(['up', 'down']).nullable(),
  after: z.array(ChangeSchema.extend({ days: z.int(), precision: fraction, recall: fraction, base_rate: fraction })),
});
export type CallFigures = z.infer<typeof CallFiguresSchema>;

const AnswerFiguresSchema = ChangeSchema.extend({ answer: z.string(), share: fraction });

/**
 * One of the two timing questions. `followed` is what doing as the verdict says saved a buyer, or earned a seller, over
 * doing it today, and `later` the same for always waiting: means over all questions, as fractions of the price today.
 */
export const QuestionFiguresSchema = z.object({
  answers: z.array(AnswerFiguresSchema),
  followed: MetricSchema,
  later: MetricSchema,
  strengths: z.array(ChangeSchema.extend({ answer: z.string(), from: z.number(), to: z.number() })),
});
export type QuestionFigures = z.infer<typeof QuestionFiguresSchema>;

/** Flips judged at what they would have left after fees, as fractions of the price paid. */
export const FlipFiguresSchema = z.object({
  fees: z.string(),
  answer: z.enum(['yes', 'no']),
  n: z.int(),
  promised: fraction,
  earned: MetricSchema,
  median: fraction,
  won: fraction,
});
export type FlipFigures = z.infer<typeof FlipFiguresSchema>;

/**
 * Verdicts of a span of days. `buy` is of card-days whose lowest listing did not stand above the market price;
 * `listing_above` of the others, its changes being those from the listing to the market price at the horizon.
 */
export const TimingFiguresSchema = z.object({
  window: z.string(),
  from: day,
  to: day,
  cards: z.int(),
  base: ChangeSchema,
  buy: QuestionFiguresSchema,
  sell: QuestionFiguresSchema,
  listing_above: z.object({ n: z.int(), share: fraction, answers: z.array(AnswerFiguresSchema) }),
  both_now: z.int(),
  flips: z.array(FlipFiguresSchema),
});
export type TimingFigures = z.infer<typeof TimingFiguresSchema>;

/** Trades on paper and what they left after fees, as fractions of the price paid. */
const TradesSchema = z.object({ n: z.int(), won: fraction, mean: MetricSchema, median: fraction });

/**
 * A strategy: `calls` card-days on which it said buy, `buyable` of them with a listing at or under the market price;
 * `each` judges every one of those alone, `portfolio` the trades that a purse of `slots` equal stakes could take.
 * `equity` is the purse by day as a multiple of its start, as if all were sold that day, net of fees.
 */
export const StrategyFiguresSchema = z.object({
  strategy: z.string(),
  meaning: z.string(),
  fees: z.string(),
  calls: z.int(),
  buyable: z.int(),
  each: TradesSchema,
  portfolio: TradesSchema.extend({
    turnover: z.number(),
    draw_down: z.number(),
    end: z.number(),
    equity: z.array(z.number()),
  }),
});
export type StrategyFigures = z.infer<typeof StrategyFiguresSchema>;

/** All trades on paper, and holding all cards instead: bought in equal stakes on the first day, never rebalanced. */
export const TradingFiguresSchema = z.object({
  first_day: day,
  slots: z.int(),
  horizon_days: z.int(),
  strategies: z.array(StrategyFiguresSchema),
  holding: z.object({
    cards: z.int(),
    index: z.array(z.number()),
    draw_down: z.number(),
    end: z.number(),
    end_net: z.array(z.object({ fees: z.string(), end: z.number() })),
  }),
});
export type TradingFigures = z.infer<typeof TradingFiguresSchema>;

/** What `pokewatch backtest` finds beside the figures of the models. */
export const BacktestFiguresSchema = z.object({
  model: z.string(),
  horizon_days: z.int(),
  refit_days: z.int(),
  from: day,
  to: day,
  last_date: day,
  source: z.string(),
  simulated: z.boolean(),
  rows: z.int(),
  cards: z.int(),
  /** Cards below this price are judged apart. */
  least_price: z.number(),
  /** The currency of all prices; null where there are several. */
  currency: z.string().nullable(),
  months: z.array(GroupFiguresSchema),
  weeks: z.array(GroupFiguresSchema),
  tiers: z.array(GroupFiguresSchema),
  rarities: z.array(GroupFiguresSchema),
  sets: z.array(GroupFiguresSchema),
  calls: z.array(CallFiguresSchema),
  /** Number of calls by month, of cards from the least price up. */
  calls_by_month: z.array(z.object({ month: z.string(), n: z.int(), calls: z.record(z.string(), z.int()) })),
  timing: z.array(TimingFiguresSchema),
  /** The same verdicts on cards below the least price; null where there is none. */
  timing_below: TimingFiguresSchema.nullable(),
  trading: TradingFiguresSchema,
  horizons: z.array(z.object({ horizon_days: z.int(), n: z.int(), figures, naive: figures })),
});
export type BacktestFigures = z.infer<typeof BacktestFiguresSchema>;

/** What `pokewatch backtest --json` prints; the figures are null when the run failed. */
export const BacktestOutputSchema = RunReportSchema.extend({
  evaluation: ModelEvaluationSchema.nullable(),
  figures: BacktestFiguresSchema.nullable(),
});
