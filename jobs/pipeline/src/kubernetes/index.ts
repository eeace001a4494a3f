import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { V1Job, V1OwnerReference } from '@kubernetes/client-node';
import type { Settings } from '@pokewatch/core';
import type { JobProcess } from '@pokewatch/job';
import type { DataStore } from '@pokewatch/store';
import { storedEvidence } from '../evidence.ts';
import type { Ground } from '../pipeline.ts';
import { type Cluster, call, isStatus, openCluster } from './cluster.ts';
import { herald } from './herald.ts';
import { jobSteps } from './job-steps.ts';
import { type HeldLease, takeLease } from './lease-lock.ts';
import { modelReplicas } from './model-replicas.ts';

export { type Cluster, openCluster } from './cluster.ts';
export { modelReplicas } from './model-replicas.ts';
export { scheduleIn } from './schedule-in.ts';

/** How long the pipeline waits for the API server before it begins. */
const FIRST_AWAY_MS = 60_000;

/** The cluster that the settings and the surroundings name. @throws bad_setting when there is none */
export function clusterOf(settings: Settings): Cluster {
  return openCluster({ namespace: settings.POKEWATCH_NAMESPACE });
}

/** A cluster as the ground of a pipeline: steps are Jobs, one run at a time holds the Lease. */
export async function onCluster(cluster: Cluster, given: JobProcess, store: DataStore): Promise<Ground> {
  const { settings, clock, stop, logger } = given;
  const job = settings.POKEWATCH_JOB;
  const own = job === '' ? undefined : await ownJob(cluster, job, stop);
  let held: HeldLease | undefined;
  return {
    runner: 'kubernetes',
    owner: own?.metadata?.name ?? null,
    async lock() {
      held = await takeLease({
        cluster,
        me: settings.POKEWATCH_POD || `${hostname()}-${randomUUID().slice(0, 8)}`,
        job,
        stop,
      });
      return held;
    },
    jobs: jobSteps({
      cluster,
      clock,
      owner: own === undefined ? undefined : ownerReference(own),
      evidence: storedEvidence(store),
      start_ms: settings.POKEWATCH_PIPELINE_START_MS,
      job_limit_ms: settings.POKEWATCH_JOB_LIMIT_MS,
      confirm: async (signal) => held?.confirm(signal),
    }),
    replicas: (signal) => modelReplicas(cluster, signal),
    replicasMayBeAbsent: false,
    announce: herald(cluster, own, logger),
  };
}

async function ownJob({ batch, namespace }: Cluster, name: string, stop: AbortSignal): Promise<V1Job | undefined> {
  try {
    const patience = { stop, for_ms: FIRST_AWAY_MS };
    return await call(`reading Job ${name}`, patience, () => batch.readNamespacedJob({ namespace, name }));
  } catch (error) {
    // Deleted while its pod starts: the pod is about to be ended too.
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}

/** Deleting the run's Job deletes those of its steps. */
function ownerReference({ metadata }: V1Job): V1OwnerReference {
  return { apiVersion: 'batch/v1', kind: 'Job', name: metadata?.name ?? '', uid: metadata?.uid ?? '' };
}
