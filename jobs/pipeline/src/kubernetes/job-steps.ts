import type { V1Job, V1OwnerReference, V1Pod } from '@kubernetes/client-node';
import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import type { StepReport } from '@pokewatch/contracts';
import { PokewatchError, pause } from '@pokewatch/core';
import { type AttemptEnd, endOf } from '../domain/causes.ts';
import type { AttemptRef, StepRunner } from '../drive.ts';
import type { Evidence } from '../evidence.ts';
import { stopped } from '../processes.ts';
import { type Cluster, call, isStatus, type Patience } from './cluster.ts';
import { BEGAN_ANNOTATION, JOB_LABEL, RUN_LABEL } from './names.ts';
import { jobEnd, notStarted, seenOf } from './seen.ts';
import { stepJob } from './step-job.ts';

interface Options {
  readonly cluster: Cluster;
  readonly clock: { now(): Date };
  readonly owner: V1OwnerReference | undefined;
  readonly evidence: Evidence;
  /** How long a pod may take to start. */
  readonly start_ms: number;
  /** How long a job may run where its template does not say. */
  readonly job_limit_ms: number;
  /** Makes sure that this run still may act. @throws when another one has taken its place */
  readonly confirm: (stop: AbortSignal) => Promise<void>;
}

/** A watch is cheap but may go silent; this often the Job and its pods are looked at in any case. */
const LOOK_MS = 10_000;
/** Between two looks at least. */
const PAUSE_MS = 500;
/** How long the API server may be away while the pipeline waits for it. */
const AWAY_MS = 15 * 60_000;
/** After the deadline the controller needs moments to end a Job. */
const LATE_MS = 60_000;

/** Runs the steps that are jobs as Kubernetes Jobs made from the templates in their CronJobs. */
export function jobSteps(options: Options): StepRunner {
  const { cluster, clock } = options;
  const nameOf: StepRunner['nameOf'] = (run_id, step, attempt) => `${run_id}-${step}-${attempt}`;
  return {
    nameOf,
    async run(ref, stop) {
      const name = nameOf(ref.run_id, ref.step, ref.attempt)!;
      const patience = {
        stop,
        for_ms: Math.min(AWAY_MS, Math.max(1, ref.deadline_ms - clock.now().getTime() + LATE_MS)),
      };
      const there = ref.fresh ? undefined : await readJob(cluster, name, patience);
      const ours = there !== undefined && (await makeWay(options, there, ref, patience)) === 'ours';
      if (!ours) {
        const known = ref.fresh ? undefined : await ended(ref, options.evidence);
        if (known !== undefined) return endOf(ref.step, { exit_code: known.exit_code, report: known });
        await create(options, ref, name, patience);
      }
      return follow(options, ref, name, patience);
    },
  };
}

async function create(options: Options, ref: AttemptRef, name: string, patience: Patience): Promise<void> {
  const { cluster, clock, owner, job_limit_ms } = options;
  const { namespace, batch } = cluster;
  const { step, run_id, began_at } = ref;
  const template = await call(`reading CronJob ${step}`, patience, () =>
    batch.readNamespacedCronJob({ namespace, name: step }),
  ).catch((error: unknown) => {
    if (!isStatus(error, 404)) throw error;
    throw new PokewatchError('cluster_refused', `there is no CronJob ${step} in namespace ${namespace}`, {
      hint: 'The chart makes it; is this the right namespace?',
      cause: error,
    });
  });
  const left_ms = ref.deadline_ms - clock.now().getTime();
  const own_ms =
    template.spec?.jobTemplate.spec?.activeDeadlineSeconds === undefined ? job_limit_ms + LATE_MS : left_ms;
  const deadline_s = Math.ceil(Math.min(left_ms, own_ms) / 1000);
  const body = stepJob(template, { name, run_id, step, began_at, owner, deadline_s });
  for (;;) {
    await options.confirm(patience.stop);
    try {
      await call(`making Job ${name}`, patience, () => batch.createNamespacedJob({ namespace, body }));
      return;
    } catch (error) {
      if (!isStatus(error, 409)) throw error;
    }
    // Made by an earlier life of this run, or by a request whose answer was lost; or another run’s.
    const there = await readJob(cluster, name, patience);
    if (there !== undefined && (await makeWay(options, there, ref, patience)) === 'ours') return;
    await pause(PAUSE_MS, patience.stop).catch(() => undefined);
  }
}

/**
 * Says whether a Job is this attempt. An ended one of the same name that is not, of data that was put away since, is removed.
 * @throws cluster_refused when it has not ended
 */
async function makeWay(
  { cluster: { batch, namespace } }: Options,
  { metadata, ...job }: V1Job,
  { run_id, began_at }: AttemptRef,
  patience: Patience,
): Promise<'ours' | 'removed'> {
  if (metadata?.labels?.[RUN_LABEL] === run_id && metadata.annotations?.[BEGAN_ANNOTATION] === began_at) return 'ours';
  const name = metadata?.name ?? '';
  if (jobEnd(job) === undefined && metadata?.deletionTimestamp === undefined) {
    throw new PokewatchError('cluster_refused', `Job ${name} is there already and belongs to another run`, {
      hint: 'Delete it, and run the pipeline again.',
    });
  }
  await call(`removing the old Job ${name}`, patience, () =>
    batch.deleteNamespacedJob({ namespace, name, propagationPolicy: 'Background' }),
  ).catch((error: unknown) => {
    if (!isStatus(error, 404)) throw error;
  });
  return 'removed';
}

async function follow(options: Options, ref: AttemptRef, name: string, patience: Patience): Promise<AttemptEnd> {
  const { cluster, clock, evidence, start_ms } = options;
  const { step } = ref;
  let pending: { since: number; why: string } | undefined;
  for (;;) {
    if (patience.stop.aborted) throw stopped(step);
    const job = await readJob(cluster, name, patience);
    if (job === undefined) return goneEnd(ref, evidence, `Job ${name} was deleted`);
    const end = jobEnd(job);
    const pods = await podsOf(cluster, name, patience);
    if (end !== undefined) {
      const seen = seenOf(step, end, pods);
      // Its word may be lost although its work is done: the pod was removed, or its node is away.
      const known = seen.report === null ? await ended(ref, evidence) : undefined;
      if (known?.exit_code === 0) return endOf(step, { exit_code: 0, report: known });
      if (known !== undefined && !end.done) return endOf(step, { ...seen, exit_code: known.exit_code, report: known });
      return endOf(step, seen);
    }
    const why = notStarted(pods);
    if (why === undefined) pending = undefined;
    else {
      pending = { since: pending?.since ?? performance.now(), why };
      if (performance.now() - pending.since >= start_ms) {
        await endJob(cluster, name, patience);
        const detail = `its pod did not start within ${start_ms} ms: ${why}`;
        return endOf(step, { exit_code: null, report: null, because: { cause: 'cannot_start', detail } });
      }
    }
    if (clock.now().getTime() >= ref.deadline_ms + LATE_MS) {
      await endJob(cluster, name, patience);
      const detail = 'the time of the whole run was up';
      return endOf(step, { exit_code: null, report: null, because: { cause: 'timed_out', detail } });
    }
    await change(cluster, job, pending === undefined ? LOOK_MS : Math.min(LOOK_MS, start_ms), patience.stop);
  }
}

/** The end of an attempt whose Job is gone: what the store knows of it, else that it was lost. */
async function goneEnd(ref: AttemptRef, evidence: Evidence, detail: string): Promise<AttemptEnd> {
  const known = await ended(ref, evidence);
  if (known !== undefined) return endOf(ref.step, { exit_code: known.exit_code, report: known });
  return endOf(ref.step, { exit_code: null, report: null, because: { cause: 'lost', detail } });
}

/** The report of an attempt that came to its own end; one that was stopped has to be tried again. */
async function ended(ref: AttemptRef, evidence: Evidence): Promise<StepReport | undefined> {
  const known = await evidence(ref);
  return known?.status === 'stopped' ? undefined : known;
}

async function readJob({ batch, namespace }: Cluster, name: string, patience: Patience): Promise<V1Job | undefined> {
  try {
    return await call(`reading Job ${name}`, patience, () => batch.readNamespacedJob({ namespace, name }));
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}

async function podsOf({ core, namespace }: Cluster, name: string, patience: Patience): Promise<V1Pod[]> {
  const labelSelector = `${JOB_LABEL}=${name}`;
  const list = await call(`listing the pods of Job ${name}`, patience, () =>
    core.listNamespacedPod({ namespace, labelSelector }),
  );
  return list.items;
}

/** Ends a Job, and leaves it there for `kubectl describe`: its controller ends the pods and marks it as failed. */
async function endJob({ batch, namespace }: Cluster, name: string, patience: Patience): Promise<void> {
  const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
  const body = { spec: { activeDeadlineSeconds: 1 } };
  await call(`ending Job ${name}`, { ...patience, for_ms: 30_000 }, () =>
    batch.patchNamespacedJob({ namespace, name, body }, merge),
  ).catch((error: unknown) => {
    if (!isStatus(error, 404)) throw error;
  });
}

/** Waits until something happens to the Job, or for `most_ms`. Whatever ends the watch (a cut, 410, 500) only ends the wait. */
async function change({ watch, namespace }: Cluster, job: V1Job, most_ms: number, stop: AbortSignal): Promise<void> {
  const path = `/apis/batch/v1/namespaces/${namespace}/jobs`;
  const query = {
    fieldSelector: `metadata.name=${job.metadata?.name}`,
    resourceVersion: job.metadata?.resourceVersion,
  };
  const happened = Promise.withResolvers<void>();
  const tell = () => happened.resolve();
  const watching = watch.watch(path, query, tell, tell);
  const quiet = new AbortController();
  try {
    await Promise.race([
      happened.promise,
      pause(most_ms, AbortSignal.any([stop, quiet.signal])).catch(() => undefined),
    ]);
  } finally {
    quiet.abort();
    // A watch that could not be opened has nothing to close.
    void watching.then(
      (connection) => connection.abort(),
      () => undefined,
    );
  }
  await pause(PAUSE_MS, stop).catch(() => undefined);
}
