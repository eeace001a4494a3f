import * as z from 'zod';

/** A model version that waits to be handed in to MLflow, and the run of `train` that made it. */
export const HandoverSchema = z.object({
  model_version: z.string(),
  train_run: z.string(),
  started_at: z.iso.datetime(),
  ended_at: z.iso.datetime(),
  /** Why it was not handed in the last time it was tried; null before. */
  fault: z.string().nullable(),
});
export type Handover = z.infer<typeof HandoverSchema>;

/** `mlflow/outbox.json`: what waits, oldest first, and where the alias of the champion stood when it was moved last. */
export const OutboxSchema = z.object({
  waiting: z.array(HandoverSchema),
  champion: z.object({ server: z.string(), model_version: z.string() }).nullable(),
});
export type Outbox = z.infer<typeof OutboxSchema>;

/** `mlflow/<model version>.json`: where a version was handed in. Null: the server has no model registry. */
export const ReceiptSchema = z.object({
  model_version: z.string(),
  /** Address of the server and name of the experiment. */
  server: z.string(),
  experiment: z.string(),
  mlflow_run_id: z.string(),
  registered_version: z.string().nullable(),
  /** Files that were too large for MLflow. */
  left_out: z.array(z.string()),
  handed_in_at: z.iso.datetime(),
});
export type Receipt = z.infer<typeof ReceiptSchema>;
