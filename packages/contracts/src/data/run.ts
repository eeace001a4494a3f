import * as z from 'zod';
import { PipelineRunSchema } from './pipeline.ts';

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

/** `runs/<run id>.json`: what one run of a job did. `counts` are rows, cards, requests and so on, by name. */
export const RunReportSchema = z.object({
  run_id: z.string(),
  job: JobNameSchema,
  status: z.enum(['running', 'ok', 'refused', 'failed', 'stopped']),
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
