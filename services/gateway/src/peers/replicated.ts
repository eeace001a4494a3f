import type { DecisionClient } from './decision-client.ts';
import type { KnownPredictions } from './known-predictions.ts';
import { spoiled } from './measured.ts';
import type { ModelClient } from './model-client.ts';
import type { Replicas } from './replicas.ts';

/** `/health` must know within half a second, so a replica that stands still is given up earlier. */
const HEALTH = { try_ms: 150 };

/** The model service behind all its addresses. */
export function replicatedModel(replicas: Replicas<ModelClient>, known: KnownPredictions): ModelClient {
  return {
    expected: (request) => known.get(request),
    predict: (request, call) => replicas.ask(call, (client, one) => client.predict(request, one)),
    predictAll: (requests, expected, call) =>
      replicas.ask(call, (client, one) => client.predictAll(requests, expected, one), { spoiled }),
    cards: (call) => replicas.ask(call, (client, one) => client.cards(one)),
    kpis: (call) => replicas.ask(call, (client, one) => client.kpis(one)),
    kpiCards: (request, call) => replicas.ask(call, (client, one) => client.kpiCards(request, one)),
    curves: (call) => replicas.ask(call, (client, one) => client.curves(one)),
    health: (call) => replicas.ask(call, (client, one) => client.health(one), HEALTH),
  };
}

/** The decision service behind all its addresses. */
export function replicatedDecision(replicas: Replicas<DecisionClient>): DecisionClient {
  return {
    signal: (prediction, call) => replicas.ask(call, (client, one) => client.signal(prediction, one)),
    signals: (predictions, call) => replicas.ask(call, (client, one) => client.signals(predictions, one)),
    health: (call) => replicas.ask(call, (client, one) => client.health(one), HEALTH),
  };
}
