import {
  CardsSchema,
  type KpiCards,
  type KpiCardsRequest,
  KpiCardsSchema,
  type KpiSummary,
  KpiSummarySchema,
  type ModelCurves,
  ModelCurvesSchema,
  type ModelHealth,
  ModelHealthSchema,
  type Prediction,
  PredictionSchema,
  type PredictRequest,
  ProblemSchema,
} from '@pokewatch/contracts';
import { HttpProblem, isProblem, LINES } from '@pokewatch/http';
import * as z from 'zod';
import { type KnownPrediction, KnownPredictions, knownPrediction } from './known-predictions.ts';
import { hasLines, LineReader } from './lines.ts';
import type { Call, Peer, PeerAnswer } from './peer.ts';
import { peerBadAnswer } from './peer-problems.ts';
import { callersProblem, compileReader, reading } from './read-answer.ts';

/** The model service as the gateway sees it. Every answer is checked before it is believed. */
export interface ModelClient {
  /** What the service answered last time, if that is known: probably its next answer too, but nothing to pass on. */
  expected(request: PredictRequest): KnownPrediction | undefined;
  predict(request: PredictRequest, call: Call): Promise<KnownPrediction>;
  /**
   * A prediction or a problem for each request, in order: the caller's own problem, or `peer_bad_answer`. `expected` has
   * what is expected of each.
   */
  predictAll(
    requests: readonly PredictRequest[],
    expected: readonly (KnownPrediction | undefined)[],
    call: Call,
  ): Promise<(KnownPrediction | HttpProblem)[]>;
  cards(call: Call): Promise<z.output<typeof CardsSchema>>;
  /** How the values of terms become a fair price. */
  curves(call: Call): Promise<ModelCurves>;
  /** How right published calls were. */
  kpis(call: Call): Promise<KpiSummary>;
  kpiCards(request: KpiCardsRequest, call: Call): Promise<KpiCards>;
  health(call: Call): Promise<ModelHealth>;
}

/** `known` may be shared by the clients of several replicas. */
export function createModelClient(peer: Peer, known = new KnownPredictions()): ModelClient {
  const readPrediction = compileReader('model', PredictionSchema);
  const readItem = compileReader('model', z.union([PredictionSchema, ProblemSchema]));
  const readBatch = compileReader('model', z.array(z.unknown()));
  const readCards = compileReader('model', CardsSchema);
  const readCurves = compileReader('model', ModelCurvesSchema);
  const readKpis = compileReader('model', KpiSummarySchema);
  const readKpiCards = compileReader('model', KpiCardsSchema);
  const readHealth = compileReader('model', ModelHealthSchema);

  /** Remembers a prediction by the bytes that it was read from. */
  function remember(request: PredictRequest, prediction: Prediction, bytes: Buffer): KnownPrediction {
    const made = knownPrediction(matching(prediction, request), Buffer.from(bytes));
    known.set(request, made);
    return made;
  }

  function item(request: PredictRequest, answer: Prediction | z.output<typeof ProblemSchema>): Prediction {
    if (!isProblem(answer)) return matching(answer, request);
    throw callersProblem(answer) ?? peerBadAnswer('model', `problem ${answer.code} in a batch`);
  }

  function fromLines(
    requests: readonly PredictRequest[],
    expected: readonly (KnownPrediction | undefined)[],
    body: Buffer,
  ): (KnownPrediction | HttpProblem)[] {
    const reader = new LineReader(body);
    const answers = requests.map((request, i) => {
      const before = expected[i];
      if (before?.line !== undefined && reader.skip(before.line)) return before;
      const line = reader.next();
      if (line === undefined) throw peerBadAnswer('model', `fewer answers than ${requests.length} requests`);
      return orProblem(() => remember(request, item(request, readItem.value(line)), line));
    });
    if (!reader.done) throw peerBadAnswer('model', `more answers than ${requests.length} requests`);
    return answers;
  }

  function fromArray(requests: readonly PredictRequest[], answer: PeerAnswer): (KnownPrediction | HttpProblem)[] {
    const items = readBatch(answer);
    if (items.length !== requests.length)
      throw peerBadAnswer('model', `${items.length} answers to ${requests.length} requests`);
    return requests.map((request, i) => orProblem(() => knownPrediction(item(request, readItem.checked(items[i])))));
  }

  return {
    expected: (request) => known.get(request),
    async predict(request, call) {
      const json = JSON.stringify(asked(request));
      return reading(await peer.post('/predict', { json }, call), (answer) => {
        const before = known.get(request);
        if (answer.status === 200 && before?.line?.equals(answer.body) === true) return before;
        return remember(request, readPrediction(answer), answer.body);
      });
    },
    async predictAll(requests, expected, call) {
      const json = JSON.stringify(requests.map(asked));
      return reading(await peer.post('/batch_predict', { json, accept: LINES }, call), (answer) =>
        answer.status === 200 && hasLines(answer)
          ? fromLines(requests, expected, answer.body)
          : fromArray(requests, answer),
      );
    },
    async cards(call) {
      const answer = reading(await peer.get('/cards', call), readCards);
      if (answer.count !== answer.cards.length) throw peerBadAnswer('model', 'count is not the number of cards');
      return answer;
    },
    kpis: async (call) => reading(await peer.get('/kpis', call), readKpis),
    async kpiCards({ after, limit }, call) {
      return reading(await peer.post('/kpis/cards', { json: JSON.stringify({ after, limit }) }, call), readKpiCards);
    },
    curves: async (call) => reading(await peer.get('/model', call), readCurves),
    health: async (call) => reading(await peer.get('/health', call), readHealth),
  };
}

/** What is passed on of a request: callers may send other fields, of any size. */
function asked({ card_id, date, explain }: PredictRequest): PredictRequest {
  return { card_id, date, explain };
}

function orProblem<T>(read: () => T): T | HttpProblem {
  try {
    return read();
  } catch (error) {
    if (error instanceof HttpProblem) return error;
    throw error;
  }
}

/** The prediction, if it is for the card and day that were asked for. */
function matching(prediction: Prediction, { card_id, date }: PredictRequest): Prediction {
  if (prediction.card_id !== card_id || (date != null && prediction.date !== date))
    throw peerBadAnswer('model', 'an answer for another card or day');
  return prediction;
}
