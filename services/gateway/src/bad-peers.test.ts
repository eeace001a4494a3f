import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Served } from '@pokewatch/http/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { says, type Treatment } from './testing/bad-peer.ts';
import { ask, type Bench, createBench, nobody, ok, problem } from './testing/bench.ts';
import { fakeDecision, fakeModel, fakePrediction, fakeVerdicts } from './testing/fake-peers.ts';

let bench: Bench;

beforeEach(async () => {
  bench = await createBench();
});
afterEach(() => bench.close());

const good = fakePrediction('cheap');
/** Far more than the deadline: an answer that takes longer came by something else. */
const HANG_MS = 10_000;
const decided = {
  signal: 'HOLD',
  deviation_pct: 0,
  market_price: good.market_price,
  fair_price: good.fair_price,
  verdicts: fakeVerdicts(good.market_price, null),
};

/** Calls of services that were made again. */
async function retries(from: Served): Promise<number> {
  const text = await (await fetch(`${from.url}/metrics`)).text();
  const found = text.matchAll(/^pokewatch_peer_retries_total\{[^}]*\} (\d+)/gm);
  return [...found].reduce((sum, [, count]) => sum + Number(count), 0);
}

const ANY_PEER: [string, Treatment, 'connection' | undefined, string][] = [
  ['accepts and says nothing', () => {}, undefined, 'peer_timeout'],
  [
    'stops after the headers',
    (s) => s.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{'),
    undefined,
    'peer_timeout',
  ],
  ['resets on connect', (s) => s.resetAndDestroy(), 'connection', 'peer_unavailable'],
  ['resets on the request', (s) => s.resetAndDestroy(), undefined, 'peer_unavailable'],
  ['closes on the request', (s) => s.end(), undefined, 'peer_unavailable'],
  [
    'resets in the middle of the body',
    (s) => s.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"card_id":', () => s.resetAndDestroy()),
    undefined,
    'peer_unavailable',
  ],
  ['does not speak HTTP', (s) => s.end('SSH-2.0-OpenSSH_9.9\r\n'), undefined, 'peer_bad_answer'],
  ['answers HTML', says(200, '<html>', { 'content-type': 'text/html' }), undefined, 'peer_bad_answer'],
  ['answers nothing', says(200, ''), undefined, 'peer_bad_answer'],
  ['answers null', ok(null), undefined, 'peer_bad_answer'],
  ['answers another shape', ok({ hello: 'world' }), undefined, 'peer_bad_answer'],
  ['answers a bare 404', says(404, 'not found', { 'content-type': 'text/plain' }), undefined, 'peer_bad_answer'],
  ['answers 404 for the route', problem(404, 'not_found'), undefined, 'peer_bad_answer'],
  ['answers 422', problem(422, 'invalid_body'), undefined, 'peer_bad_answer'],
  ['answers 500', problem(500, 'internal'), undefined, 'peer_bad_answer'],
  ['answers 302', says(302, '{}', { location: 'http://127.0.0.1:1/' }), undefined, 'peer_bad_answer'],
  [
    'answers a bare 503',
    says(503, 'upstream connect error', { 'content-type': 'text/plain' }),
    undefined,
    'peer_unavailable',
  ],
  ['is draining', problem(503, 'draining'), undefined, 'peer_unavailable'],
  ['is overloaded', problem(429, 'rate_limited'), undefined, 'peer_unavailable'],
];

describe.each(['model', 'decision'] as const)('when the %s service', (name) => {
  test.each(ANY_PEER)('%s, the gateway answers 503 in time and says why', async (_name, treat, on, code) => {
    const from = await bench.gateway({ [name]: (await bench.bad(treat, on)).url });
    for (const [path, body] of [
      ['/fair_price', { card_id: 'cheap' }],
      ['/fair_price/batch', [{ card_id: 'cheap' }]],
    ] as const) {
      const answer = await ask(from, path, body);
      expect(answer).toMatchObject({ status: 503, retry: '1', body: { code } });
      expect(answer.body.detail).toContain(name);
      expect(answer.took_ms).toBeLessThan(HANG_MS);
    }
  });

  test('is not there, the gateway answers 503 at once, and recovers when it is back', async () => {
    const url = await nobody();
    const from = await bench.gateway({ [name]: url });
    const answer = await ask(from);
    expect(answer).toMatchObject({ status: 503, retry: '1', body: { code: 'peer_unavailable' } });
    const { app } = await (name === 'model' ? fakeModel() : fakeDecision());
    await app.listen({ host: '127.0.0.1', port: Number(new URL(url).port) });
    const started = performance.now();
    while ((await ask(from)).status !== 200 && performance.now() - started < 2000) await sleep(50);
    expect((await ask(from)).status).toBe(200);
    app.server.closeAllConnections();
    await app.close();
  });

  test('closed a kept connection, the next request does not notice', async () => {
    const peer = name === 'model' ? bench.model : bench.decision;
    const from = await bench.gateway({});
    for (let i = 0; i < 10; i++) {
      expect((await ask(from)).status).toBe(200);
      peer.service.app.server.closeIdleConnections();
    }
  });
});

test('a kept connection that the service resets on its second request is replaced without notice', async () => {
  const requests = new WeakMap<Socket, number>();
  const oncePerConnection: Treatment = (socket) => {
    const count = (requests.get(socket) ?? 0) + 1;
    requests.set(socket, count);
    if (count === 1) says(200, JSON.stringify(good))(socket);
    else socket.resetAndDestroy();
  };
  const peer = await bench.bad(oncePerConnection);
  const from = await bench.gateway({ model: peer.url });
  for (let i = 0; i < 4; i++) expect((await ask(from)).status).toBe(200);
  expect(peer.connections()).toBe(4);
});

test('calls that are made again over a new connection stay within the budget', async () => {
  // Every connection is good for one request; the next one on it is reset.
  const requests = new WeakMap<Socket, number>();
  const peer = await bench.bad((socket) => {
    const count = (requests.get(socket) ?? 0) + 1;
    requests.set(socket, count);
    if (count === 1) says(200, JSON.stringify(good))(socket);
    else socket.resetAndDestroy();
  });
  const from = await bench.gateway({ model: peer.url });
  const statuses: number[] = [];
  for (let i = 0; i < 60; i++) statuses.push((await ask(from)).status);
  expect(statuses.slice(0, 10)).toEqual(Array(10).fill(200));
  expect(statuses.slice(-20)).toContain(503);
  expect(await retries(from)).toBeLessThanOrEqual(10 + 0.1 * statuses.length);
});

test('an answer that is said to be too long is refused at its head', async () => {
  const from = await bench.gateway(
    { model: (await bench.bad((s) => s.write('HTTP/1.1 200 OK\r\ncontent-length: 999999999999\r\n\r\n{'))).url },
    30_000,
  );
  expect(await ask(from)).toMatchObject({ status: 503, body: { code: 'peer_bad_answer' } });
});

test('a decision that was asked for early is not waited for once the answer is out', async () => {
  let silent = false;
  const decision = await bench.bad((socket) => {
    if (!silent) says(200, JSON.stringify(decided))(socket);
  });
  let broken = false;
  const model = await bench.bad((socket) =>
    broken ? problem(500, 'internal')(socket) : says(200, JSON.stringify(good))(socket),
  );
  const from = await bench.gateway({ model: model.url, decision: decision.url }, 30_000);
  expect((await ask(from)).status).toBe(200);
  silent = true;
  broken = true;
  expect((await ask(from)).status).toBe(503);
  for (let i = 0; i < 300 && decision.ended() === 0; i++) await sleep(10);
  expect(decision.ended()).toBe(1);
});

test('no model is loaded: the gateway passes that on, with 503', async () => {
  const from = await bench.gateway({ model: (await bench.bad(problem(503, 'model_not_loaded'))).url });
  for (const [path, body] of [
    ['/fair_price', undefined],
    ['/fair_price/batch', [{ card_id: 'x' }]],
    ['/cards', undefined],
  ] as const)
    expect(await ask(from, path, body)).toMatchObject({ status: 503, retry: '1', body: { code: 'model_not_loaded' } });
});

test('an endless answer is cut off', async () => {
  const endless: Treatment = (socket) => {
    socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
    const more = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', more);
    more();
  };
  const from = await bench.gateway({ model: (await bench.bad(endless)).url });
  const answer = await ask(from);
  expect(answer.status).toBe(503);
  expect(answer.took_ms).toBeLessThan(HANG_MS);
});

test('the deadline is over both hops together: what the first took, the second has less', async () => {
  const slow: Treatment = (socket) => void setTimeout(() => says(200, JSON.stringify(good))(socket), 500);
  const left_ms: number[] = [];
  bench.decision.service.app.server.on('request', ({ headers }) =>
    left_ms.push(Number(headers['x-request-timeout-ms'])),
  );
  const from = await bench.gateway({ model: (await bench.bad(slow)).url }, 20_000);
  expect((await ask(from)).status).toBe(200);
  expect(left_ms).toHaveLength(1);
  expect(left_ms[0]).toBeLessThanOrEqual(19_510);
});

test('when the caller goes away, the call to the service ends too', async () => {
  const peer = await bench.bad(() => {});
  const from = await bench.gateway({ model: peer.url }, 30_000);
  const abort = new AbortController();
  const asked = fetch(`${from.url}/fair_price`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"card_id":"cheap"}',
    signal: abort.signal,
  }).catch(() => undefined);
  while (peer.connections() === 0) await sleep(10);
  await sleep(50);
  abort.abort();
  await asked;
  for (let i = 0; i < 100 && peer.ended() === 0; i++) await sleep(10);
  expect(peer.ended()).toBe(1);
});
