import { DecisionHealthSchema, type SignalResponse, SignalResponseSchema } from '@pokewatch/contracts';
import * as z from 'zod';
import type { Call, Peer } from './peer.ts';
import { peerBadAnswer } from './peer-problems.ts';
import { compileReader } from './read-answer.ts';

interface Prices {
  readonly market_price: number;
  readonly fair_price: number;
}

/** The decision service as the gateway sees it. Every answer is checked before it is believed. */
export interface DecisionClient {
  signal(prices: Prices, call: Call): Promise<SignalResponse>;
  /** A signal for each pair, in order. */
  signals(pairs: readonly Prices[], call: Call): Promise<SignalResponse[]>;
  health(call: Call): Promise<void>;
}

export function createDecisionClient(peer: Peer): DecisionClient {
  const readSignal = compileReader('decision', SignalResponseSchema);
  const readBatch = compileReader('decision', z.array(SignalResponseSchema));
  const readHealth = compileReader('decision', DecisionHealthSchema);
  return {
    async signal(prices, call) {
      return matching(readSignal(await peer.post('/signal', JSON.stringify(prices), call)), prices);
    },
    async signals(pairs, call) {
      const answers = readBatch(await peer.post('/batch_signal', JSON.stringify(pairs), call));
      if (answers.length !== pairs.length)
        throw peerBadAnswer('decision', `${answers.length} answers to ${pairs.length} pairs`);
      return answers.map((answer, index) => matching(answer, pairs[index]!));
    },
    async health(call) {
      readHealth(await peer.get('/health', call));
    },
  };
}

/** The signal, if it is for the prices that were sent. */
function matching(answer: SignalResponse, { market_price, fair_price }: Prices): SignalResponse {
  if (answer.market_price !== market_price || answer.fair_price !== fair_price)
    throw peerBadAnswer('decision', 'an answer for other prices');
  return answer;
}
