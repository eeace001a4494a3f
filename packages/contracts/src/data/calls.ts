import * as z from 'zod';
import { FileEntrySchema } from './manifest.ts';
import { PausedSchema } from './paused.ts';

/**
 * `calls/<id>/manifest.json`: what was published when a model version became the champion. `calls.arrow` beside it has the
 * newest prediction of each card as it was answered, and the signal that was given on it. Nothing in it is ever changed.
 */
export const PublicationSchema = z.object({
  kind: z.literal('calls'),
  /** Moment and version, so that names sort by time. */
  id: z.string(),
  published_at: z.iso.datetime(),
  model_version: z.string(),
  /** Of the version's manifest, which has the hashes of all its files. */
  manifest_sha256: z.string(),
  horizon_days: z.int(),
  /** Fractions, as they were set at that time. */
  buy_threshold_pct: z.number(),
  sell_threshold_pct: z.number(),
  source: z.string(),
  simulated: z.boolean(),
  features_version: z.string(),
  /** Last day of the data. */
  last_date: z.iso.date(),
  code_version: z.string(),
  /** Why none of its calls was to be acted on; null where nothing was wrong. */
  paused: PausedSchema.nullable(),
  calls: z.int(),
  files: z.array(FileEntrySchema),
});
export type Publication = z.infer<typeof PublicationSchema>;
