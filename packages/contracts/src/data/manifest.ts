import * as z from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const day = z.iso.date();

/** A file that belongs to a published folder, with the hash and size it must have. */
export const FileEntrySchema = z.object({ name: z.string(), bytes: z.int().nonnegative(), sha256 });
export type FileEntry = z.infer<typeof FileEntrySchema>;

/** `features/<version>/manifest.json`. */
export const FeatureManifestSchema = z.object({
  kind: z.literal('features'),
  version: z.string(),
  source: z.string(),
  simulated: z.boolean(),
  raw_sha256: sha256,
  code_version: z.string(),
  rows: z.int(),
  cards: z.int(),
  first_date: day,
  last_date: day,
  flags: z.record(z.string(), z.int()),
  files: z.array(FileEntrySchema),
});
export type FeatureManifest = z.infer<typeof FeatureManifestSchema>;

/** One figure of an evaluation with its number of rows and, where there is one, its 90 % block-bootstrap interval. */
export const MetricSchema = z.object({
  value: z.number().nullable(),
  n: z.int(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  /** The rate to compare it with: how often the event happened anyway. */
  base_rate: z.number().nullable(),
});
export type Metric = z.infer<typeof MetricSchema>;

export const GateSchema = z.object({
  passed: z.boolean(),
  checks: z.array(z.object({ name: z.string(), passed: z.boolean(), text: z.string() })),
});
export type Gate = z.infer<typeof GateSchema>;

/** `models/<version>/manifest.json`. */
export const ModelManifestSchema = z.object({
  kind: z.literal('model'),
  version: z.string(),
  model: z.string(),
  horizon_days: z.int(),
  features_version: z.string(),
  data_sha256: sha256,
  source: z.string(),
  simulated: z.boolean(),
  rows: z.int(),
  cards: z.int(),
  first_date: day,
  last_date: day,
  code_version: z.string(),
  metrics: z.record(z.string(), MetricSchema),
  gate: GateSchema,
  files: z.array(FileEntrySchema),
});
export type ModelManifest = z.infer<typeof ModelManifestSchema>;

/** `models/champion.json`: which version serves, and why. */
export const ChampionSchema = z.object({
  model_version: z.string(),
  manifest_sha256: sha256,
  promoted_at: z.iso.datetime(),
  reason: z.string(),
});
export type Champion = z.infer<typeof ChampionSchema>;
