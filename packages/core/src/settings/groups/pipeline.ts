import * as z from 'zod';
import { flag, timer_ms } from '../kinds.ts';
import type { Setting } from '../setting.ts';

/** Settings of the group “Pipeline”. */
export const PIPELINE_SETTINGS = {
  POKEWATCH_PIPELINE: {
    schema: z.enum(['processes', 'kubernetes']),
    fallback: 'processes',
    doc: 'What `pipeline` runs its steps as: processes of this machine, or Kubernetes Jobs.',
  },
  POKEWATCH_PIPELINE_LIMIT_MS: {
    schema: timer_ms,
    fallback: '21600000',
    doc: 'Time limit of a whole run of the pipeline with its waits and retries, in milliseconds.',
  },
  POKEWATCH_PIPELINE_START_MS: {
    schema: timer_ms,
    fallback: '300000',
    doc: 'Longest time that the pod of a step may take to start, in milliseconds.',
  },
  POKEWATCH_RELOAD_LIMIT_MS: {
    schema: timer_ms,
    fallback: '180000',
    doc: 'How long all replicas of the model service may take to serve a new champion, in milliseconds.',
  },
  POKEWATCH_TRAIN_RELOAD: {
    schema: flag,
    fallback: 'true',
    doc: 'Whether `train` asks the model service to load the new champion; the pipeline does that itself, and turns it off.',
  },
  POKEWATCH_PIPELINE_RUN: {
    schema: z.string(),
    fallback: '',
    doc: 'Run of the pipeline that a job is a step of; the pipeline sets it.',
  },
  POKEWATCH_TERMINATION_LOG: {
    schema: z.string(),
    fallback: '',
    doc: 'File in which a job leaves its outcome as JSON when it ends. Empty: /dev/termination-log, where that exists.',
  },
  POKEWATCH_NAMESPACE: {
    schema: z.string(),
    fallback: '',
    doc: 'Kubernetes namespace of the pipeline. Empty: that of the kubeconfig or of the pod.',
  },
  POKEWATCH_POD: {
    schema: z.string(),
    fallback: '',
    doc: 'Name of the pod that the pipeline runs in.',
  },
  POKEWATCH_JOB: {
    schema: z.string(),
    fallback: '',
    doc: 'Name of the Kubernetes Job that the pipeline runs in; it owns the Jobs of the steps.',
  },
} as const satisfies Record<string, Setting>;
