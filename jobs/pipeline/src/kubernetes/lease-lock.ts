import { type V1Lease, V1MicroTime } from '@kubernetes/client-node';
import { PokewatchError, pause } from '@pokewatch/core';
import type { Lock } from '@pokewatch/job';
import { type LeaseView, leaseMove, type Watched } from '../domain/lease.ts';
import { type Cluster, call, isStatus, type Patience } from './cluster.ts';
import { LEASE } from './names.ts';

/** A Lease that this run holds. */
export interface HeldLease extends Lock {
  /** Makes sure that it is still held. @throws job_locked when another run has taken it */
  confirm(stop: AbortSignal): Promise<void>;
}

interface Options {
  readonly cluster: Cluster;
  /** Name of this pod, or what else tells this process from others. */
  readonly me: string;
  /** Name of the Job that this pod belongs to, or an empty text. */
  readonly job: string;
  readonly stop: AbortSignal;
  /** How long a holder that says nothing keeps it. */
  readonly duration_ms?: number;
}

const DURATION_MS = 30_000;
/** Parts of the duration: how often a holder renews, and how often somebody who wants it looks. */
const RENEWALS = 3;
const LOOKS = 15;
/** A renewal that takes longer is tried again: the next one is due. */
const PATIENCE_MS = 5_000;
/** How long the API server may be away while a run makes sure that it still holds the Lease. */
const AWAY_MS = 15 * 60_000;

/**
 * Takes the Lease of the pipeline in this namespace, and renews it until it is released.
 * @throws job_locked when a living run holds it: it says which
 */
export async function takeLease(options: Options): Promise<HeldLease> {
  const { cluster, stop, duration_ms = DURATION_MS } = options;
  const me = `${options.job}/${options.me}`;
  const patience = { stop, for_ms: 60_000 };
  let watched: Watched | undefined;
  for (;;) {
    const lease = await readLease(cluster, patience);
    const seen = lease === undefined ? undefined : viewOf(lease);
    const [job = '', pod = ''] = (seen?.holder ?? '').split('/');
    const move = leaseMove(me, seen, watched, {
      now_ms: performance.now(),
      duration_ms,
      holderIsGone: pod !== '' && job !== '' && seen?.holder !== me && (await podHasEnded(cluster, pod, patience)),
      holderIsKin: options.job !== '' && job === options.job,
    });
    if (move.do === 'give_up') throw heldBy(job, pod, lease, cluster.namespace);
    if (move.do === 'take') {
      const taken = await write(cluster, lease, me, { duration_ms, taken: true }, patience);
      if (taken !== undefined) return hold(options, taken, me, duration_ms);
    } else watched = move.watched;
    await pause(duration_ms / LOOKS, stop).catch(() => undefined);
    if (stop.aborted) throw new PokewatchError('job_stopped', 'the pipeline was stopped before it began');
  }
}

function hold({ cluster }: Options, first: V1Lease, me: string, duration_ms: number): HeldLease {
  const lost = new AbortController();
  let lease = first;
  let turn: Promise<void> = Promise.resolve();
  let released = false;
  const renew = async (patience: Patience) => {
    if (released || lost.signal.aborted) return;
    const next = await write(cluster, lease, me, { duration_ms, taken: false }, patience);
    if (next !== undefined) lease = next;
    else {
      // Another write came between: another run’s, or our own whose answer was lost.
      const now = await readLease(cluster, patience);
      if (now === undefined || viewOf(now).holder !== me) return lost.abort();
      lease = now;
    }
  };
  const inTurn = (work: () => Promise<void>) => {
    turn = turn.then(work);
    const mine = turn;
    turn = turn.catch(() => undefined);
    return mine;
  };
  const never = new AbortController().signal;
  const timer = setInterval(() => {
    // An API server that is away keeps everybody else from the Lease too.
    void inTurn(() => renew({ stop: never, for_ms: PATIENCE_MS })).catch(() => undefined);
  }, duration_ms / RENEWALS);
  timer.unref();
  return {
    lost: lost.signal,
    async confirm(signal) {
      await inTurn(() => renew({ stop: signal, for_ms: AWAY_MS }));
      if (lost.signal.aborted)
        throw new PokewatchError('job_locked', 'another run of the pipeline has taken the Lease');
    },
    async release() {
      clearInterval(timer);
      // What cannot be released now is free when it has not been renewed for its duration.
      await inTurn(async () => {
        released = true;
        if (!lost.signal.aborted)
          await write(cluster, lease, '', { duration_ms, taken: false }, { stop: never, for_ms: 2000 });
      }).catch(() => undefined);
    },
  };
}

function viewOf(lease: V1Lease): LeaseView {
  return { holder: lease.spec?.holderIdentity ?? '', version: lease.metadata?.resourceVersion ?? '' };
}

async function readLease({ coordination, namespace }: Cluster, patience: Patience): Promise<V1Lease | undefined> {
  try {
    return await call('reading the Lease', patience, () =>
      coordination.readNamespacedLease({ namespace, name: LEASE }),
    );
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}

/** Writes over exactly what was read. @returns the Lease as it is now, or undefined when somebody else was faster */
async function write(
  { coordination, namespace }: Cluster,
  over: V1Lease | undefined,
  holder: string,
  { duration_ms, taken }: { duration_ms: number; taken: boolean },
  patience: Patience,
): Promise<V1Lease | undefined> {
  const now = new V1MicroTime();
  const spec = {
    ...over?.spec,
    holderIdentity: holder,
    leaseDurationSeconds: Math.max(1, Math.round(duration_ms / 1000)),
    renewTime: now,
    ...(taken ? { acquireTime: now, leaseTransitions: (over?.spec?.leaseTransitions ?? -1) + 1 } : {}),
  };
  const body: V1Lease = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name: LEASE,
      ...(over?.metadata?.labels === undefined ? {} : { labels: over.metadata.labels }),
      ...(over?.metadata?.resourceVersion === undefined ? {} : { resourceVersion: over.metadata.resourceVersion }),
    },
    spec,
  };
  try {
    return await call('writing the Lease', patience, () =>
      over === undefined
        ? coordination.createNamespacedLease({ namespace, body })
        : coordination.replaceNamespacedLease({ namespace, name: LEASE, body }),
    );
  } catch (error) {
    if (isStatus(error, 409) || isStatus(error, 404)) return undefined;
    throw error;
  }
}

async function podHasEnded({ core, namespace }: Cluster, name: string, patience: Patience): Promise<boolean> {
  try {
    const pod = await call(`reading pod ${name}`, patience, () => core.readNamespacedPod({ namespace, name }));
    return ['Succeeded', 'Failed'].includes(pod.status?.phase ?? '');
  } catch (error) {
    if (isStatus(error, 404)) return true;
    throw error;
  }
}

function heldBy(job: string, pod: string, lease: V1Lease | undefined, namespace: string): PokewatchError {
  // The library leaves times with microseconds as the text that came.
  const acquired = lease?.spec?.acquireTime;
  const since = acquired === undefined ? undefined : new Date(acquired).toISOString();
  const who = job === '' ? pod : `pod ${pod} of Job ${job}`;
  return new PokewatchError(
    'job_locked',
    `a pipeline is running already: ${who}${since === undefined ? '' : `, since ${since}`}`,
    {
      hint: `Wait for it to end.${job === '' ? '' : ` \`kubectl -n ${namespace} delete job ${job}\` ends it.`}`,
    },
  );
}
