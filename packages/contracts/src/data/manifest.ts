import * as z from 'zod';
import { CurvesSettingsSchema } from './curves-settings.ts';

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

const bound = z.number().nullable();

/**
 * One check of the gate: what was found (`value` with its 90 % interval on `n` rows), the rule it was held to, and both in
 * words. Null where there is no such figure.
 */
export const GateCheckSchema = z.object({
  name: z.string(),
  passed: z.boolean(),
  value: bound.default(null),
  lower: bound.default(null),
  upper: bound.default(null),
  n: z.int().nullable().default(null),
  rule: z.string().default(''),
  text: z.string(),
});
export type GateCheck = z.infer<typeof GateCheckSchema>;

/** Whether a model may serve. `notes` is what a person should know of it that refuses nothing. */
export const GateSchema = z.object({
  passed: z.boolean(),
  checks: z.array(GateCheckSchema),
  notes: z.array(z.string()).default([]),
});
export type Gate = z.infer<typeof GateSchema>;

const RankAndErrorSchema = z.object({ ic: MetricSchema, ic_within_day: MetricSchema, mae_over_naive: MetricSchema });

/**
 * What listings are worth on these data. Shares are of card-days with a lowest or median listing: on the newest days, and on
 * the days that were judged. `with` and `without` are figures on the same card-days, all of them with listings: of the whole
 * `model` (the version's own, or the default where that has no such part), and of its part that reads the price history
 * alone. Null where that cannot be told.
 */
export const ListingsWorthSchema = z.object({
  recent_share: z.number().nullable(),
  judged_share: z.number().nullable(),
  model: z.string().nullable(),
  with: RankAndErrorSchema.nullable(),
  without: RankAndErrorSchema.nullable(),
});
export type ListingsWorth = z.infer<typeof ListingsWorthSchema>;

/** How the model learned: the forecaster, its settings where it has any, and the tuning that they come from. */
export const ForecasterFactsSchema = z.object({
  name: z.string(),
  settings: CurvesSettingsSchema.nullable(),
  tuning_id: z.string().nullable(),
});
export type ForecasterFacts = z.infer<typeof ForecasterFactsSchema>;

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
  /** Hash of all that the version was made from; absent in versions of an older format, like all that follows. */
  input_sha256: sha256.optional(),
  forecaster: ForecasterFactsSchema.optional(),
  /** False where an older model speaks for newer days, because its successor was refused. */
  refitted: z.boolean().optional(),
  /** Last day that the model of the newest predictions had seen when it was fitted. */
  fitted_as_of: day.optional(),
  /** The champion of that time, with which it was compared. */
  champion: z.string().nullable().optional(),
  listings: ListingsWorthSchema.optional(),
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
