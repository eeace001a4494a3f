import { PatchStrategy, setHeaderOptions, type V1Job } from '@kubernetes/client-node';
import type { PipelineRun, StepState } from '@pokewatch/contracts';
import type { Logger } from '@pokewatch/core';
import { unfinishedStep, wasKept } from '../domain/run-state.ts';
import type { Ground } from '../pipeline.ts';
import { runWords, stepWords } from '../words.ts';
import { type Cluster, reasonOf } from './cluster.ts';
import { RUN_LABEL } from './names.ts';

/** Events keep this much of a message. */
const MOST_CHARACTERS = 1000;
/** Says on a Job, beside what its controller says, how the pipeline in it did. */
const CONDITION = 'pokewatch.io/Served';

/**
 * Tells kubectl what happens: Events on the run's own Job as it happens, a line a step in its annotations, and at the end a
 * condition. What cannot be told is left; the run does not depend on it.
 */
export function herald(cluster: Cluster, owner: V1Job | undefined, logger: Logger): NonNullable<Ground['announce']> {
  return async (happening, run, step) => {
    if (owner === undefined) return;
    const told = [
      event(cluster, owner, happening, run, step),
      annotate(cluster, owner, run),
      ...(happening === 'run ended' ? [condition(cluster, owner, run)] : []),
    ];
    for (const result of await Promise.allSettled(told))
      if (result.status === 'rejected')
        logger.warn({ reason: reasonOf(result.reason) }, 'the cluster could not be told');
  };
}

function event(
  { core, namespace }: Cluster,
  owner: V1Job,
  happening: string,
  run: PipelineRun,
  step: StepState | undefined,
): Promise<unknown> {
  const now = new Date();
  const { reason, warning } = reasonFor(happening, run, step);
  const message = step === undefined ? runWords(run) : `${step.step}: ${stepWords(step)}`;
  const { name = '', uid = '' } = owner.metadata ?? {};
  return core.createNamespacedEvent({
    namespace,
    body: {
      metadata: { generateName: `${name}.` },
      involvedObject: { apiVersion: 'batch/v1', kind: 'Job', name, namespace, uid },
      reason,
      type: warning ? 'Warning' : 'Normal',
      message: message.slice(0, MOST_CHARACTERS),
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      source: { component: 'pokewatch-pipeline' },
    },
  });
}

function reasonFor(
  happening: string,
  run: PipelineRun,
  step: StepState | undefined,
): { reason: string; warning: boolean } {
  if (step === undefined) {
    const failed = unfinishedStep(run) !== undefined;
    return { reason: failed ? 'RunFailed' : wasKept(run) ? 'RunKept' : 'RunDone', warning: failed };
  }
  if (happening === 'resumed') return { reason: 'StepTakenOver', warning: false };
  const reasons = {
    pending: 'StepPending',
    running: 'StepBegan',
    waiting: 'StepWaits',
    done: 'StepDone',
    kept: 'ModelKept',
    failed: 'StepFailed',
  } as const;
  return { reason: reasons[step.state], warning: step.state === 'waiting' || step.state === 'failed' };
}

function annotate({ batch, namespace }: Cluster, owner: V1Job, run: PipelineRun): Promise<unknown> {
  const lines = run.steps.map((step) => [`pokewatch.io/${step.step}`, stepWords(step)] as const);
  const serving = run.serving.map(({ name, state, model_version }) => `${name} ${model_version ?? state}`).join(', ');
  const annotations = Object.fromEntries([
    [RUN_LABEL, run.run_id],
    ...lines,
    ...(serving === '' ? [] : [['pokewatch.io/serving', serving]]),
  ]);
  const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
  const name = owner.metadata?.name ?? '';
  return batch.patchNamespacedJob({ namespace, name, body: { metadata: { annotations } } }, merge);
}

function condition({ batch, namespace }: Cluster, owner: V1Job, run: PipelineRun): Promise<unknown> {
  const { reason, warning } = reasonFor('run ended', run, undefined);
  const now = new Date().toISOString();
  const conditions = [
    {
      type: CONDITION,
      status: warning ? 'False' : 'True',
      reason,
      message: runWords(run).slice(0, MOST_CHARACTERS),
      lastProbeTime: now,
      lastTransitionTime: now,
    },
  ];
  const strategic = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);
  const name = owner.metadata?.name ?? '';
  return batch.patchNamespacedJobStatus({ namespace, name, body: { status: { conditions } } }, strategic);
}
