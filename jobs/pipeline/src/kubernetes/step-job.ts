import type { V1Container, V1CronJob, V1Job, V1OwnerReference } from '@kubernetes/client-node';
import type { PipelineStep } from '@pokewatch/contracts';
import { BEGAN_ANNOTATION, RUN_LABEL, STEP_LABEL } from './names.ts';

interface StepJob {
  readonly name: string;
  readonly run_id: string;
  readonly step: PipelineStep;
  readonly began_at: string;
  readonly owner: V1OwnerReference | undefined;
  /** The most that the template's own deadline may be. */
  readonly deadline_s: number;
}

/**
 * The Job of one attempt at a step, from the template in its CronJob. It is tried once: whether it is tried again, the
 * pipeline decides by its cause.
 */
export function stepJob(template: V1CronJob, { name, run_id, step, began_at, owner, deadline_s }: StepJob): V1Job {
  const { metadata, spec } = template.spec!.jobTemplate;
  const pod = spec?.template;
  const labels = { [RUN_LABEL]: run_id, [STEP_LABEL]: step };
  const env = { POKEWATCH_PIPELINE_RUN: run_id, POKEWATCH_TRAIN_RELOAD: 'false' };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      labels: { ...metadata?.labels, ...labels },
      annotations: {
        ...metadata?.annotations,
        'cronjob.kubernetes.io/instantiate': 'manual',
        [BEGAN_ANNOTATION]: began_at,
      },
      ...(owner === undefined ? {} : { ownerReferences: [owner] }),
    },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: Math.max(1, Math.min(spec?.activeDeadlineSeconds ?? Number.POSITIVE_INFINITY, deadline_s)),
      ...(spec?.ttlSecondsAfterFinished === undefined ? {} : { ttlSecondsAfterFinished: spec.ttlSecondsAfterFinished }),
      template: {
        ...pod,
        metadata: { ...pod?.metadata, labels: { ...pod?.metadata?.labels, ...labels } },
        spec: {
          ...pod?.spec,
          restartPolicy: 'Never',
          containers: (pod?.spec?.containers ?? []).map((container) => withEnv(container, env)),
        },
      },
    },
  };
}

function withEnv(container: V1Container, env: Readonly<Record<string, string>>): V1Container {
  const others = (container.env ?? []).filter(({ name }) => !(name in env));
  return { ...container, env: [...others, ...Object.entries(env).map(([name, value]) => ({ name, value }))] };
}
