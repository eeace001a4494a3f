import { modelUrls, type Settings } from '@pokewatch/core';
import type { JobProcess } from '@pokewatch/job';
import { type Ground, processSteps, type ReplicaAddress, storedEvidence } from '@pokewatch/job-pipeline';
import type { DataStore } from '@pokewatch/store';
import type { Context } from '../context.ts';
import { stepStarter } from './step-process.ts';

/** What the settings let a pipeline run on: a cluster, or processes of this machine. */
export async function groundOf(context: Context, given: JobProcess, store: DataStore): Promise<Ground> {
  const { settings, clock } = given;
  if (settings.POKEWATCH_PIPELINE === 'kubernetes') {
    // The client for Kubernetes takes more than a second to load; nobody else waits for it.
    const { clusterOf, onCluster } = await import('@pokewatch/job-pipeline/kubernetes');
    return onCluster(clusterOf(settings), given, store);
  }
  return {
    runner: 'processes',
    owner: null,
    jobs: processSteps(stepStarter(context), storedEvidence(store), clock),
    replicas: async () => replicasOf(settings),
    replicasMayBeAbsent: true,
  };
}

/** The replicas of the model service that the settings name. */
export function replicasOf(settings: Settings): ReplicaAddress[] {
  return modelUrls(settings).map((url) => ({ name: url.replace(/^https?:\/\//, ''), url, required: true }));
}
