import { type Count, type HttpMetrics, TIMES_S } from '@pokewatch/http';
import { PEER_NAMES, type PeerName } from './peer.ts';

/** How a call of a service ended. `refused` is a problem of the request, or that no model is loaded. */
const OUTCOMES = ['success', 'timeout', 'unavailable', 'bad_answer', 'refused'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Addresses of a service by what their breakers say. */
export type ReplicaStates = Readonly<Record<'closed' | 'open', number>>;

/** What is counted about the services that are asked. */
export interface PeerMetrics {
  called(peer: PeerName, outcome: Outcome, seconds: number): void;
  /** A second try was made. */
  retried(peer: PeerName): void;
  /** An address is left alone from now on. */
  opened(peer: PeerName): void;
  /** From now on tells how many addresses a service has. */
  watch(peer: PeerName, states: () => ReplicaStates): void;
}

const PEER = { peer: PEER_NAMES } as const;

export function createPeerMetrics(metrics: HttpMetrics): PeerMetrics {
  const calls = metrics.counter({
    name: 'pokewatch_peer_calls_total',
    help: 'Calls of a service by how they ended, without health checks and without those that nobody waited for any more.',
    labels: { ...PEER, outcome: OUTCOMES },
  });
  const latency = metrics.histogram(
    {
      name: 'pokewatch_peer_latency_seconds',
      help: 'Time of each of these calls until its answer was read, or until it failed.',
      labels: PEER,
    },
    TIMES_S,
  );
  const retries = metrics.counter({
    name: 'pokewatch_peer_retries_total',
    help: 'Calls of a service that were made again: to another address, or over a new connection where there is no other.',
    labels: PEER,
  });
  const opened = metrics.counter({
    name: 'pokewatch_peer_breakers_opened_total',
    help: 'Times that an address of a service was left alone after failures.',
    labels: PEER,
  });
  const seriesOf = (peer: PeerName) => ({
    times: latency.of({ peer }),
    counts: Object.fromEntries(OUTCOMES.map((outcome) => [outcome, calls.of({ peer, outcome })])) as Record<
      Outcome,
      Count
    >,
  });
  // Looked up once: a call is counted for every request that comes alone.
  const series = {
    model: seriesOf('model'),
    decision: seriesOf('decision'),
  };
  const watched = new Map<PeerName, () => ReplicaStates>();
  metrics.gauge(
    {
      name: 'pokewatch_peer_replicas',
      help: 'Addresses of a service: closed ones are asked, open ones are left alone until they are well.',
      labels: { ...PEER, state: ['closed', 'open'] },
    },
    (tell) => {
      for (const [peer, states] of watched) {
        const { closed, open } = states();
        tell(closed, { peer, state: 'closed' });
        tell(open, { peer, state: 'open' });
      }
    },
  );
  return {
    called(peer, outcome, seconds) {
      const { counts, times } = series[peer];
      counts[outcome].n += 1;
      times.add(seconds);
    },
    retried: (peer) => retries.add({ peer }),
    opened: (peer) => opened.add({ peer }),
    watch: (peer, states) => void watched.set(peer, states),
  };
}
