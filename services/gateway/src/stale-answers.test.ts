import { FairPriceSchema } from '@pokewatch/contracts';
import { parseSettings } from '@pokewatch/core';
import { memoryLogger, type Served, serve } from '@pokewatch/http/testing';
import { afterEach, expect, test } from 'vitest';
import { createGatewayApp } from './index.ts';
import { ask } from './testing/bench.ts';
import { fakeDecision, fakeModel } from './testing/fake-peers.ts';

const running: Served[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.close()));
});

async function gateway(stale_ms: string): Promise<{ from: Served; model: Served }> {
  const model = await serve(await fakeModel());
  const decision = await serve(await fakeDecision());
  const settings = parseSettings({
    MODEL_SERVICE_URL: model.url,
    DECISION_SERVICE_URL: decision.url,
    POKEWATCH_STALE_MS: stale_ms,
  });
  const from = await serve(await createGatewayApp({ settings, logger: memoryLogger().logger }));
  running.push(from, decision);
  return { from, model };
}

const BATCH = '/fair_price/batch';

test('while the model service is down, the last answers are given again and say that they are stale', async () => {
  const { from, model } = await gateway('60000');
  const before = await ask(from);
  const batch = await ask(from, BATCH, [{ card_id: 'dear' }, { card_id: 'cheap' }]);
  expect(before.body).not.toHaveProperty('stale');
  await model.close();
  const after = await ask(from);
  expect([after.status, after.body]).toEqual([200, { ...before.body, stale: true }]);
  expect(FairPriceSchema.safeParse(after.body).success).toBe(true);
  const again = await ask(from, BATCH, [{ card_id: 'dear' }, { card_id: 'cheap' }]);
  expect(again.body).toEqual(batch.body.map((item: object) => ({ ...item, stale: true })));
  for (const [path, body] of [
    ['/fair_price', { card_id: 'even' }],
    ['/fair_price', { card_id: 'cheap', explain: 'none' }],
    [BATCH, [{ card_id: 'cheap' }, { card_id: 'even' }]],
  ] as const)
    expect((await ask(from, path, body)).status).toBe(503);
});

test('by default no answer is given again, nor one that is too old', async () => {
  for (const stale_ms of ['', '1']) {
    const { from, model } = await gateway(stale_ms);
    expect((await ask(from)).status).toBe(200);
    await model.close();
    expect((await ask(from)).status).toBe(503);
  }
});
