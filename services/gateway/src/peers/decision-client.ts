import {
  DecisionHealthSchema,
  type Prediction,
  type SignalRequest,
  type SignalResponse,
  SignalResponseSchema,
  type Verdicts,
} from '@pokewatch/contracts';
import * as z from 'zod';
import type { Call, Peer } from './peer.ts';
import { peerBadAnswer } from './peer-problems.ts';
import { compileReader } from './read-answer.ts';

/** A signal with the verdicts that the gateway always asks for. */
export type Decision = SignalResponse & { readonly verdicts: Verdicts };

/** The decision service as the gateway sees it. Every answer is checked before it is believed. */
export interface DecisionClient {
  signal(prediction: Prediction, call: Call): Promise<Decision>;
  /** A signal for each prediction, in order. */
  signals(predictions: readonly Prediction[], call: Call): Promise<Decision[]>;
  health(call: Call): Promise<void>;
}

export function createDecisionClient(peer: Peer): DecisionClient {
  const readSignal = compileReader('decision', SignalResponseSchema);
  const readBatch = compileReader('decision', z.array(SignalResponseSchema));
  const readHealth = compileReader('decision', DecisionHealthSchema);
  return {
    async signal(prediction, call) {
      const question = questionOf(prediction);
      return matching(readSignal(await peer.post('/signal', JSON.stringify(question), call)), question);
    },
    async signals(predictions, call) {
      const questions = predictions.map(questionOf);
      const answers = readBatch(await peer.post('/batch_signal', JSON.stringify(questions), call));
      if (answers.length !== questions.length)
        throw peerBadAnswer('decision', `${answers.length} answers to ${questions.length} questions`);
      return answers.map((answer, index) => matching(answer, questions[index]!));
    },
    async health(call) {
      readHealth(await peer.get('/health', call));
    },
  };
}

/** What the decision is asked of a prediction: all the published figures that it is made from. */
function questionOf(prediction: Prediction): SignalRequest {
  const { market_price, fair_price, lower, upper, p_up, p_down, low_price, horizon_days, flags } = prediction;
  return { market_price, fair_price, lower, upper, p_up, p_down, low_price, horizon_days, flags };
}

/** The answer, if it is for the prices that were sent and has verdicts. */
function matching(answer: SignalResponse, { market_price, fair_price }: SignalRequest): Decision {
  if (answer.market_price !== market_price || answer.fair_price !== fair_price)
    throw peerBadAnswer('decision', 'an answer for other prices');
  const { verdicts } = answer;
  if (verdicts === undefined) throw peerBadAnswer('decision', 'an answer without verdicts');
  return { ...answer, verdicts };
}
