import { once } from 'node:events';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FairPriceRequest } from '@pokewatch/contracts';
import { Count, createApp, HttpProblem, type LinesBody, takeLines } from '@pokewatch/http';
import { memoryLogger, type Served, serve } from '@pokewatch/http/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Coalescer } from './coalescer.ts';
import type { Clients, FairPriceAnswer } from './fair-price.ts';
import type { KnownPrediction } from './peers/known-predictions.ts';
import { peerBadAnswer } from './peers/peer-problems.ts';
import { type Bench, createBench } from './testing/bench.ts';
import { fakeVerdicts } from './testing/fake-peers.ts';
import { type TripMetrics, untoldTripMetrics } from './trip-metrics.ts';

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
  takeLines(service.app);
  service.app.post('/batch_signal', (request) => {
    const body = request.body as LinesBody;
    return body.lines(500).map((line) => decide(body.read(line) as Question));
  });
  const served = await serve(service);
  closing.push(served);
  return served;
}

async function asked(gateway: Served, card_id: string): Promise<number> {
  const answer = await fetch(`${gateway.url}/fair_price`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ card_id }),
  });
  await answer.arrayBuffer();
  return answer.status;
}

test('calls that hang do not hold up those that come later', async () => {
  // The first calls get no answer; all later ones are passed on to a good service.
  const hanging = 2;
  let calls = 0;
  const target = new URL(bench.model.url);
  const proxy = createServer((request, response) => {
    calls += 1;
    if (calls <= hanging) return;
    const { method, url, headers } = request;
    request.pipe(
      forward({ host: target.hostname, port: target.port, method, path: url, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      }),
    );
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  try {
    const { port } = proxy.address() as AddressInfo;
    const gateway = await bench.gateway({ model: `http://127.0.0.1:${port}` }, 8000);
    const ended: string[] = [];
    const first = ['cheap', 'dear'].map(async (card, i) => {
      while (calls < i) await sleep(5);
      await asked(gateway, card);
      ended.push('hanging');
    });
    while (calls < hanging) await sleep(5);
    expect(await asked(gateway, 'cheap')).toBe(200);
    ended.push('later');
    await Promise.all(first);
    expect(ended).toEqual(['later', 'hanging', 'hanging']);
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
});

interface Given {
  /** Cards of which the decision service finds no answer, nor for calls with one of them. */
  readonly spoiling?: (card: number) => boolean;
  /** How long the model service takes for a call. */
  readonly takes_ms?: number;
  readonly timeout_ms?: number;
}

/** Asks for so many cards in one moment. */
async function together(
  count: number,
  given: Given,
): Promise<{ codes: string[]; calls: number; metrics: TripMetrics; shed: Count }> {
  const { spoiling = () => false, takes_ms = 0, timeout_ms = 10_000 } = given;
  let calls = 0;
  const line = (card: number) => ({ question: { market_price: card } }) as unknown as KnownPrediction;
  const decide = (prices: readonly number[]) => {
    calls += 1;
    if (prices.some(spoiling)) throw peerBadAnswer('decision', 'status 500');
    return { signal: 'HOLD', json: '' } as FairPriceAnswer;
  };
  const clients = {
    model: {
      expected: () => undefined,
      predict: async ({ card_id }: FairPriceRequest) => line(Number(card_id)),
      predictAll: (all: readonly FairPriceRequest[]) =>
        sleep(takes_ms).then(() => all.map(({ card_id }) => line(Number(card_id)))),
    },
    decision: {
      signal: async (one: KnownPrediction) => decide([one.question.market_price]),
      signals: async (all: readonly KnownPrediction[]) => {
        const decision = decide(all.map(({ question }) => question.market_price));
        return all.map(() => decision);
      },
    },
  } as unknown as Clients;
  const metrics = untoldTripMetrics();
  const shed = new Count();
  const coalescer = new Coalescer({ clients, metrics, shed });
  const answers = Array.from({ length: count }, (_, card) => {
    const asked = { request: { card_id: String(card) }, request_id: 'r', timeout_ms, gone: () => false };
    return new Promise<string>((resolve) => {
      coalescer.ask({ ...asked, answer: (got) => resolve(got instanceof HttpProblem ? got.code : got.signal) });
    });
  });
  return { codes: await Promise.all(answers), calls, metrics, shed };
}

test('those for whom there is no room in half of their time are refused, and the others answered in time', async () => {
  // Two trips of 500 in 150 ms at a time: far fewer than were asked can be answered in 4 s.
  const { codes, metrics, shed } = await together(30_000, { takes_ms: 150, timeout_ms: 4000 });
  expect(new Set(codes)).toEqual(new Set(['HOLD', 'overloaded']));
  expect(codes.slice(0, 500)).toEqual(Array(500).fill('HOLD'));
  expect(codes.at(-1)).toBe('overloaded');
  // Those that left have their wait noted, the others are counted.
  expect(shed.n).toBe(codes.filter((code) => code === 'overloaded').length);
  expect(metrics.queue.count).toBe(codes.length - shed.n);
});

test('two requests of 500 that spoil a shared call are found by halving, and all others answered', async () => {
  const { codes, calls } = await together(500, { spoiling: (card) => card === 3 || card === 499 });
  expect(codes.filter((code) => code === 'peer_bad_answer')).toHaveLength(2);
  expect([codes[3], codes[499]]).toEqual(['peer_bad_answer', 'peer_bad_answer']);
  expect(calls).toBeLessThanOrEqual(1 + 36);
});

test('when nothing can be used, a shared call is not made again for each request', async () => {
  const { codes, calls } = await together(500, { spoiling: () => true });
  expect(new Set(codes)).toEqual(new Set(['peer_bad_answer']));
  expect(calls).toBeLessThanOrEqual(1 + 36);
});

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
