import { DecisionHealthSchema, type SignalResponse, SignalResponseSchema } from '@pokewatch/contracts';
import { LINES } from '@pokewatch/http';
import * as z from 'zod';
import { answerJson, type KnownDecision, type KnownPrediction } from './known-predictions.ts';
import { hasLines, LineReader } from './lines.ts';
import type { Call, Peer, PeerAnswer } from './peer.ts';
import { peerBadAnswer } from './peer-problems.ts';
import { compileReader, reading } from './read-answer.ts';

/** The decision service as the gateway sees it. Every answer is checked before it is believed. */
export interface DecisionClient {
  signal(prediction: KnownPrediction, call: Call): Promise<KnownDecision>;
  /** A decision for each prediction, in order. */
  signals(predictions: readonly KnownPrediction[], call: Call): Promise<KnownDecision[]>;
  health(call: Call): Promise<void>;
}

export function createDecisionClient(peer: Peer): DecisionClient {
  const readSignal = compileReader('decision', SignalResponseSchema);
  const readBatch = compileReader('decision', z.array(SignalResponseSchema));
  const readHealth = compileReader('decision', DecisionHealthSchema);

  function remember(prediction: KnownPrediction, answer: SignalResponse, bytes: Buffer): KnownDecision {
    const made = knownDecision(answer, prediction, Buffer.from(bytes));
    prediction.decision = made;
    return made;
  }

  function fromLines(predictions: readonly KnownPrediction[], body: Buffer): KnownDecision[] {
    const reader = new LineReader(body);
    const decisions = predictions.map((prediction) => {
      const before = prediction.decision;
      if (before?.line !== undefined && reader.skip(before.line)) return before;
      const line = reader.next();
      if (line === undefined) throw wrongCount(predictions, 'fewer');
      return remember(prediction, readSignal.value(line), line);
    });
    if (!reader.done) throw wrongCount(predictions, 'more');
    return decisions;
  }

  function fromArray(predictions: readonly KnownPrediction[], answer: PeerAnswer): KnownDecision[] {
    const answers = readBatch(answer);
    if (answers.length !== predictions.length)
      throw wrongCount(predictions, answers.length < predictions.length ? 'fewer' : 'more');
    return answers.map((each, index) => knownDecision(each, predictions[index]!));
  }

  return {
    async signal(prediction, call) {
      return reading(await peer.post('/signal', { json: prediction.question_json }, call), (answer) => {
        const before = prediction.decision;
        if (answer.status === 200 && before?.line?.equals(answer.body) === true) return before;
        return remember(prediction, readSignal(answer), answer.body);
      });
    },
    async signals(predictions, call) {
      const json = predictions.map(({ question_json }) => question_json).join('\n');
      return reading(await peer.post('/batch_signal', { json, type: LINES, accept: LINES }, call), (answer) =>
        answer.status === 200 && hasLines(answer)
          ? fromLines(predictions, answer.body)
          : fromArray(predictions, answer),
      );
    },
    async health(call) {
      reading(await peer.get('/health', call), readHealth);
    },
  };
}

function wrongCount(predictions: readonly KnownPrediction[], side: 'fewer' | 'more') {
  return peerBadAnswer('decision', `${side} answers than ${predictions.length} questions`);
}

/** The decision, if it is for the prices that were sent and has verdicts. */
function knownDecision(answer: SignalResponse, prediction: KnownPrediction, line?: Buffer): KnownDecision {
  const { deviation_pct, signal, verdicts } = answer;
  const { market_price, fair_price } = prediction.question;
  if (answer.market_price !== market_price || answer.fair_price !== fair_price)
    throw peerBadAnswer('decision', 'an answer for other prices');
  if (verdicts === undefined) throw peerBadAnswer('decision', 'an answer without verdicts');
  return { line, signal, json: answerJson(prediction, { deviation_pct, signal, verdicts }) };
}
