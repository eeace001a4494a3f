import type { FairPriceRequest, Signal } from '@pokewatch/contracts';
import { HttpProblem } from '@pokewatch/http';
import type { DecisionClient } from './peers/decision-client.ts';
import { answerJson, type KnownDecision, type KnownPrediction } from './peers/known-predictions.ts';
import type { ModelClient } from './peers/model-client.ts';
import type { Call } from './peers/peer.ts';

export interface Clients {
  readonly model: ModelClient;
  readonly decision: DecisionClient;
}

/** The answer to a fair-price request: its JSON, and its signal. */
export interface FairPriceAnswer {
  readonly json: string;
  readonly signal: Signal;
}

/** The fair price of a card with its signal and verdicts: the model's prediction, then the decision on its figures. */
export async function fairPrice(clients: Clients, request: FairPriceRequest, call: Call): Promise<FairPriceAnswer> {
  const prediction = await clients.model.predict(request, call);
  return answerOf(prediction, await clients.decision.signal(prediction, call));
}

/** Fair prices of many cards, in order; a card without one has its problem in its place. Two calls in all. */
export async function fairPrices(
  clients: Clients,
  requests: readonly FairPriceRequest[],
  call: Call,
): Promise<(FairPriceAnswer | HttpProblem)[]> {
  if (requests.length === 0) return [];
  const predictions = await clients.model.predictAll(requests, call);
  const found = predictions.filter((each): each is KnownPrediction => !(each instanceof HttpProblem));
  const decisions = found.length === 0 ? [] : await clients.decision.signals(found, call);
  let next = 0;
  return predictions.map((each) => (each instanceof HttpProblem ? each : answerOf(each, decisions[next++]!)));
}

function answerOf(prediction: KnownPrediction, decision: KnownDecision): FairPriceAnswer {
  return { json: answerJson(prediction, decision), signal: decision.signal };
}
