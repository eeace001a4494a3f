import { parseSettings } from '@pokewatch/core';
import { apiJudge, memoryLogger, type Served, serve } from '@pokewatch/http/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDecisionApp } from './index.ts';

let served: Served;
let judge: ReturnType<typeof apiJudge>;

beforeAll(async () => {
  const settings = parseSettings({ POKEWATCH_BUY_THRESHOLD_PCT: '0.2' });
  served = await serve(await createDecisionApp({ settings, logger: memoryLogger().logger }));
  judge = apiJudge((await (await fetch(`${served.url}/openapi.json`)).json()) as object);
});
afterAll(() => served.close());

async function ask(method: string, path: string, json?: string) {
  const answer = await fetch(served.url + path, {
    method,
    ...(json === undefined ? {} : { body: json, headers: { 'content-type': 'application/json' } }),
  });
  const text = await answer.text();
  const content_type = answer.headers.get('content-type') ?? '';
  expect(judge({ method, path, status: answer.status, content_type, text })).toBeUndefined();
  return { status: answer.status, text, body: JSON.parse(text) };
}

describe('POST /signal', () => {
  test('uses the thresholds of the request, and those of the settings where it names none', async () => {
    expect((await ask('POST', '/signal', '{"market_price":85,"fair_price":100}')).text).toBe(
      '{"signal":"HOLD","deviation_pct":-0.15,"market_price":85,"fair_price":100}',
    );
    const own = await ask('POST', '/signal', '{"market_price":90,"fair_price":100,"buy_threshold_pct":0.1}');
    expect(own.body).toMatchObject({ signal: 'BUY', deviation_pct: -0.1 });
    const sell = await ask('POST', '/signal', '{"market_price":110,"fair_price":100,"sell_threshold_pct":0.1}');
    expect(sell.body.signal).toBe('SELL');
  });

  test.each([
    ['{"market_price":1e999,"fair_price":1}', '/market_price'],
    ['{"market_price":-1e999,"fair_price":1}', '/market_price'],
    ['{"market_price":0,"fair_price":1}', '/market_price'],
    ['{"market_price":1,"fair_price":-1}', '/fair_price'],
    ['{"market_price":1,"fair_price":0}', '/fair_price'],
    ['{"market_price":1e308,"fair_price":1e-10}', '/market_price'],
    ['{"market_price":1,"fair_price":5e-324}', '/market_price'],
    ['{"market_price":null,"fair_price":1}', '/market_price'],
    ['{"fair_price":1}', '/market_price'],
    ['{"market_price":1,"fair_price":1,"buy_threshold_pct":-0.1}', '/buy_threshold_pct'],
    ['{"market_price":1,"fair_price":1,"sell_threshold_pct":1.1}', '/sell_threshold_pct'],
    ['{"market_price":1,"fair_price":1,"sell_threshold_pct":null}', '/sell_threshold_pct'],
  ])('answers %s with 422 at %s', async (body, path) => {
    const answer = await ask('POST', '/signal', body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((fault: { path: string }) => fault.path)).toEqual([path]);
  });

  test('answers any JSON with 200 or 4xx', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (json) => {
        const { status } = await ask('POST', '/signal', json);
        expect([400, 422]).toContain(status);
      }),
      { numRuns: 100 },
    );
  });

  test('answers any two prices with finite numbers or 422', async () => {
    const price = fc.double({ min: 5e-324, max: 1e308, noNaN: true });
    await fc.assert(
      fc.asyncProperty(price, price, async (market_price, fair_price) => {
        const { status, body } = await ask('POST', '/signal', JSON.stringify({ market_price, fair_price }));
        if (status === 200) expect(body).toMatchObject({ market_price, fair_price, deviation_pct: expect.any(Number) });
        else expect(status).toBe(422);
      }),
      { numRuns: 100 },
    );
  });
});

describe('POST /batch_signal', () => {
  test('answers in order', async () => {
    const pairs = [
      { market_price: 70, fair_price: 100 },
      { market_price: 100, fair_price: 100 },
      { market_price: 130, fair_price: 100 },
    ];
    const { body } = await ask('POST', '/batch_signal', JSON.stringify(pairs));
    expect(body.map((answer: { signal: string }) => answer.signal)).toEqual(['BUY', 'HOLD', 'SELL']);
    expect((await ask('POST', '/batch_signal', '[]')).text).toBe('[]');
  });

  test('takes 500 pairs and refuses 501', async () => {
    const pairs = (count: number) => JSON.stringify(Array(count).fill({ market_price: 1, fair_price: 1 }));
    expect((await ask('POST', '/batch_signal', pairs(500))).body).toHaveLength(500);
    expect((await ask('POST', '/batch_signal', pairs(501))).status).toBe(422);
  });

  test('names the pair that is at fault', async () => {
    const good = '{"market_price":1,"fair_price":1}';
    const shape = await ask('POST', '/batch_signal', `[${good},{"market_price":1}]`);
    expect(shape.body.errors).toEqual([{ path: '/1/fair_price', message: 'is required' }]);
    const overflow = await ask('POST', '/batch_signal', `[${good},{"market_price":1e308,"fair_price":1e-10}]`);
    expect(overflow.body.errors[0].path).toBe('/1/market_price');
  });
});

test('GET /health says that it is the decision service', async () => {
  expect((await ask('GET', '/health')).text).toBe('{"status":"healthy","service":"decision_service"}');
});
