import * as z from 'zod';

/** The steps of a pipeline run, in their order. All but `reload` are jobs. */
export const PIPELINE_STEPS = ['collector', 'preprocess', 'train', 'reload'] as const;
export const PipelineStepSchema = z.enum(PIPELINE_STEPS);
export type PipelineStep = z.infer<typeof PipelineStepSchema>;

/** Why an attempt at a step failed; it decides whether there is another (docs/pipeline.md). */
export const CauseSchema = z.enum([
  'quota',
  'unavailable',
  'locked',
  'stopped',
  'lost',
  'timed_out',
  'out_of_memory',
  'cannot_start',
  'setup',
  'fault',
]);
export type Cause = z.infer<typeof CauseSchema>;

const FailureSchema = z.object({
  code: z.string(),
  detail: z.string(),
  /** The moment before which another try is pointless, where it is known. */
  retry_at: z.iso.datetime().optional(),
});

/** How a job tells whoever started it what came of it: the message that it leaves when it ends. At most 4096 bytes as JSON. */
export const StepReportSchema = z.object({
  job: z.string(),
  run_id: z.string().nullable(),
  status: z.enum(['ok', 'refused', 'failed', 'stopped']),
  exit_code: z.int(),
  summary: z.string(),
  counts: z.record(z.string(), z.number()),
  error: FailureSchema.nullable(),
});
export type StepReport = z.infer<typeof StepReportSchema>;

/** One try at a step. `name` is that of its Kubernetes Job, or null. */
export const AttemptSchema = z.object({
  number: z.int().min(1),
  name: z.string().nullable(),
  started_at: z.iso.datetime(),
  ended_at: z.iso.datetime().nullable(),
  outcome: z.enum(['ok', 'refused', 'failed']).nullable(),
  cause: CauseSchema.nullable(),
  code: z.string().nullable(),
  detail: z.string(),
  exit_code: z.int().nullable(),
  job_run_id: z.string().nullable(),
});
export type Attempt = z.infer<typeof AttemptSchema>;

/** `kept`: the step worked and the new model was refused. `waiting`: another try comes at `retry_at`. */
export const StepStateSchema = z.object({
  step: PipelineStepSchema,
  state: z.enum(['pending', 'running', 'waiting', 'done', 'kept', 'failed']),
  attempts: z.array(AttemptSchema),
  retry_at: z.iso.datetime().nullable(),
  summary: z.string(),
  counts: z.record(z.string(), z.number()),
});
export type StepState = z.infer<typeof StepStateSchema>;

/**
 * What one replica of the model service serves: `current` the champion, `other` something else, `silent` it does not
 * answer, `absent` nothing listens there.
 */
export const ReplicaSchema = z.object({
  name: z.string(),
  url: z.string(),
  state: z.enum(['current', 'other', 'silent', 'absent']),
  model_version: z.string().nullable(),
  detail: z.string(),
});
export type Replica = z.infer<typeof ReplicaSchema>;

/** A run of the pipeline, while it goes on and afterwards; stands in the run report, as `pipeline`. */
export const PipelineRunSchema = z.object({
  run_id: z.string(),
  runner: z.enum(['kubernetes', 'processes']),
  /** Name of the Kubernetes Job that the run belongs to. */
  owner: z.string().nullable(),
  started_at: z.iso.datetime(),
  deadline_at: z.iso.datetime(),
  steps: z.array(StepStateSchema),
  champion_before: z.string().nullable(),
  champion_after: z.string().nullable(),
  serving: z.array(ReplicaSchema),
});
export type PipelineRun = z.infer<typeof PipelineRunSchema>;

/** What `pipeline --schedule` says of itself, in `runs/schedule.json`. */
export const ScheduleSchema = z.object({
  expression: z.string(),
  next_at: z.iso.datetime().nullable(),
  /** When it was last known to be alive. */
  seen_at: z.iso.datetime(),
});
export type Schedule = z.infer<typeof ScheduleSchema>;
