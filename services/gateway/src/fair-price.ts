import type { FairPrice, FairPriceRequest, Prediction } from '@pokewatch/contracts';
import { HttpProblem } from '@pokewatch/http';
import type { Decision, DecisionClient } from './peers/decision-client.ts';
import type { ModelClient } from './peers/model-client.ts';
import type { Call } from './peers/peer.ts';

export interface Clients {
  readonly model: ModelClient;
  readonly decision: DecisionClient;
}

/** The fair price of a card with its signal and verdicts: the model's prediction, then the decision on its figures. */
export async function fairPrice(clients: Clients, request: FairPriceRequest, call: Call): Promise<FairPrice> {
  const prediction = await clients.model.predict(request, call);
  return join(prediction, await clients.decision.signal(prediction, call));
}

/** Fair prices of many cards, in order; a card without one has its problem in its place. Two calls in all. */
export async function fairPrices(
  clients: Clients,
  requests: readonly FairPriceRequest[],
  call: Call,
): Promise<(FairPrice | HttpProblem)[]> {
  if (requests.length === 0) return [];
  const answers = await clients.model.predictAll(requests, call);
  const predictions = answers.filter((answer): answer is Prediction => !(answer instanceof HttpProblem));
  const signals = predictions.length === 0 ? [] : await clients.decision.signals(predictions, call);
  let next = 0;
  return answers.map((answer) => (answer instanceof HttpProblem ? answer : join(answer, signals[next++]!)));
}

function join(prediction: Prediction, { deviation_pct, signal, verdicts }: Decision): FairPrice {
  const { card_id, date, market_price, fair_price, ...detail } = prediction;
  return { card_id, date, market_price, fair_price, deviation_pct, signal, ...detail, verdicts };
}
