import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { says } from './testing/bad-peer.ts';
import { ask, type Bench, createBench, ok } from './testing/bench.ts';
import { fakePrediction, fakeVerdicts } from './testing/fake-peers.ts';

let bench: Bench;

beforeEach(async () => {
  bench = await createBench();
});
afterEach(() => bench.close());

const good = fakePrediction('cheap');

describe('when the model service answers what cannot be true', () => {
  test.each([
    ['for another card', { ...good, card_id: 'dear' }],
    ['without a price', { ...good, market_price: undefined }],
    ['with a price of zero', { ...good, market_price: 0 }],
    ['with a negative price', { ...good, fair_price: -1 }],
    ['with text for a price', { ...good, fair_price: '10' }],
    ['with a day that does not exist', { ...good, date: '2026-02-30' }],
    ['with a chance above one', { ...good, p_up: 1.01 }],
    ['with a negative chance', { ...good, p_down: -0.01 }],
    ['without chances', { ...good, p_down: undefined }],
    ['with text for a listing', { ...good, low_price: '9' }],
    ['without a word on the listing', { ...good, low_price: undefined }],
    ['with a reason of no shape', { ...good, reasons: [{}] }],
    ['with a horizon of no shape', { ...good, horizons: [{ horizon_days: 7 }] }],
  ])('%s, no number of it reaches the caller', async (_name, answer) => {
    const from = await bench.gateway({ model: (await bench.bad(ok(answer))).url });
    expect(await ask(from)).toMatchObject({ status: 503, body: { code: 'peer_bad_answer' } });
  });

  test('an infinite price, no number of it reaches the caller', async () => {
    const text = JSON.stringify(good).replace('"market_price":9', '"market_price":1e999');
    const from = await bench.gateway({ model: (await bench.bad(says(200, text))).url });
    expect(await ask(from)).toMatchObject({ status: 503, body: { code: 'peer_bad_answer' } });
  });

  test('for another day than was asked for, it is not passed on', async () => {
    const from = await bench.gateway({ model: (await bench.bad(ok(good))).url });
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
    const from = await bench.gateway({ model: (await bench.bad(ok(answer))).url });
    const asked = await ask(from, '/fair_price/batch', [{ card_id: 'cheap' }, { card_id: 'dear' }]);
    expect(asked).toMatchObject({ status: 503, body: { code: 'peer_bad_answer' } });
  });

  test('cards whose count is wrong are not passed on', async () => {
    const from = await bench.gateway({ model: (await bench.bad(ok({ cards: ['a'], count: 2 }))).url });
    expect(await ask(from, '/cards')).toMatchObject({ status: 503, body: { code: 'peer_bad_answer' } });
  });
});

test.each([
  ['without verdicts', undefined],
  ['with half of the verdicts', { buy: fakeVerdicts(9, null).buy }],
  ['with a strength above one', { ...fakeVerdicts(9, null), buy: { ...fakeVerdicts(9, null).buy, strength: 1.1 } }],
  [
    'with an answer of another kind',
    { ...fakeVerdicts(9, null), buy: { ...fakeVerdicts(9, null).buy, answer: 'yes' } },
  ],
])('a signal %s is not passed on', async (_name, verdicts) => {
  const { market_price, fair_price } = good;
  const answer = { signal: 'BUY', deviation_pct: -0.1, market_price, fair_price, verdicts };
  for (const [path, body, said] of [
    ['/fair_price', { card_id: 'cheap' }, answer],
    ['/fair_price/batch', [{ card_id: 'cheap' }], [answer]],
  ] as const) {
    const from = await bench.gateway({ decision: (await bench.bad(ok(said))).url });
    expect(await ask(from, path, body)).toMatchObject({ status: 503, body: { code: 'peer_bad_answer' } });
  }
});

test('a signal for other prices is not passed on', async () => {
  const prices = { market_price: 1, fair_price: 2 };
  const other = { signal: 'BUY', deviation_pct: -0.5, ...prices, verdicts: fakeVerdicts(1, null) };
  const from = await bench.gateway({ decision: (await bench.bad(ok(other))).url });
  expect(await ask(from)).toMatchObject({ status: 503, body: { code: 'peer_bad_answer' } });
});
