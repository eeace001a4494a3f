import * as z from 'zod';
import { CurvesSettingsSchema } from './curves-settings.ts';

const day = z.iso.date();
const figure = z.number().nullable();

/** What a trial reached in one window: figures on `n` judged card-days, and the objective made of them. */
export const TrialWindowSchema = z.object({
  window: z.int(),
  n: z.int(),
  ic: figure,
  ic_within_day: figure,
  mae_over_naive: figure,
  objective: z.number(),
});
export type TrialWindow = z.infer<typeof TrialWindowSchema>;

/**
 * One line of `tuning/<id>/trials.jsonl`. Trial 0 has the default settings. `score` is the mean of the objective over the
 * windows that were walked, `spread` its standard deviation between them. A trial that was not among the better half
 * was `stopped` before its last window. There is no time in it: the same data and seed give the same bytes.
 */
export const TrialSchema = z.object({
  trial: z.int().nonnegative(),
  settings: CurvesSettingsSchema,
  windows: z.array(TrialWindowSchema).min(1),
  score: z.number(),
  spread: z.number(),
  stopped: z.boolean(),
});
export type Trial = z.infer<typeof TrialSchema>;

/** Best settings less the defaults: a figure with its 90 % block-bootstrap interval. */
const DifferenceSchema = z.object({ value: figure, lower: figure, upper: figure });

const FigureDifferencesSchema = z.object({
  n: z.int(),
  objective: DifferenceSchema,
  ic: DifferenceSchema,
  ic_within_day: DifferenceSchema,
  mae_over_naive: DifferenceSchema,
});

/**
 * `tuning/<id>/result.json`: what a search found in windows that all lie before `cut_date`, the last day of prices that
 * it was given. `better` is true when the best settings beat the defaults beyond noise in most windows; only then does
 * `train` try them.
 */
export const TuningResultSchema = z.object({
  kind: z.literal('tuning'),
  id: z.string().regex(/^[0-9a-f]{10}$/),
  format: z.int(),
  code_version: z.string(),
  source: z.string(),
  horizon_days: z.int(),
  seed: z.int(),
  first_date: day,
  cut_date: day,
  windows: z.array(z.object({ from: day, to: day })),
  trials: z.int(),
  default_trial: TrialSchema,
  best_trial: TrialSchema,
  by_window: z.array(FigureDifferencesSchema),
  all_windows: FigureDifferencesSchema,
  better: z.boolean(),
  reason: z.string(),
});
export type TuningResult = z.infer<typeof TuningResultSchema>;
