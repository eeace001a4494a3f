import { setTimeout as sleep } from 'node:timers/promises';
import { parseSettings } from '@pokewatch/core';
import { memoryLogger, type Served, serve } from '@pokewatch/http/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGatewayApp, injectPeer } from '../index.ts';
import { fakeDecision, fakeModel } from '../testing/fake-peers.ts';
import { hasRedis, startRedis, type TestRedis } from '../testing/redis.ts';

describe.skipIf(!hasRedis)('two gateways with one Redis (needs redis-server)', () => {
  let redis: TestRedis;
  const gateways: Served[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    const peers = {
      model: injectPeer('model', (await fakeModel()).app),
      decision: injectPeer('decision', (await fakeDecision()).app),
    };
    const settings = parseSettings({
      REDIS_URL: redis.url,
      POKEWATCH_REDIS_TIMEOUT_MS: '5000',
      RATE_LIMIT_ENABLED: 'true',
      RATE_LIMIT_RPM: '6',
      RATE_LIMIT_BURST: '4',
    });
    for (let i = 0; i < 2; i++)
      gateways.push(await serve(await createGatewayApp({ settings, logger: memoryLogger().logger, peers })));
  });
  afterAll(async () => {
    for (const gateway of gateways) await gateway.close();
    await redis?.kill();
  });

  async function metric(name: string): Promise<number[]> {
    const texts = await Promise.all(gateways.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()));
    return texts.map((text) => Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (.+)$`, 'm').exec(text)?.[1]));
  }

  async function untilShared(shared: number): Promise<void> {
    for (const since = performance.now(); performance.now() - since < 20_000; await sleep(10))
      if ((await metric('pokewatch_rate_limit_shared')).every((value) => value === shared)) return;
    throw new Error(`pokewatch_rate_limit_shared did not become ${shared}`);
  }

  const ask = async (at: number) => {
    const { status, headers } = await fetch(`${gateways[at]!.url}/cards`);
    return [status, headers.get('x-ratelimit-limit'), headers.get('x-ratelimit-remaining')];
  };

  test('let a caller through as often as one would, and say in a metric whether they do', async () => {
    await untilShared(1);
    const seen = [await ask(0), await ask(1), await ask(0), await ask(1), await ask(0)];
    expect(seen).toEqual([
      [200, '6', '3'],
      [200, '6', '2'],
      [200, '6', '1'],
      [200, '6', '0'],
      [429, '6', '0'],
    ]);
    await redis.kill();
    await untilShared(0);
    expect([await ask(0), await ask(1)]).toEqual([
      [200, '6', '3'],
      [200, '6', '3'],
    ]);
    await redis.start();
    await untilShared(1);
    expect(await ask(0)).toEqual([200, '6', '3']);
  });
});
