import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogger, parseSettings } from '../../packages/core/src/index.ts';
import { apiJudge, type Served, serve } from '../../packages/http/src/testing/index.ts';
import { createDecisionApp } from '../../services/decision/src/index.ts';
import { createGatewayApp } from '../../services/gateway/src/index.ts';
import { createModelApp } from '../../services/model/src/index.ts';
import { publishSample } from '../../services/model/src/testing/sample-model.ts';

// What the gateway answers where data carry no advice, and of KPIs; services, sockets and the store are real.

const SIX = ['card_id', 'date', 'market_price', 'fair_price', 'deviation_pct', 'signal'];

let root: string;
let running: Served[] = [];
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-paused-'));
  // Fair prices a quarter above market prices: BUY wherever advice is given.
  await publishSample(root, { factor: 1.2 });
});
afterEach(async () => {
  await Promise.all(running.map((each) => each.close()));
  running = [];
  rmSync(root, { recursive: true, force: true });
});

async function gatewayOn(day: string): Promise<Served> {
  const logger = createLogger({ service: 'test', level: 'silent' });
  const settings = parseSettings({ POKEWATCH_DATA: root, POKEWATCH_NOW: `${day}T12:00:00Z` });
  const model = await serve(await createModelApp({ settings, logger }));
  const decision = await serve(await createDecisionApp({ settings, logger }));
  const urls = { MODEL_SERVICE_URL: model.url, DECISION_SERVICE_URL: decision.url };
  const gateway = await serve(
    await createGatewayApp({ settings: parseSettings({ ...urls, POKEWATCH_PEER_TIMEOUT_MS: '20000' }), logger }),
  );
  running = [gateway, model, decision];
  return gateway;
}

async function ask(gateway: Served, path: string, body?: unknown) {
  const method = body === undefined ? 'GET' : 'POST';
  const json =
    body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(`${gateway.url}${path}`, { method, ...json });
  const text = await answer.text();
  const content_type = answer.headers.get('content-type') ?? '';
  const judge = apiJudge(await gateway.service.app.openapi());
  expect(judge({ method, path, status: answer.status, content_type, text })).toBeUndefined();
  return { status: answer.status, body: JSON.parse(text) };
}

test('fresh prices carry advice, and say nothing of pausing', async () => {
  const { status, body } = await ask(await gatewayOn('2026-04-21'), '/fair_price', { card_id: 'alpha' });
  expect(status, JSON.stringify(body)).toBe(200);
  expect(Object.keys(body).slice(0, 6)).toEqual(SIX);
  expect(body).toMatchObject({ signal: 'BUY' });
  expect(body).not.toHaveProperty('paused');
});

test('prices that are too old say HOLD and why, with fair price and deviation as they are', async () => {
  const fresh = (await ask(await gatewayOn('2026-04-21'), '/fair_price', { card_id: 'alpha' })).body;
  await Promise.all(running.map((each) => each.close()));
  const gateway = await gatewayOn('2026-05-20');
  const one = (await ask(gateway, '/fair_price', { card_id: 'alpha' })).body;
  expect(Object.keys(one).slice(0, 6)).toEqual(SIX);
  expect(one).toMatchObject({
    signal: 'HOLD',
    paused: { code: 'stale_data', text: expect.stringContaining('30 days old') },
  });
  expect(one.verdicts.buy).toMatchObject({ answer: 'unknown', strength: 0, holds_to: null });
  for (const same of ['market_price', 'fair_price', 'deviation_pct', 'lower', 'upper'])
    expect(one[same]).toBe(fresh[same]);
  const [batch, history] = (
    await ask(gateway, '/fair_price/batch', [{ card_id: 'alpha' }, { card_id: 'alpha', date: '2026-04-18' }])
  ).body;
  expect(batch).toEqual(one);
  expect(history).toMatchObject({ signal: 'BUY' });
});

test('KPIs that are not there yet are 404 with a code, for the gateway as for the model service', async () => {
  const gateway = await gatewayOn('2026-04-21');
  expect(await ask(gateway, '/kpis')).toMatchObject({ status: 404, body: { code: 'no_kpis' } });
  expect(await ask(gateway, '/kpis/cards', { limit: 5 })).toMatchObject({ status: 404, body: { code: 'no_kpis' } });
  expect(await ask(gateway, '/kpis/cards', { limit: 501 })).toMatchObject({
    status: 422,
    body: { code: 'invalid_body' },
  });
});
