import * as z from 'zod';

/** What the parts of a fair value come from, in the order in which they are added up. */
export const PART_GROUPS = ['market', 'set', 'listings', 'own'] as const;
export type PartGroup = (typeof PART_GROUPS)[number];

/** Log returns of explanations are whole numbers of this size: eight decimals. */
export const LOG_RETURN_UNIT = 1e-8;

/**
 * How the value of a term is said in words: as a change in per cent, a share, a mean daily move (from its log), a price
 * (from its log), so many times (from its log), a plain number, or days.
 */
export const VALUE_FORMS = ['change', 'share', 'daily_move', 'price', 'times', 'number', 'days'] as const;
export type ValueForm = (typeof VALUE_FORMS)[number];

/** A term that a model reads: `text` and `form` say it in plain words, `usual` is its median in the data. */
export const ModelTermSchema = z
  .object({
    term: z.string(),
    group: z.enum(PART_GROUPS),
    text: z.string(),
    form: z.enum(VALUE_FORMS),
    definition: z.string(),
    unit: z.string(),
    usual: z.number().nullable(),
  })
  .meta({ id: 'ModelTerm' });
export type ModelTerm = z.infer<typeof ModelTermSchema>;

/**
 * How the value of a term becomes log return: `heights` at ascending `knots`, straight between them, level beyond the
 * outer ones, 0 where the value is not known; times the card's restlessness where it is `scaled`.
 */
export const TermCurveSchema = z
  .object({ term: z.string(), scaled: z.boolean(), knots: z.array(z.number()), heights: z.array(z.number()) })
  .meta({ id: 'TermCurve' });
export type TermCurve = z.infer<typeof TermCurveSchema>;

/**
 * restlessness = (floor + steps × min(most_step, daily move)) / usual, where the daily move is exp(value of `term`) −
 * log_floor, not below 0, and `unknown_step` where the term is not known. When all terms add up to less than 0, each of
 * them, `scaled` or not, is multiplied by restlessness ^ fall_power.
 */
export const RestlessnessSchema = z
  .object({
    term: z.string(),
    floor: z.number(),
    steps: z.number(),
    most_step: z.number(),
    usual: z.number(),
    log_floor: z.number(),
    unknown_step: z.number(),
    fall_power: z.number(),
  })
  .meta({ id: 'Restlessness' });
export type Restlessness = z.infer<typeof RestlessnessSchema>;

/** `model.json` of a version and the answer of `GET /model`: everything that turns term values into a fair price. */
export const ModelCurvesSchema = z
  .object({
    model_version: z.string(),
    model: z.string(),
    horizon_days: z.int(),
    restlessness: RestlessnessSchema.nullable(),
    terms: z.array(ModelTermSchema),
    /** Curves by the name of the model that speaks, as in `model` of an answer. */
    speakers: z.array(z.object({ model: z.string(), curves: z.array(TermCurveSchema) })),
  })
  .meta({ id: 'ModelCurves' });
export type ModelCurves = z.infer<typeof ModelCurvesSchema>;

/**
 * The explanation of each card's latest prediction, as columns. The rows of card number c (in the order of the
 * predictions' cards) end before `ends[c]` and begin where those of the card before end. Those before `shown[c]` are the
 * short form's, strongest group and term first; the rest of the terms follow, group by group, strongest first, and the
 * terms whose value is not known last.
 */
export interface TermColumns {
  /** Names of terms; `term` indexes them. */
  readonly names: readonly string[];
  readonly ends: Uint32Array;
  readonly shown: Uint32Array;
  readonly term: Int16Array;
  /** The input, NaN where it is not known. */
  readonly value: Float32Array;
  /** Part of the log return, in `LOG_RETURN_UNIT`. */
  readonly units: Int32Array;
  /** Part of fair − market, in hundredths of the currency. */
  readonly cents: Int32Array;
}
