import { createApp, HttpProblem } from '@pokewatch/http';
import { memoryLogger, type Served, serve } from '@pokewatch/http/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Bench, createBench } from './testing/bench.ts';
import { fakeVerdicts } from './testing/fake-peers.ts';

let bench: Bench;
let closing: Served[];

beforeEach(async () => {
  bench = await createBench();
  closing = [];
});
afterEach(async () => {
  await bench.close();
  await Promise.all(closing.map((served) => served.close()));
});

interface Question {
  readonly market_price: number;
  readonly fair_price: number;
}

/** A decision service that refuses whatever has this price in it. */
async function fussyDecision(refused: number): Promise<Served> {
  const { logger } = memoryLogger();
  const service = await createApp({ service: 'decision', title: 'd', description: '', logger });
  const decide = ({ market_price, fair_price }: Question) => {
    if (market_price === refused) throw new HttpProblem('invalid_body', 'no');
    const verdicts = fakeVerdicts(market_price, null);
    return { signal: 'HOLD', deviation_pct: 0, market_price, fair_price, verdicts };
  };
  service.app.post('/signal', (request) => decide(request.body as Question));
  service.app.post('/batch_signal', (request) => (request.body as Question[]).map(decide));
  const served = await serve(service);
  closing.push(served);
  return served;
}

test('a card that spoils a shared call is told so alone; the others get their answers', async () => {
  const gateway = await bench.gateway({ decision: (await fussyDecision(23.456)).url }, 2000);
  const ask = async (card_id: string) => {
    const answer = await fetch(`${gateway.url}/fair_price`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': `for-${card_id}` },
      body: JSON.stringify({ card_id }),
    });
    const body = (await answer.json()) as { card_id?: string; code?: string; request_id?: string };
    return [answer.status, body.card_id ?? body.code, body.request_id ?? ''];
  };
  const cards = ['cheap', 'dear', 'nope', 'even'];
  for (let round = 0; round < 5; round++)
    expect(await Promise.all([...cards, ...cards].map(ask))).toEqual([
      ...Array.from({ length: 2 }, () => [
        [200, 'cheap', ''],
        [503, 'peer_bad_answer', 'for-dear'],
        [404, 'unknown_card', 'for-nope'],
        [200, 'even', ''],
      ]).flat(),
    ]);
});
