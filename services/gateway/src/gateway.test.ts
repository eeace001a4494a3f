import { parseSettings } from '@pokewatch/core';
import { apiJudge, memoryLogger, type Served, serve } from '@pokewatch/http/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createGatewayApp, injectPeer } from './index.ts';
import {
  type Asked,
  CARDS,
  CURVES,
  DAY,
  fakeDecision,
  fakeModel,
  fakePrediction,
  fakeVerdicts,
} from './testing/fake-peers.ts';

const asked: Asked = [];
let model: Served;
let decision: Served;
let overHttp: Served;
let inOne: Served;
let judge: ReturnType<typeof apiJudge>;
const { logger, lines } = memoryLogger();

beforeAll(async () => {
  model = await serve(await fakeModel(asked));
  decision = await serve(await fakeDecision(asked));
  const settings = parseSettings({ MODEL_SERVICE_URL: model.url, DECISION_SERVICE_URL: decision.url });
  overHttp = await serve(await createGatewayApp({ settings, logger }));
  const peers = {
    model: injectPeer('model', (await fakeModel()).app),
    decision: injectPeer('decision', (await fakeDecision()).app),
  };
  inOne = await serve(await createGatewayApp({ settings, logger, peers }));
  judge = apiJudge((await (await fetch(`${overHttp.url}/openapi.json`)).json()) as object);
});
afterAll(() => Promise.all([overHttp, inOne, model, decision].map((served) => served.close())));
beforeEach(() => {
  asked.length = 0;
});

async function ask(method: string, path: string, json?: string, from = overHttp, request_id = 'r-1') {
  const answer = await fetch(from.url + path, {
    method,
    headers: { 'x-request-id': request_id, ...(json === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(json === undefined ? {} : { body: json }),
  });
  const text = await answer.text();
  const content_type = answer.headers.get('content-type') ?? '';
  expect(judge({ method, path, status: answer.status, content_type, text })).toBeUndefined();
  expect(answer.headers.get('x-request-id')).toBe(request_id);
  return {
    status: answer.status,
    content_type,
    text,
    body: content_type.includes('json') ? JSON.parse(text) : undefined,
  };
}

describe('POST /fair_price', () => {
  test('answers the six fields of the original first, then the detail of the prediction and the verdicts', async () => {
    const { status, body } = await ask('POST', '/fair_price', '{"card_id":"cheap"}');
    const { card_id, date, market_price, fair_price, ...detail } = fakePrediction('cheap');
    expect(status).toBe(200);
    const verdicts = fakeVerdicts(9, 9 * 0.9);
    const signal = { deviation_pct: -0.1, signal: 'BUY' };
    expect(body).toEqual({ card_id, date, market_price, fair_price, ...signal, ...detail, verdicts });
    const last = ['reasons', 'log_return', 'groups', 'missing', 'horizons', 'verdicts'];
    expect(Object.keys(body).slice(-6)).toEqual(last);
    expect(Object.keys(body).slice(0, 11)).toEqual([
      'card_id',
      'date',
      'market_price',
      'fair_price',
      'deviation_pct',
      'signal',
      'lower',
      'upper',
      'p_up',
      'p_down',
      'low_price',
    ]);
  });

  test.each(['short', 'full', 'none'] as const)(
    'with explain %s carries that form of the explanation',
    async (explain) => {
      const { reasons, groups, missing, restlessness, horizons } = fakePrediction('cheap', explain);
      const asked = JSON.stringify({ card_id: 'cheap', explain });
      const { body } = await ask('POST', '/fair_price', asked);
      expect(body).toMatchObject({ reasons, groups, missing });
      expect(body.restlessness).toBe(restlessness);
      expect(body.horizons).toEqual(horizons);
      expect((await ask('POST', '/fair_price/batch', `[${asked}]`)).body).toEqual([body]);
    },
  );

  test('asks model and decision once each, with the request id', async () => {
    await ask('POST', '/fair_price', `{"card_id":"dear","date":"${DAY}"}`);
    expect(asked).toEqual([
      { path: '/predict', request_id: 'r-1' },
      { path: '/signal', request_id: 'r-1' },
    ]);
  });

  test.each([
    ['{"card_id":"nope"}', 404, 'Unknown card_id: nope'],
    ['{"card_id":"__proto__"}', 404, 'Unknown card_id: __proto__'],
    ['{"card_id":"cheap","date":"2020-01-01"}', 404, 'No data found for card_id=cheap on date=2020-01-01'],
    ['{"card_id":"cheap","date":"yesterday"}', 422, '/date must be a day that exists, written YYYY-MM-DD'],
    ['{"card_id":"cheap","explain":"long"}', 422, '/explain must be one of short, full, none'],
    ['{"card_id":""}', 422, '/card_id must not be empty'],
    [`{"card_id":"${'x'.repeat(201)}"}`, 422, '/card_id must have at most 200 characters'],
    ['{}', 422, '/card_id is required'],
    ['{"card_id"', 400, 'The body is not valid JSON'],
  ])('answers %s with %d and the reason', async (json, status, detail) => {
    const answer = await ask('POST', '/fair_price', json);
    expect([answer.status, answer.body.detail, answer.body.request_id]).toEqual([status, detail, 'r-1']);
    if (status !== 404) expect(asked).toEqual([]);
  });
});

describe('POST /fair_price/batch', () => {
  test('answers a result or a problem each, in order, with one call to each service', async () => {
    const items = ['even', 'nope', 'cheap', 'even'].map((card_id) => ({ card_id, date: null }));
    const { body } = await ask(
      'POST',
      '/fair_price/batch',
      JSON.stringify([...items, { card_id: 'dear', date: '2020-01-01' }]),
    );
    expect(body.map((item: { signal?: string; code?: string }) => item.signal ?? item.code)).toEqual([
      'HOLD',
      'unknown_card',
      'BUY',
      'HOLD',
      'no_data_for_date',
    ]);
    expect(body[1]).toMatchObject({ status: 404, detail: 'Unknown card_id: nope', request_id: 'r-1' });
    expect(asked.map(({ path }) => path)).toEqual(['/batch_predict', '/batch_signal']);
    expect(body[2]).toEqual((await ask('POST', '/fair_price', '{"card_id":"cheap"}')).body);
  });

  test('does not ask for what it does not need', async () => {
    expect((await ask('POST', '/fair_price/batch', '[]')).text).toBe('[]');
    expect(asked).toEqual([]);
    expect((await ask('POST', '/fair_price/batch', '[{"card_id":"nope"}]')).body).toHaveLength(1);
    expect(asked.map(({ path }) => path)).toEqual(['/batch_predict']);
  });

  test('takes 500 cards, and refuses 501 and bad items with their places', async () => {
    const many = (count: number) => JSON.stringify(Array(count).fill({ card_id: 'cheap' }));
    expect((await ask('POST', '/fair_price/batch', many(500))).body).toHaveLength(500);
    expect((await ask('POST', '/fair_price/batch', many(501))).body.errors).toEqual([
      { path: '', message: 'must have at most 500 items' },
    ]);
    const bad = await ask('POST', '/fair_price/batch', '[{"card_id":"cheap"},{"card_id":7},null]');
    expect(bad.body.errors).toEqual([
      { path: '/1/card_id', message: 'must be a string' },
      { path: '/2', message: 'must be an object' },
    ]);
    expect((await ask('POST', '/fair_price/batch', '{"requests":[]}')).status).toBe(422);
  });
});

test('GET /cards, GET /model and GET /health', async () => {
  expect((await ask('GET', '/model')).body).toEqual(CURVES);
  expect((await ask('GET', '/cards')).text).toBe(JSON.stringify({ cards: Object.keys(CARDS), count: 3 }));
  expect((await ask('GET', '/health')).text).toBe(
    '{"status":"ok","model_loaded":true,"cards_count":3,"services":{"model":"ok","decision":"ok"}}',
  );
  expect((await ask('GET', '/readyz')).status).toBe(200);
});

test('predictions are counted by signal', async () => {
  await ask(
    'POST',
    '/fair_price/batch',
    '[{"card_id":"cheap"},{"card_id":"dear"},{"card_id":"dear"},{"card_id":"nope"}]',
    inOne,
  );
  const { text } = await ask('GET', '/metrics', undefined, inOne);
  expect(text).toContain('pokewatch_predictions_total{signal="BUY",service="gateway"} 1');
  expect(text).toContain('pokewatch_predictions_total{signal="SELL",service="gateway"} 2');
  expect(text).toContain('pokewatch_predictions_total{signal="HOLD",service="gateway"} 0');
  expect(text).not.toContain('cheap');
});

test('the request id is in the log', async () => {
  await ask('POST', '/fair_price', '{"card_id":"nope"}', overHttp, 'find-me-in-the-log');
  expect(lines.filter(({ request_id }) => request_id === 'find-me-in-the-log').length).toBeGreaterThan(0);
});

test('services in the same process and services over HTTP give the same answers, byte for byte', async () => {
  const card_id = fc.constantFrom(...Object.keys(CARDS), 'nope', 'é', '');
  const date = fc.constantFrom(undefined, null, DAY, '2026-01-01', 'x');
  const single = fc.record({ card_id, date });
  const request = fc.oneof(
    single.map((body) => ['POST', '/fair_price', JSON.stringify(body)] as const),
    fc.array(single, { maxLength: 5 }).map((body) => ['POST', '/fair_price/batch', JSON.stringify(body)] as const),
    fc.constantFrom(['GET', '/cards'] as const, ['GET', '/health'] as const),
  );
  await fc.assert(
    fc.asyncProperty(request, async ([method, path, json]) => {
      expect(await ask(method, path, json, inOne)).toEqual(await ask(method, path, json, overHttp));
    }),
    { numRuns: 100 },
  );
});
