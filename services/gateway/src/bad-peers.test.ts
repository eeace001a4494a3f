import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseSettings } from '@pokewatch/core';
import { apiJudge, memoryLogger, type Served, serve } from '@pokewatch/http/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createGatewayApp } from './index.ts';
import { type BadPeer, badPeer, says, type Treatment } from './testing/bad-peer.ts';
import { fakeDecision, fakeModel, fakePrediction } from './testing/fake-peers.ts';

const TIMEOUT_MS = 400;
const closing: { close(): Promise<void> }[] = [];
let goodModel: Served;
let goodDecision: Served;

beforeEach(async () => {
  goodModel = await serve(await fakeModel());
  goodDecision = await serve(await fakeDecision());
  closing.push(goodModel, goodDecision);
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((each) => each.close()));
});

async function gateway(urls: { model?: string; decision?: string }): Promise<Served> {
  const settings = parseSettings({
    MODEL_SERVICE_URL: urls.model ?? goodModel.url,
    DECISION_SERVICE_URL: urls.decision ?? goodDecision.url,
    POKEWATCH_PEER_TIMEOUT_MS: String(TIMEOUT_MS),
  });
  const served = await serve(await createGatewayApp({ settings, logger: memoryLogger().logger }));
  closing.unshift(served);
  return served;
}

async function bad(treat: Treatment, on?: 'connection'): Promise<BadPeer> {
  const peer = await badPeer(treat, on);
  closing.push(peer);
  return peer;
}

async function ask(from: Served, path = '/fair_price', body: unknown = { card_id: 'cheap' }) {
  const started = performance.now();
  const method = path === '/cards' || path === '/health' ? 'GET' : 'POST';
  const answer = await fetch(from.url + path, {
    method,
    ...(method === 'GET' ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const content_type = answer.headers.get('content-type') ?? '';
  const judge = apiJudge(from.service.app.swagger());
  expect(judge({ method, path, status: answer.status, content_type, text })).toBeUndefined();
  const took_ms = performance.now() - started;
  return { status: answer.status, retry: answer.headers.get('retry-after'), body: JSON.parse(text), took_ms };
}

/** A port that nobody listens on. */
async function nobody(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

const ok = (body: unknown) => says(200, JSON.stringify(body));
const problem = (status: number, code: string) =>
  says(status, JSON.stringify({ type: 't', title: 't', status, detail: 'd', code, request_id: 'r' }), {
    'content-type': 'application/problem+json',
  });
const good = fakePrediction('cheap');

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
    const from = await gateway({ [name]: (await bad(treat, on)).url });
    for (const [path, body] of [
      ['/fair_price', { card_id: 'cheap' }],
      ['/fair_price/batch', [{ card_id: 'cheap' }]],
    ] as const) {
      const answer = await ask(from, path, body);
      expect(answer).toMatchObject({ status: 503, retry: '1', body: { code } });
      expect(answer.body.detail).toContain(name);
      expect(answer.took_ms).toBeLessThan(TIMEOUT_MS + 600);
    }
  });

  test('is not there, the gateway answers 503 at once, and recovers when it is back', async () => {
    const url = await nobody();
    const from = await gateway({ [name]: url });
    const answer = await ask(from);
    expect(answer).toMatchObject({ status: 503, retry: '1', body: { code: 'peer_unavailable' } });
    expect(answer.took_ms).toBeLessThan(TIMEOUT_MS);
    const { app } = await (name === 'model' ? fakeModel() : fakeDecision());
    await app.listen({ host: '127.0.0.1', port: Number(new URL(url).port) });
    const started = performance.now();
    while ((await ask(from)).status !== 200 && performance.now() - started < 2000) await sleep(50);
    expect((await ask(from)).status).toBe(200);
    app.server.closeAllConnections();
    await app.close();
  });

  test('closed a kept connection, the next request does not notice', async () => {
    const peer = name === 'model' ? goodModel : goodDecision;
    const from = await gateway({});
    for (let i = 0; i < 10; i++) {
      expect((await ask(from)).status).toBe(200);
      peer.service.app.server.closeIdleConnections();
    }
  });
});

describe('when the model service answers what cannot be true', () => {
  test.each([
    ['for another card', { ...good, card_id: 'dear' }],
    ['without a price', { ...good, market_price: undefined }],
    ['with a price of zero', { ...good, market_price: 0 }],
    ['with a negative price', { ...good, fair_price: -1 }],
    ['with text for a price', { ...good, fair_price: '10' }],
    ['with a day that does not exist', { ...good, date: '2026-02-30' }],
    ['with a reason of no shape', { ...good, reasons: [{}] }],
  ])('%s, no number of it reaches the caller', async (_name, answer) => {
    const from = await gateway({ model: (await bad(ok(answer))).url });
    expect(await ask(from)).toMatchObject({ status: 503, body: { code: 'peer_bad_answer' } });
  });

  test('an infinite price, no number of it reaches the caller', async () => {
    const text = JSON.stringify(good).replace('"market_price":9', '"market_price":1e999');
    const from = await gateway({ model: (await bad(says(200, text))).url });
    expect(await ask(from)).toMatchObject({ status: 503, body: { code: 'peer_bad_answer' } });
  });

  test('for another day than was asked for, it is not passed on', async () => {
    const from = await gateway({ model: (await bad(ok(good))).url });
    const answer = await ask(from, '/fair_price', { card_id: 'cheap', date: '2026-01-01' });
    expect(answer).toMatchObject({ status: 503, body: { code: 'peer_bad_answer' } });
  });

  test.each([
    ['too few answers', [good]],
    ['too many answers', [good, good, good]],
    ['answers in another order', [fakePrediction('dear'), good]],
    ['no array', good],
    [
      'an internal problem',
      [good, { type: 't', title: 't', status: 500, detail: '', code: 'internal', request_id: 'r' }],
    ],
  ])('a batch with %s is not passed on', async (_name, answer) => {
    const from = await gateway({ model: (await bad(ok(answer))).url });
    const asked = await ask(from, '/fair_price/batch', [{ card_id: 'cheap' }, { card_id: 'dear' }]);
    expect(asked).toMatchObject({ status: 503, body: { code: 'peer_bad_answer' } });
  });

  test('cards whose count is wrong are not passed on', async () => {
    const from = await gateway({ model: (await bad(ok({ cards: ['a'], count: 2 }))).url });
    expect(await ask(from, '/cards')).toMatchObject({ status: 503, body: { code: 'peer_bad_answer' } });
  });
});

test('a signal for other prices is not passed on', async () => {
  const other = { signal: 'BUY', deviation_pct: -0.5, market_price: 1, fair_price: 2 };
  const from = await gateway({ decision: (await bad(ok(other))).url });
  expect(await ask(from)).toMatchObject({ status: 503, body: { code: 'peer_bad_answer' } });
});

test('no model is loaded: the gateway passes that on, with 503', async () => {
  const from = await gateway({ model: (await bad(problem(503, 'model_not_loaded'))).url });
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
  const from = await gateway({ model: (await bad(endless)).url });
  const answer = await ask(from);
  expect(answer.status).toBe(503);
  expect(answer.took_ms).toBeLessThan(TIMEOUT_MS + 600);
});

test('the deadline is over both hops together', async () => {
  const slow: Treatment = (socket) => void setTimeout(() => says(200, JSON.stringify(good))(socket), TIMEOUT_MS * 0.75);
  const from = await gateway({ model: (await bad(slow)).url, decision: (await bad(() => {})).url });
  const answer = await ask(from);
  expect(answer).toMatchObject({ status: 503, body: { code: 'peer_timeout' } });
  expect(answer.took_ms).toBeLessThan(TIMEOUT_MS + 300);
});

test('when the caller goes away, the call to the service ends too', async () => {
  const peer = await bad(() => {});
  const settings = parseSettings({ MODEL_SERVICE_URL: peer.url, POKEWATCH_PEER_TIMEOUT_MS: '30000' });
  const from = await serve(await createGatewayApp({ settings, logger: memoryLogger().logger }));
  closing.unshift(from);
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

describe('GET /health', () => {
  test.each([
    ['both are there', {}, 'ok', { model: 'ok', decision: 'ok' }, true],
    ['the model is gone', { model: 'gone' }, 'degraded', { model: 'down', decision: 'ok' }, false],
    ['the decision is gone', { decision: 'gone' }, 'degraded', { model: 'ok', decision: 'down' }, true],
    ['the model hangs', { model: 'hangs' }, 'degraded', { model: 'slow', decision: 'ok' }, false],
    ['both hang', { model: 'hangs', decision: 'hangs' }, 'error', { model: 'slow', decision: 'slow' }, false],
    ['both talk nonsense', { model: 'lies', decision: 'lies' }, 'error', { model: 'down', decision: 'down' }, false],
  ])(
    'says within a second that %s',
    async (_name, how: { model?: string; decision?: string }, status, services, model_loaded) => {
      const urls: { model?: string; decision?: string } = {};
      for (const peer of ['model', 'decision'] as const) {
        if (how[peer] === 'gone') urls[peer] = await nobody();
        if (how[peer] === 'hangs') urls[peer] = (await bad(() => {})).url;
        if (how[peer] === 'lies') urls[peer] = (await bad(says(200, '<html>'))).url;
      }
      const answer = await ask(await gateway(urls), '/health');
      expect(answer).toMatchObject({ status: 200, body: { status, services, model_loaded } });
      expect(answer.took_ms).toBeLessThan(1000);
    },
  );

  test('is degraded while no model is loaded', async () => {
    const empty = { status: 'unhealthy', model_loaded: false, cards_count: 0, model_version: null };
    const answer = await ask(await gateway({ model: (await bad(ok(empty))).url }), '/health');
    expect(answer.body).toEqual({
      status: 'degraded',
      model_loaded: false,
      cards_count: 0,
      services: { model: 'ok', decision: 'ok' },
    });
  });
});
