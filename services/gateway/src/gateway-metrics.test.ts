import { setTimeout as sleep } from 'node:timers/promises';
import { parseSettings } from '@pokewatch/core';
import { memoryLogger, type Served, serve } from '@pokewatch/http/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createGatewayApp, injectPeer } from './index.ts';
import { says } from './testing/bad-peer.ts';
import { ask, type Bench, createBench, nobody, TIMEOUT_MS } from './testing/bench.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(() => bench.close());

/** Values of the series of a gateway, by name and labels. */
async function read(from: Served): Promise<Record<string, number>> {
  const text = await (await fetch(`${from.url}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith('pokewatch_'));
  return Object.fromEntries(
    lines.map((line) => {
      const [name, value] = [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)];
      return [name.replace(/,?service="gateway",?/, '').replace('{}', ''), Number(value)];
    }),
  );
}

const calls = (all: Record<string, number>, peer: string) =>
  Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => {
      const found = /^pokewatch_peer_calls_total\{peer="(\w+)",outcome="(\w+)"\}$/.exec(name);
      return found?.[1] === peer && value > 0 ? [[found[2]!, value]] : [];
    }),
  );

test('before the first request every series is there: calls, times, waits, refusals, addresses', async () => {
  const all = await read(await bench.gateway());
  for (const peer of ['model', 'decision']) {
    for (const outcome of ['success', 'timeout', 'unavailable', 'bad_answer', 'refused'])
      expect(all).toHaveProperty([`pokewatch_peer_calls_total{peer="${peer}",outcome="${outcome}"}`], 0);
    expect(all).toHaveProperty([`pokewatch_peer_latency_seconds_count{peer="${peer}"}`], 0);
    expect(all).toHaveProperty([`pokewatch_peer_replicas{peer="${peer}",state="closed"}`], 1);
    expect(all).toHaveProperty([`pokewatch_peer_replicas{peer="${peer}",state="open"}`], 0);
  }
  for (const reason of ['limit', 'waited']) expect(all).toHaveProperty([`pokewatch_shed_total{reason="${reason}"}`], 0);
  expect(all).toMatchObject({
    pokewatch_queue_seconds_count: 0,
    pokewatch_trip_cards_count: 0,
    pokewatch_cards_in_work: 0,
    pokewatch_cards_limit: 50_000,
  });
  for (const status of [200, 404, 422, 500, 503])
    expect(all).toHaveProperty([`pokewatch_requests_total{method="POST",route="/fair_price",status="${status}"}`], 0);
  expect(all).toHaveProperty(['pokewatch_errors_total{route="/fair_price",code="peer_timeout"}'], 0);
});

test('a call of each service is counted and timed; a request that waited for a trip as well', async () => {
  const from = await bench.gateway();
  await ask(from);
  await ask(from, '/fair_price/batch', [{ card_id: 'cheap' }, { card_id: 'nobody' }]);
  await ask(from, '/health');
  const all = await read(from);
  for (const peer of ['model', 'decision']) {
    expect(calls(all, peer)).toEqual({ success: 2 });
    expect(all[`pokewatch_peer_latency_seconds_count{peer="${peer}"}`]).toBe(2);
    expect(all[`pokewatch_peer_latency_seconds_sum{peer="${peer}"}`]).toBeGreaterThan(0);
  }
  // A batch goes by itself.
  expect(all).toMatchObject({ pokewatch_queue_seconds_count: 1, pokewatch_trip_cards_sum: 1 });
});

test('a card that nobody knows is no fault of the service', async () => {
  const from = await bench.gateway();
  await ask(from, '/fair_price', { card_id: 'nobody' });
  expect(calls(await read(from), 'model')).toEqual({ refused: 1 });
});

test('requests of one moment share a trip, and each has its wait', async () => {
  const from = await bench.gateway();
  await Promise.all(Array.from({ length: 20 }, () => ask(from)));
  const all = await read(from);
  expect(all.pokewatch_trip_cards_sum).toBe(20);
  expect(all.pokewatch_trip_cards_count).toBeLessThan(20);
  expect(all.pokewatch_queue_seconds_count).toBe(20);
  expect(all['pokewatch_queue_seconds_bucket{le="+Inf"}']).toBe(20);
});

describe('a model service that', () => {
  test.each([
    ['is not there', 'unavailable', async () => await nobody()],
    ['says nothing', 'timeout', async () => (await bench.bad(() => {})).url],
    ['answers what is no JSON', 'bad_answer', async () => (await bench.bad(says(200, '{'))).url],
    ['has an item in a batch that is none', 'bad_answer', async () => (await bench.bad(says(200, '[{}]'))).url],
  ])('%s counts as %s', async (_name, outcome, url) => {
    const from = await bench.gateway({ model: await url() });
    await ask(from, '/fair_price/batch', [{ card_id: 'cheap' }]);
    expect(calls(await read(from), 'model')).toEqual({ [outcome]: 1 });
  });
});

test('an address that is left alone counts as open', async () => {
  const from = await bench.gateway({ model: `${await nobody()},${bench.model.url}` }, 30_000);
  for (let i = 0; i < 4; i++) await ask(from);
  expect(await read(from)).toMatchObject({
    'pokewatch_peer_replicas{peer="model",state="closed"}': 1,
    'pokewatch_peer_replicas{peer="model",state="open"}': 1,
  });
});

test('a call that nobody waits for any more counts as nothing', async () => {
  const silent = await bench.bad(() => {});
  const from = await bench.gateway({ model: silent.url }, 30_000);
  const gone = new AbortController();
  const asked = fetch(`${from.url}/cards`, { signal: gone.signal }).catch(() => undefined);
  while (silent.connections() === 0) await sleep(5);
  gone.abort();
  await asked;
  while (silent.ended() === 0) await sleep(5);
  expect(calls(await read(from), 'model')).toEqual({});
});

test('in work is what is being answered, and what is refused for that counts as limit', async () => {
  const silent = await bench.bad(() => {});
  const from = await bench.gateway({ model: silent.url }, TIMEOUT_MS);
  const batch = Array.from({ length: 500 }, () => ({ card_id: 'cheap' }));
  const first = ask(from, '/fair_price/batch', batch);
  while (silent.connections() === 0) await sleep(5);
  expect((await read(from)).pokewatch_cards_in_work).toBe(500);
  await first;
  // That was so slow that less may be in work now.
  expect((await read(from)).pokewatch_cards_limit).toBeLessThan(500);
  const answers = await Promise.all([1, 2].map(() => ask(from, '/fair_price/batch', batch)));
  expect(answers.map(({ body }) => body.code)).toContain('overloaded');
  expect((await read(from))['pokewatch_shed_total{reason="limit"}']).toBe(1);
  expect((await read(from)).pokewatch_cards_in_work).toBe(0);
});

test('services inside the process are counted too; they have no addresses', async () => {
  const peers = {
    model: injectPeer('model', bench.model.service.app),
    decision: injectPeer('decision', bench.decision.service.app),
  };
  const own = await serve(
    await createGatewayApp({ settings: parseSettings({}), logger: memoryLogger().logger, peers }),
  );
  try {
    await ask(own);
    const all = await read(own);
    expect(calls(all, 'model')).toEqual({ success: 1 });
    expect(Object.keys(all).filter((name) => name.startsWith('pokewatch_peer_replicas'))).toEqual([]);
  } finally {
    await own.close();
  }
});
