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
  tracing,
  peers,
  metrics: all,
  delay,
}: ClientsOptions): Clients & { close(): Promise<void> } {
  const metrics = createPeerMetrics(all);
  const noted = { metrics, tracing };
  if (peers !== undefined) {
    const { model, decision } = peers;
    return {
      model: measuredModel(createModelClient(model), noted),
      decision: measuredDecision(createDecisionClient(decision), noted),
      close: async () => void (await Promise.all([model.close(), decision.close()])),
    };
  }
  const timeout_ms = settings.POKEWATCH_PEER_TIMEOUT_MS;
  const common = { timeout_ms, logger, delay, metrics };
  const connect = <T>(name: PeerName, client: (peer: Peer, url: string) => T) => ({
    ...common,
    name,
    connect: (url: string) => {
      const peer = httpPeer(name, url, timeout_ms);
      return { client: client(peer, url), close: () => peer.close() };
    },
  });
  const known = new KnownPredictions();
  const model = connect('model', (peer, url) => measuredModel(createModelClient(peer, known), { ...noted, url }));
  const models = new Replicas({ ...model, urls: modelUrls(settings) });
  const decision = connect('decision', (peer, url) => measuredDecision(createDecisionClient(peer), { ...noted, url }));
  const decisions = new Replicas({ ...decision, urls: decisionUrls(settings) });
  return {
    model: replicatedModel(models, known),
    decision: replicatedDecision(decisions),
    close: async () => void (await Promise.all([models.close(), decisions.close()])),
  };
}
