import * as z from 'zod';
import { PausedSchema } from './paused.ts';

/** How a report calls the distance between two windows in standard deviations of the first, as Evidently does. */
export const NORMED_WASSERSTEIN = 'Wasserstein distance (normed)';

/** How one column changed: `score` is a p-value or a distance, as `stattest_name` says; null where nothing could be compared. */
export const DriftColumnSchema = z.object({
  column_name: z.string(),
  meaning: z.string(),
  column_type: z.enum(['num', 'cat', 'text', 'unknown']),
  stattest_name: z.string().nullable(),
  stattest_threshold: z.number().nullable(),
  drift_score: z.number().nullable(),
  drift_detected: z.boolean(),
  rows: z.object({ reference: z.int(), current: z.int() }),
  why: z.string().nullable(),
});
export type DriftColumnFigures = z.infer<typeof DriftColumnSchema>;

const window = z.object({ from: z.iso.date(), to: z.iso.date(), rows: z.int() });

/** A table of columns in both windows. `dataset_drift` says that at least `drift_share` of the columns changed. */
export const DriftTableSchema = z.object({
  reference: window,
  current: window,
  drift_share: z.number(),
  number_of_columns: z.int(),
  number_of_drifted_columns: z.int(),
  share_of_drifted_columns: z.number(),
  dataset_drift: z.boolean(),
  drift_by_columns: z.array(DriftColumnSchema),
});
export type DriftTable = z.infer<typeof DriftTableSchema>;

/** `drift/<model version>.json`: how the newest days differ from those that the model learned from. */
export const DriftSchema = z.object({
  kind: z.literal('drift'),
  format: z.literal(1),
  computed_at: z.iso.datetime(),
  model_version: z.string(),
  features_version: z.string(),
  source: z.string(),
  simulated: z.boolean(),
  window_days: z.int(),
  /** Signals pause from this share of drifted columns, or from this normed Wasserstein distance of one of them, on; 0 never. */
  pause: z.object({ share: z.number(), distance: z.number() }),
  data: DriftTableSchema,
  predictions: DriftTableSchema.nullable(),
  paused: PausedSchema.nullable(),
});
export type Drift = z.infer<typeof DriftSchema>;
