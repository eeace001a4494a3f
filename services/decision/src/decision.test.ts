import { parseSettings } from '@pokewatch/core';
import { apiJudge, memoryLogger, type Served, serve } from '@pokewatch/http/testing';
import { FEE_PROFILES, verdicts } from '@pokewatch/signals';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDecisionApp } from './index.ts';

let served: Served;
let judge: ReturnType<typeof apiJudge>;

beforeAll(async () => {
  const settings = parseSettings({ POKEWATCH_BUY_THRESHOLD_PCT: '0.2', POKEWATCH_FEES: 'ebay' });
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
  test('says HOLD and gives no verdict where the question is paused, with the deviation told all the same', async () => {
    const paused = { code: 'drift', text: 'No advice: all is different.' };
    const figures = { lower: 90, upper: 110, p_up: 0.1, p_down: 0.1, horizon_days: 14, flags: [] };
    const question = { market_price: 80, fair_price: 100, ...figures };
    const [open, held] = [question, { ...question, paused }].map((each) =>
      ask('POST', '/signal', JSON.stringify(each)),
    );
    expect(JSON.parse((await open!).text)).toMatchObject({ signal: 'BUY', verdicts: { buy: { answer: 'now' } } });
    const { signal, deviation_pct, verdicts } = JSON.parse((await held!).text);
    expect({ signal, deviation_pct }).toEqual({ signal: 'HOLD', deviation_pct: -0.2 });
    for (const verdict of [verdicts.buy, verdicts.sell, verdicts.flip])
      expect(verdict).toMatchObject({ answer: 'unknown', strength: 0, holds_to: null, text: paused.text });
  });

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

const OUTLOOK = { lower: 9, upper: 13, p_up: 0.7, p_down: 0.01, horizon_days: 14 };
const ASKED = { market_price: 10, fair_price: 11.5, ...OUTLOOK, low_price: 11, flags: [] };

describe('verdicts', () => {
  test('come with the signal when band, chances and horizon are given', async () => {
    const { status, body } = await ask('POST', '/signal', JSON.stringify(ASKED));
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['signal', 'deviation_pct', 'market_price', 'fair_price', 'verdicts']);
    const figures = { ...ASKED, fees: FEE_PROFILES.ebay };
    expect(body.verdicts).toEqual(verdicts(figures));
    expect(body.verdicts.flip.fees).toBe('ebay');
  });

  test('take the listing as not known and the data as good when nothing is said of them', async () => {
    const { low_price: _, flags: __, ...bare } = ASKED;
    const [told, untold] = await Promise.all(
      [{ ...ASKED, low_price: null }, bare].map((asked) => ask('POST', '/signal', JSON.stringify(asked))),
    );
    expect(untold!.text).toBe(told!.text);
  });

  test('are silent on suspect data, and the signal stays', async () => {
    const { body } = await ask('POST', '/signal', JSON.stringify({ ...ASKED, market_price: 9, flags: ['stale'] }));
    expect(body.signal).toBe('BUY');
    expect([body.verdicts.buy.answer, body.verdicts.sell.answer, body.verdicts.flip.answer]).toEqual(
      Array(3).fill('unknown'),
    );
  });

  test.each([{}, { low_price: 8 }, { flags: ['stale'] }, { buy_threshold_pct: 0.1, low_price: null }])(
    'are not there, and the answer is the original’s, when a request adds %j',
    async (part) => {
      const asked = { market_price: 10, fair_price: 10, ...part };
      const { text } = await ask('POST', '/signal', JSON.stringify(asked));
      expect(text).toBe('{"signal":"HOLD","deviation_pct":0,"market_price":10,"fair_price":10}');
    },
  );

  test('never change the signal', async () => {
    const price = fc.double({ min: 0.01, max: 1000, noNaN: true });
    const chance = fc.double({ min: 0, max: 1, noNaN: true });
    await fc.assert(
      fc.asyncProperty(price, price, chance, chance, async (market_price, fair_price, p_up, p_down) => {
        const prices = { market_price, fair_price };
        const more = { lower: fair_price / 2, upper: fair_price * 2, p_up, p_down, horizon_days: 14 };
        const { verdicts: _, ...signal } = (await ask('POST', '/signal', JSON.stringify({ ...prices, ...more }))).body;
        expect(signal).toEqual((await ask('POST', '/signal', JSON.stringify(prices))).body);
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    [{ p_up: undefined }, ['/p_up']],
    [{ lower: undefined, horizon_days: undefined }, ['/lower', '/horizon_days']],
    [{ p_up: 1.1 }, ['/p_up']],
    [{ p_down: -0.1 }, ['/p_down']],
    [{ lower: 0 }, ['/lower']],
    [{ lower: 11.51 }, ['/lower']],
    [{ upper: 11.49 }, ['/upper']],
    [{ low_price: 0 }, ['/low_price']],
    [{ horizon_days: 1.5 }, ['/horizon_days']],
    [{ horizon_days: 0 }, ['/horizon_days']],
    [{ flags: 'stale' }, ['/flags']],
    [{ flags: [7] }, ['/flags/0']],
  ])('are refused with %j, with the paths', async (part, paths) => {
    for (const [path, at] of [
      ['/signal', ''],
      ['/batch_signal', '/0'],
    ] as const) {
      const asked = { ...ASKED, ...part };
      const answer = await ask('POST', path, JSON.stringify(at === '' ? asked : [asked]));
      expect(answer.status).toBe(422);
      expect(answer.body.errors.map((fault: { path: string }) => fault.path)).toEqual(paths.map((one) => at + one));
    }
  });

  test('come for each request of a batch that asks for them', async () => {
    const { body } = await ask('POST', '/batch_signal', JSON.stringify([ASKED, { market_price: 1, fair_price: 1 }]));
    expect(body[0]).toEqual((await ask('POST', '/signal', JSON.stringify(ASKED))).body);
    expect(Object.keys(body[1])).not.toContain('verdicts');
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

describe('POST /batch_signal with one question a line', () => {
  const LINES = 'application/x-ndjson';
  async function lines(text: string, accept = LINES, type = LINES, coding?: string) {
    const headers = { 'content-type': type, accept, ...(coding === undefined ? {} : { 'content-encoding': coding }) };
    const answer = await fetch(`${served.url}/batch_signal`, { method: 'POST', body: text, headers });
    return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
  }
  const price = fc.double({ min: 0.01, max: 1000, noNaN: true }).map((each) => Math.round(each * 100) / 100);
  const questions = fc.array(
    fc.record(
      { market_price: price, fair_price: price, flags: fc.constantFrom(['stale'], ['é'], []), ...told() },
      { requiredKeys: ['market_price', 'fair_price'] },
    ),
    { minLength: 1, maxLength: 20 },
  );
  function told() {
    const { lower, upper, p_up, p_down, horizon_days } = { ...OUTLOOK, lower: 0.001, upper: 2000 };
    return { band: fc.constant({ lower, upper, p_up, p_down, horizon_days }) };
  }

  test('is answered as the array of them is, byte for byte, in both forms and when asked again', async () => {
    await fc.assert(
      fc.asyncProperty(questions, async (made) => {
        const asked = made.map(({ band, ...rest }) => JSON.stringify({ ...rest, ...band }));
        const array = await ask('POST', '/batch_signal', `[${asked.join(',')}]`);
        const each = await Promise.all(asked.map(async (one) => (await ask('POST', '/signal', one)).text));
        expect(array.text).toBe(`[${each.join(',')}]`);
        for (let i = 0; i < 2; i++) {
          const answer = await lines(asked.join('\n'));
          expect(answer).toEqual({ status: 200, type: `${LINES}; charset=utf-8`, text: `${each.join('\n')}\n` });
          expect(await lines(`${asked.join('\n')}\n`, '*/*')).toMatchObject({ status: 200, text: array.text });
        }
      }),
      { numRuns: 40 },
    );
  });

  const good = '{"market_price":1,"fair_price":1}';
  test.each([
    ['a line that is no JSON', `${good}\n{`, 400, 'bad_json'],
    ['a blank line', `${good}\n\n${good}`, 400, 'bad_json'],
    ['a name that reaches for prototypes', '{"market_price":1,"fair_price":1,"__proto__":{}}', 400, 'bad_request'],
    ['deep nesting', `${good.slice(0, -1)},"x":${'['.repeat(99)}${']'.repeat(99)}}`, 400, 'bad_request'],
    ['a question that does not fit', `${good}\n{"market_price":1}`, 422, 'invalid_body'],
    ['more than 500', Array(501).fill(good).join('\n'), 422, 'invalid_body'],
  ])('refuses %s', async (_what, text, status, code) => {
    const answer = await lines(text);
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([status, code]);
  });

  test('is taken by no other route, and not when it is compressed', async () => {
    expect((await lines(good, LINES, LINES, 'gzip')).status).toBe(415);
    const signal = await fetch(`${served.url}/signal`, {
      method: 'POST',
      body: good,
      headers: { 'content-type': LINES },
    });
    expect(signal.status).toBe(415);
  });
});

test('GET /health says that it is the decision service', async () => {
  expect((await ask('GET', '/health')).text).toBe('{"status":"healthy","service":"decision_service"}');
});
