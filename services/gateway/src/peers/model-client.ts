import {
  CardsSchema,
  type ModelCurves,
  ModelCurvesSchema,
  ModelHealthSchema,
  type Prediction,
  PredictionSchema,
  type PredictRequest,
  ProblemSchema,
} from '@pokewatch/contracts';
import { type HttpProblem, isProblem } from '@pokewatch/http';
import * as z from 'zod';
import type { Call, Peer } from './peer.ts';
import { peerBadAnswer } from './peer-problems.ts';
import { callersProblem, compileReader } from './read-answer.ts';

/** The model service as the gateway sees it. Every answer is checked before it is believed. */
export interface ModelClient {
  predict(request: PredictRequest, call: Call): Promise<Prediction>;
  /** A prediction or the caller's own problem for each request, in order. */
  predictAll(requests: readonly PredictRequest[], call: Call): Promise<(Prediction | HttpProblem)[]>;
  cards(call: Call): Promise<z.output<typeof CardsSchema>>;
  /** How the values of terms become a fair price. */
  curves(call: Call): Promise<ModelCurves>;
  health(call: Call): Promise<z.output<typeof ModelHealthSchema>>;
}

export function createModelClient(peer: Peer): ModelClient {
  const readPrediction = compileReader('model', PredictionSchema);
  const readBatch = compileReader('model', z.array(z.union([PredictionSchema, ProblemSchema])));
  const readCards = compileReader('model', CardsSchema);
  const readCurves = compileReader('model', ModelCurvesSchema);
  const readHealth = compileReader('model', ModelHealthSchema);
  return {
    async predict(request, call) {
      const prediction = readPrediction(await peer.post('/predict', JSON.stringify(request), call));
      return matching(prediction, request);
    },
    async predictAll(requests, call) {
      const answers = readBatch(await peer.post('/batch_predict', JSON.stringify(requests), call));
      if (answers.length !== requests.length)
        throw peerBadAnswer('model', `${answers.length} answers to ${requests.length} requests`);
      return answers.map((answer, index) => {
        if (!isProblem(answer)) return matching(answer, requests[index]!);
        const own = callersProblem(answer);
        if (own === undefined) throw peerBadAnswer('model', `problem ${answer.code} in a batch`);
        return own;
      });
    },
    async cards(call) {
      const answer = readCards(await peer.get('/cards', call));
      if (answer.count !== answer.cards.length) throw peerBadAnswer('model', 'count is not the number of cards');
      return answer;
    },
    curves: async (call) => readCurves(await peer.get('/model', call)),
    health: async (call) => readHealth(await peer.get('/health', call)),
  };
}

/** The prediction, if it is for the card and day that were asked for. */
function matching(prediction: Prediction, { card_id, date }: PredictRequest): Prediction {
  if (prediction.card_id !== card_id || (date != null && prediction.date !== date))
    throw peerBadAnswer('model', 'an answer for another card or day');
  return prediction;
}
