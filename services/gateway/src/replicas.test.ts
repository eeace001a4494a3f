import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { says } from './testing/bad-peer.ts';
import { ask, type Bench, createBench, nobody, problem, TIMEOUT_MS } from './testing/bench.ts';
import { fakePrediction } from './testing/fake-peers.ts';

let bench: Bench;

beforeEach(async () => {
  bench = await createBench();
});
afterEach(() => bench.close());

async function count(from: { service: { app: unknown } }, metric: string): Promise<number> {
  const { payload } = await (from.service.app as FastifyInstance).inject('/metrics');
  const found = payload.matchAll(new RegExp(`^${metric}\\{[^}]*\\} (\\d+)`, 'gm'));
  return [...found].reduce((sum, [, value]) => sum + Number(value), 0);
}

const BAD: [string, Parameters<Bench['bad']>[0], Parameters<Bench['bad']>[1]][] = [
  ['resets every connection', (socket) => socket.resetAndDestroy(), 'connection'],
  ['answers 500', problem(500, 'internal'), undefined],
  ['answers another shape', says(200, '{"hello":"world"}'), undefined],
  ['has no model yet', problem(503, 'model_not_loaded'), undefined],
  ['is draining', problem(503, 'draining'), undefined],
  ['says nothing', () => {}, undefined],
];

describe.each(['model', 'decision'] as const)('when one of two replicas of the %s service', (name) => {
  test.each(BAD)('%s, nobody notices', async (_name, treat, on) => {
    const bad = await bench.bad(treat, on);
    const from = await bench.gateway({ [name]: `${bad.url},${bench[name].url}` }, 4 * TIMEOUT_MS);
    for (let i = 0; i < 8; i++) expect((await ask(from)).status).toBe(200);
    expect(bad.connections()).toBeGreaterThan(0);
    expect(await count(from, 'pokewatch_peer_retries_total')).toBeGreaterThan(0);
  });

  test('is not there, it is asked once and then left alone', async () => {
    // So much time that no other call is given up on a busy machine.
    const from = await bench.gateway({ [name]: `${await nobody()},${bench[name].url}` }, 30_000);
    for (let i = 0; i < 8; i++) expect((await ask(from)).status).toBe(200);
    expect(await count(from, 'pokewatch_peer_breakers_opened_total')).toBe(1);
    expect(await count(from, 'pokewatch_peer_retries_total')).toBe(1);
  });
});

test('both replicas get their share of the calls', async () => {
  const other = await createBench();
  try {
    const from = await bench.gateway({ model: `${bench.model.url},${other.model.url}` });
    for (let i = 0; i < 10; i++) expect((await ask(from)).status).toBe(200);
    for (const { service } of [bench.model, other.model])
      expect(await count({ service }, 'pokewatch_requests_total')).toBeGreaterThan(2);
  } finally {
    await other.close();
  }
});

test('second tries end with their budget: bad replicas do not get twice the load', async () => {
  const good = says(200, JSON.stringify(fakePrediction('cheap')));
  // Three bad answers of four, so that no breaker opens.
  const mostlyBad = () => {
    let asked = 0;
    return bench.bad((socket) => (asked++ % 4 === 3 ? good : problem(500, 'internal'))(socket));
  };
  const from = await bench.gateway({ model: [await mostlyBad(), await mostlyBad()].map(({ url }) => url).join(',') });
  const statuses = new Set<number>();
  for (let i = 0; i < 60; i++) statuses.add((await ask(from)).status);
  expect(statuses).toEqual(new Set([200, 503]));
  expect(await count(from, 'pokewatch_peer_breakers_opened_total')).toBe(0);
  expect(await count(from, 'pokewatch_peer_retries_total')).toBeLessThanOrEqual(10 + 6 + 1);
});

test('after slow answers callers no longer wait, and the service is asked again by itself', async () => {
  let silent = true;
  const health = says(200, '{"status":"healthy","service":"decision_service"}');
  const bad = await bench.bad((socket) => {
    if (!silent) health(socket);
  });
  const from = await bench.gateway({ decision: bad.url });
  for (let i = 0; i < 2; i++) expect((await ask(from)).body.code).toBe('peer_timeout');
  const quick = await ask(from);
  expect([quick.status, quick.body.code]).toEqual([503, 'peer_timeout']);
  expect(await count(from, 'pokewatch_peer_breakers_opened_total')).toBe(1);
  expect((await ask(from, '/health')).body.services).toEqual({ model: 'ok', decision: 'slow' });
  silent = false;
  for (const until = performance.now() + 5000; performance.now() < until; await sleep(50))
    if ((await ask(from, '/health')).body.services.decision === 'ok') break;
  expect((await ask(from, '/health')).body.services.decision).toBe('ok');
});

test('a caller who says how long it waits is told in that time, and services are told how much is left', async () => {
  const heard: string[] = [];
  const bad = await bench.bad((socket) => void socket);
  const from = await bench.gateway({ decision: bad.url }, 10_000);
  bench.model.service.app.server.on('request', (request) =>
    heard.push(String(request.headers['x-request-timeout-ms'])),
  );
  const started = performance.now();
  const answer = await fetch(`${from.url}/fair_price`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-timeout-ms': '300' },
    body: '{"card_id":"cheap"}',
  });
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([503, 'peer_timeout']);
  expect(performance.now() - started).toBeLessThan(5000);
  expect(heard.map(Number).every((ms) => ms > 0 && ms <= 300)).toBe(true);
  expect(heard).toHaveLength(1);
});
