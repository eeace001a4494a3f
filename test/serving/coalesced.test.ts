import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FairPriceRequest, Prediction, SignalResponse } from '../../packages/contracts/src/index.ts';
import { createLogger, parseSettings } from '../../packages/core/src/index.ts';
import { type Served, serve } from '../../packages/http/src/testing/index.ts';
import { createDecisionApp } from '../../services/decision/src/index.ts';
import { createGatewayApp, injectPeer, type Peer } from '../../services/gateway/src/index.ts';
import { createModelApp } from '../../services/model/src/index.ts';
import { publishSample } from '../../services/model/src/testing/sample-model.ts';

// Requests that share calls must be answered as if each had asked alone: one call to the model service, one to the
// decision service, joined field by field. Sockets, services and models are real.

const CARDS = ['alpha', 'béta – “γ”', 'gamma', 'delta'];
const root = mkdtempSync(join(tmpdir(), 'pokewatch-coalesced-'));
let model: Served;
let decision: Served;
let gateway: Served;

beforeAll(async () => {
  await publishSample(root, { cards: CARDS, days: 6 });
  const logger = createLogger({ service: 'test', level: 'silent' });
  const settings = parseSettings({ POKEWATCH_DATA: root, POKEWATCH_RELOAD_POLL_MS: '100000' });
  model = await serve(await createModelApp({ settings, logger }));
  decision = await serve(await createDecisionApp({ settings, logger }));
  gateway = await serve(
    await createGatewayApp({
      settings: parseSettings({ MODEL_SERVICE_URL: model.url, DECISION_SERVICE_URL: decision.url }),
      logger,
    }),
  );
});
afterAll(async () => {
  await Promise.all([gateway, model, decision].map((served) => served?.close()));
  rmSync(root, { recursive: true, force: true });
});

async function post(url: string, body: unknown) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'r' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, text: await answer.text() };
}

/** What a gateway that shares nothing answers. */
async function alone(request: FairPriceRequest) {
  const predicted = await post(`${model.url}/predict`, request);
  if (predicted.status !== 200) return predicted;
  const prediction = JSON.parse(predicted.text) as Prediction;
  const { market_price, fair_price, lower, upper, p_up, p_down, low_price, horizon_days, flags, paused } = prediction;
  const question = { market_price, fair_price, lower, upper, p_up, p_down, low_price, horizon_days, flags, paused };
  const decided = JSON.parse((await post(`${decision.url}/signal`, question)).text) as SignalResponse;
  const { signal, deviation_pct, verdicts } = decided;
  const { card_id, date, market_price: _, fair_price: __, ...detail } = prediction;
  const joined = { card_id, date, market_price, fair_price, deviation_pct, signal, ...detail, verdicts };
  return { status: 200, text: JSON.stringify(joined) };
}

async function batches(of: Served): Promise<number> {
  const text = await (await fetch(`${of.url}/metrics`)).text();
  return Number(/^pokewatch_requests_total\{[^}]*route="\/batch_\w+"[^}]*\} (\d+)/m.exec(text)?.[1] ?? 0);
}

const request: fc.Arbitrary<FairPriceRequest> = fc.record(
  {
    card_id: fc.constantFrom(...CARDS, 'nobody', 'toString'),
    date: fc.constantFrom(null, '2026-04-20', '2026-04-18', '2026-04-19', '2020-01-01'),
    explain: fc.constantFrom('short' as const, 'full' as const, 'none' as const),
  },
  { requiredKeys: ['card_id'] },
);

describe.each([1, 1.07, 0.8])('with a model whose fair prices are those of the first × %d', (factor) => {
  beforeAll(async () => {
    await publishSample(root, { cards: CARDS, days: 6, version: `v${factor}`, factor });
    expect((await post(`${model.url}/reload`, {})).status).toBe(200);
  });

  test('requests that come together are answered as each alone, byte for byte', async () => {
    const before = [await batches(model), await batches(decision)];
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 24 }), async (requests) => {
        const together = await Promise.all(requests.map((each) => post(`${gateway.url}/fair_price`, each)));
        expect(together).toEqual(await Promise.all(requests.map(alone)));
      }),
      { numRuns: 40 },
    );
    expect(await batches(model)).toBeGreaterThan(before[0]!);
    expect(await batches(decision)).toBeGreaterThan(before[1]!);
  });

  test('a batch is answered as its requests alone, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 24 }), async (requests) => {
        const batch = await post(`${gateway.url}/fair_price/batch`, requests);
        const each = await Promise.all(requests.map(alone));
        expect(batch).toEqual({ status: 200, text: `[${each.map(({ text }) => text).join(',')}]` });
      }),
      { numRuns: 40 },
    );
  });
});

test('the first requests after a change of the model are answered from the new one, with decisions on its figures', async () => {
  const requests = CARDS.flatMap((card_id) => [{ card_id }, { card_id, date: '2026-04-18' }]);
  const ways = [
    async () => (await post(`${gateway.url}/fair_price/batch`, requests)).text,
    async () =>
      `[${(await Promise.all(requests.map((each) => post(`${gateway.url}/fair_price`, each)))).map(({ text }) => text).join(',')}]`,
    async () => {
      const texts: string[] = [];
      for (const each of requests) texts.push((await post(`${gateway.url}/fair_price`, each)).text);
      return `[${texts.join(',')}]`;
    },
  ];
  for (const [i, way] of [...ways, ...ways].entries()) {
    await way();
    await publishSample(root, { cards: CARDS, days: 6, version: `change-${i}`, factor: 0.9 + i / 30 });
    expect((await post(`${model.url}/reload`, {})).status).toBe(200);
    const first = await way();
    const each = await Promise.all(requests.map(alone));
    expect(first).toBe(`[${each.map(({ text }) => text).join(',')}]`);
    expect(first).toContain(`"change-${i}"`);
  }
});

test('decisions that change while the figures stay, as with other fees, are those of the service that was asked', async () => {
  const logger = createLogger({ service: 'test', level: 'silent' });
  const decisionWith = async (fees: string) =>
    injectPeer(
      'decision',
      (await createDecisionApp({ settings: parseSettings({ POKEWATCH_FEES: fees }), logger })).app,
    );
  const here = await decisionWith('tcgplayer');
  const elsewhere = await decisionWith('ebay');
  let now = here;
  const changing: Peer = { ...here, post: (...asked) => now.post(...asked) };
  const given = { settings: parseSettings({}), logger };
  const own = await serve(
    await createGatewayApp({ ...given, peers: { model: injectPeer('model', model.service.app), decision: changing } }),
  );
  const requests = CARDS.map((card_id) => ({ card_id, date: '2026-04-18', explain: 'none' as const }));
  const ways = [
    async () => (await post(`${own.url}/fair_price/batch`, requests)).text,
    async () =>
      (await Promise.all(requests.map(async (each) => (await post(`${own.url}/fair_price`, each)).text))).join(),
    async () => (await post(`${own.url}/fair_price`, requests[0])).text,
  ];
  for (const way of ways) {
    const seen: string[] = [];
    for (const each of [here, elsewhere, here, elsewhere]) {
      now = each;
      seen.push(await way());
    }
    expect(seen[1]).not.toBe(seen[0]);
    expect(seen.slice(2)).toEqual(seen.slice(0, 2));
  }
  await own.close();
});
