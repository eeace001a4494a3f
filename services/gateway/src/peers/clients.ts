import { decisionUrls, modelUrls } from '@pokewatch/core';
import type { Given, HttpMetrics } from '@pokewatch/http';
import type { Clients } from '../fair-price.ts';
import type { LoopDelay } from '../overload/loop-delay.ts';
import { createDecisionClient } from './decision-client.ts';
import { httpPeer } from './http-peer.ts';
import { KnownPredictions } from './known-predictions.ts';
import { measuredDecision, measuredModel } from './measured.ts';
import { createModelClient } from './model-client.ts';
import type { Peer, PeerName } from './peer.ts';
import { createPeerMetrics } from './peer-metrics.ts';
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
  const counts = createPeerMetrics(metrics);
  if (peers !== undefined) {
    const { model, decision } = peers;
    return {
      model: measuredModel(createModelClient(model), counts),
      decision: measuredDecision(createDecisionClient(decision), counts),
      close: async () => void (await Promise.all([model.close(), decision.close()])),
    };
  }
  const timeout_ms = settings.POKEWATCH_PEER_TIMEOUT_MS;
  const common = { timeout_ms, logger, delay, metrics: counts };
  const connect = <T>(name: PeerName, client: (peer: Peer) => T) => ({
    ...common,
    name,
    connect: (url: string) => {
      const peer = httpPeer(name, url, timeout_ms);
      return { client: client(peer), close: () => peer.close() };
    },
  });
  const known = new KnownPredictions();
  const model = connect('model', (peer) => measuredModel(createModelClient(peer, known), counts));
  const models = new Replicas({ ...model, urls: modelUrls(settings) });
  const decision = connect('decision', (peer) => measuredDecision(createDecisionClient(peer), counts));
  const decisions = new Replicas({ ...decision, urls: decisionUrls(settings) });
  return {
    model: replicatedModel(models, known),
    decision: replicatedDecision(decisions),
    close: async () => void (await Promise.all([models.close(), decisions.close()])),
  };
}
