import * as z from 'zod';
import { PipelineRunSchema } from './pipeline.ts';
import { SourceNameSchema } from './prices.ts';

export const JobNameSchema = z.enum([
  'collector',
  'import',
  'preprocess',
  'train',
  'tune',
  'backtest',
  'pipeline',
  'kpis',
  'drift',
]);
export type JobName = z.infer<typeof JobNameSchema>;

/** How a run may end: done, done and said no, broken, or told to stop. */
export const RUN_ENDS = ['ok', 'refused', 'failed', 'stopped'] as const;

/** What runs of jobs count, by name. */
export const RUN_COUNTS = [
  'rows',
  'cards',
  'raw_files',
  'price_rows',
  'card_rows',
  'bad_rows',
  'duplicate_rows',
  'no_price_rows',
  'parts',
  'parts_failed',
  'spent',
  'trials',
  'calls',
  'judged',
  'open',
  'no_price',
  'attempts',
  'replicas',
  'replicas_current',
  'kept',
] as const;
export type RunCount = (typeof RUN_COUNTS)[number];

/** `runs/<run id>.json`: what one run of a job did. `counts` are rows, cards and so on, by the names of `RUN_COUNTS`. */
export const RunReportSchema = z.object({
  run_id: z.string(),
  job: JobNameSchema,
  status: z.enum(['running', ...RUN_ENDS]),
  started_at: z.iso.datetime(),
  ended_at: z.iso.datetime().nullable(),
  duration_ms: z.number().nullable(),
  exit_code: z.int().nullable(),
  resumed: z.boolean(),
  summary: z.string(),
  counts: z.record(z.string(), z.number()),
  flags: z.record(z.string(), z.number()),
  notes: z.array(z.string()),
  error: z.object({ code: z.string(), detail: z.string(), retry_at: z.iso.datetime().optional() }).nullable(),
  /** The source that prices were got from, and the newest day that it gave one of in this run; null when it gave none. */
  source: z.object({ name: SourceNameSchema, newest_price: z.iso.date().nullable() }).optional(),
  /** Id of the pipeline run that this run is a step of. */
  pipeline_run: z.string().optional(),
  /** Of a run of the pipeline: its steps. */
  pipeline: PipelineRunSchema.optional(),
});
export type RunReport = z.infer<typeof RunReportSchema>;

/** Exit codes of jobs and of the command line. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  locked: 4,
  unavailable: 5,
  timed_out: 6,
  stopped: 143,
} as const;
