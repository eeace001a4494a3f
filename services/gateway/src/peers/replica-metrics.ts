import type { HttpMetrics } from '@pokewatch/http';
import { Counter } from 'prom-client';
import type { PeerName } from './peer.ts';

/** Counts what is done about services in trouble. */
export interface ReplicaMetrics {
  /** A second try was made. */
  retried(peer: PeerName): void;
  /** An address is left alone from now on. */
  opened(peer: PeerName): void;
}

export function createReplicaMetrics({ registry }: HttpMetrics): ReplicaMetrics {
  const retries = new Counter({
    name: 'pokewatch_peer_retries_total',
    help: 'Calls of a service that were made again: to another address, or over a new connection where there is no other.',
    labelNames: ['peer'],
    registers: [registry],
  });
  const opened = new Counter({
    name: 'pokewatch_peer_breakers_opened_total',
    help: 'Times that an address of a service was left alone after failures.',
    labelNames: ['peer'],
    registers: [registry],
  });
  for (const peer of ['model', 'decision']) for (const counter of [retries, opened]) counter.inc({ peer }, 0);
  return { retried: (peer) => retries.inc({ peer }), opened: (peer) => opened.inc({ peer }) };
}
