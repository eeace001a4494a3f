import type { FairPriceRequest, Signal } from '@pokewatch/contracts';
import { HttpProblem, type JsonBytes } from '@pokewatch/http';
import type { DecisionClient } from './peers/decision-client.ts';
import type { KnownPrediction } from './peers/known-predictions.ts';
import type { ModelClient } from './peers/model-client.ts';
import type { Call } from './peers/peer.ts';

export interface Clients {
  readonly model: ModelClient;
  readonly decision: DecisionClient;
}

/** The answer to a fair-price request, and its signal. */
export interface FairPriceAnswer {
  readonly json: JsonBytes;
  readonly signal: Signal;
}

/**
 * The fair price of a card with its signal and verdicts: the model's prediction, then the decision on its figures. Where a
 * prediction is expected, the decision on it is asked for at the same time, and used only if the prediction turns out to
 * be that one, byte for byte.
 */
export async function fairPrice(clients: Clients, request: FairPriceRequest, call: Call): Promise<FairPriceAnswer> {
  const { model, decision } = clients;
  const expected = model.expected(request);
  const asked = model.predict(request, call);
  const early = expected === undefined ? undefined : unheard(decision.signal(expected, { ...call }));
  const prediction = await asked;
  call.asking = 'decision';
  return early !== undefined && prediction === expected ? early : decision.signal(prediction, call);
}

/**
 * Fair prices of many cards, in order; a card without one has its problem in its place. Two calls in all, at the same time
 * where all predictions are expected; a third one when they were not as expected.
 */
export async function fairPrices(
  clients: Clients,
  requests: readonly FairPriceRequest[],
  call: Call,
): Promise<(FairPriceAnswer | HttpProblem)[]> {
  if (requests.length === 0) return [];
  const { model, decision } = clients;
  const expected = requests.map((request) => model.expected(request));
  const asked = model.predictAll(requests, expected, call);
  const early = allKnown(expected) ? unheard(decision.signals(expected, { ...call })) : undefined;
  const predictions = await asked;
  call.asking = 'decision';
  const found = predictions.filter((each): each is KnownPrediction => !(each instanceof HttpProblem));
  const asExpected = early !== undefined && predictions.every((each, i) => each === expected[i]);
  if (asExpected) return early;
  const decisions = found.length === 0 ? [] : await decision.signals(found, call);
  let next = 0;
  return predictions.map((each) => (each instanceof HttpProblem ? each : decisions[next++]!));
}

function allKnown(expected: readonly (KnownPrediction | undefined)[]): expected is readonly KnownPrediction[] {
  return !expected.includes(undefined);
}

/** A promise whose failure may go unheard, because it may turn out that nobody needs it. */
function unheard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
