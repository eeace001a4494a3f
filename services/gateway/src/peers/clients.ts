import { decisionUrls, modelUrls } from '@pokewatch/core';
import type { Given, HttpMetrics } from '@pokewatch/http';
import type { Clients } from '../fair-price.ts';
import type { LoopDelay } from '../overload/loop-delay.ts';
import { createDecisionClient } from './decision-client.ts';
import { httpPeer } from './http-peer.ts';
import { KnownPredictions } from './known-predictions.ts';
import { createModelClient } from './model-client.ts';
import type { Peer, PeerName } from './peer.ts';
import { createReplicaMetrics } from './replica-metrics.ts';
import { Replicas } from './replicas.ts';
import { replicatedDecision, replicatedModel } from './replicated.ts';

/** The services inside this process. */
export interface Peers {
  readonly model: Peer;
  readonly decision: Peer;
}

interface ClientsOptions extends Given {
  readonly peers?: Peers | undefined;
  readonly metrics: HttpMetrics;
  readonly delay: LoopDelay;
}

/** Clients of both services: of `peers` when they are given, otherwise of all replicas at the addresses in the settings. */
export function createClients({
  settings,
  logger,
  peers,
  metrics,
  delay,
}: ClientsOptions): Clients & { close(): Promise<void> } {
  if (peers !== undefined) {
    const { model, decision } = peers;
    return {
      model: createModelClient(model),
      decision: createDecisionClient(decision),
      close: async () => void (await Promise.all([model.close(), decision.close()])),
    };
  }
  const timeout_ms = settings.POKEWATCH_PEER_TIMEOUT_MS;
  const common = { timeout_ms, logger, delay, metrics: createReplicaMetrics(metrics) };
  const connect = <T>(name: PeerName, client: (peer: Peer) => T) => ({
    ...common,
    name,
    connect: (url: string) => {
      const peer = httpPeer(name, url, timeout_ms);
      return { client: client(peer), close: () => peer.close() };
    },
  });
  const known = new KnownPredictions();
  const model = connect('model', (peer) => createModelClient(peer, known));
  const models = new Replicas({ ...model, urls: modelUrls(settings) });
  const decisions = new Replicas({ ...connect('decision', createDecisionClient), urls: decisionUrls(settings) });
  return {
    model: replicatedModel(models, known),
    decision: replicatedDecision(decisions),
    close: async () => void (await Promise.all([models.close(), decisions.close()])),
  };
}
