import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLogger, parseSettings } from '../../packages/core/src/index.ts';
import { type Child, freePorts, type Served, serve, startChild } from '../../packages/http/src/testing/index.ts';
import { createDecisionApp } from '../../services/decision/src/index.ts';
import { createGatewayApp, injectPeer } from '../../services/gateway/src/index.ts';
import { createModelApp } from '../../services/model/src/index.ts';
import { publishSample } from '../../services/model/src/testing/sample-model.ts';

// Three real processes, as in production, and the one-process mode beside them.

type Name = 'model' | 'decision' | 'gateway';
const root = mkdtempSync(join(tmpdir(), 'pokewatch-platform-'));
const running = new Map<Name, Child>();
let env: Record<string, string>;
let url: string;
let single: Served;

beforeAll(async () => {
  await publishSample(root, { cards: ['sv2a_151_charizard_ex___201_165', 'base1_4_charizard', 'é'], days: 30 });
  const [gateway, model, decision] = await freePorts(3);
  env = {
    POKEWATCH_DATA: root,
    POKEWATCH_GATEWAY_PORT: String(gateway),
    POKEWATCH_MODEL_PORT: String(model),
    POKEWATCH_DECISION_PORT: String(decision),
    POKEWATCH_PEER_TIMEOUT_MS: '1000',
    LOG_LEVEL: 'debug',
  };
  url = `http://127.0.0.1:${gateway}`;
  await Promise.all((['model', 'decision', 'gateway'] as const).map(start));
  const given = { settings: parseSettings(env), logger: createLogger({ service: 'single', level: 'silent' }) };
  const peers = {
    model: injectPeer('model', (await createModelApp(given)).app),
    decision: injectPeer('decision', (await createDecisionApp(given)).app),
  };
  single = await serve(await createGatewayApp({ ...given, peers }));
});
afterAll(async () => {
  for (const child of running.values()) child.process.kill('SIGKILL');
  await single?.close();
  rmSync(root, { recursive: true, force: true });
});

async function start(name: Name): Promise<void> {
  const child = startChild(fileURLToPath(new URL(`../../services/${name}/src/main.ts`, import.meta.url)), env, root);
  running.set(name, child);
  await child.until(/listening at/);
}

async function ask(path: string, body?: unknown, from = url, request_id = 'r') {
  const started = performance.now();
  const answer = await fetch(from + path, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: { 'x-request-id': request_id, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
  });
  const text = await answer.text();
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    text,
    took_ms: performance.now() - started,
  };
}

const CARD = { card_id: 'base1_4_charizard' };

test('one process answers as three do, byte for byte', async () => {
  const { cards } = JSON.parse((await ask('/cards')).text) as { cards: string[] };
  expect(cards).toHaveLength(3);
  const dates = [undefined, null, '2026-04-20', '2026-04-19', '2026-04-18', '2026-03-25', '2026-02-30'];
  const requests = [...cards, 'nope', ''].flatMap((card_id) => dates.map((date) => ({ card_id, date })));
  const batches = [requests, requests.filter(({ card_id, date }) => card_id !== '' && date !== '2026-02-30'), []];
  const sent = [
    ...requests.map((body) => ['/fair_price', body] as const),
    ...batches.map((body) => ['/fair_price/batch', body] as const),
    ...['/cards', '/health', '/readyz', '/nowhere', '/openapi.json'].map((path) => [path, undefined] as const),
  ];
  const statuses = new Set<number>();
  for (const [path, body] of sent) {
    const three = await ask(path, body);
    const one = await ask(path, body, single.url);
    expect([one.status, one.type, one.text]).toEqual([three.status, three.type, three.text]);
    statuses.add(three.status);
  }
  expect(statuses).toEqual(new Set([200, 404, 422]));
});

test('a request id goes through the logs of all three', async () => {
  await ask('/fair_price', CARD, url, 'through-all-three');
  for (const child of running.values()) await child.until(/through-all-three/, 2000);
});

describe.each(['model', 'decision'] as const)('while the %s process', (name) => {
  test('is killed, the gateway answers 503 at once and says which; it recovers within two seconds of its return', async () => {
    running.get(name)?.process.kill('SIGKILL');
    await running.get(name)?.ended;
    const answer = await ask('/fair_price', CARD);
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([503, 'peer_unavailable']);
    expect(answer.took_ms).toBeLessThan(500);
    expect(JSON.parse((await ask('/health')).text)).toMatchObject({ status: 'degraded', services: { [name]: 'down' } });
    await start(name);
    const since = performance.now();
    while ((await ask('/fair_price', CARD)).status !== 200 && performance.now() - since < 2000) await sleep(20);
    expect((await ask('/fair_price', CARD)).status).toBe(200);
    expect(JSON.parse((await ask('/health')).text).status).toBe('ok');
  });

  test('stands still, the gateway answers 503 within its deadline', async () => {
    running.get(name)?.process.kill('SIGSTOP');
    try {
      const answer = await ask('/fair_price', CARD);
      expect([answer.status, JSON.parse(answer.text).code]).toEqual([503, 'peer_timeout']);
      expect(answer.took_ms).toBeLessThan(2000);
      const health = await ask('/health');
      expect(JSON.parse(health.text)).toMatchObject({ services: { [name]: 'slow' } });
      expect(health.took_ms).toBeLessThan(1000);
    } finally {
      running.get(name)?.process.kill('SIGCONT');
    }
    const since = performance.now();
    while ((await ask('/fair_price', CARD)).status !== 200 && performance.now() - since < 2000) await sleep(20);
    expect((await ask('/fair_price', CARD)).status).toBe(200);
  });
});

test('a gateway that is asked to stop under load answers everything that it took', async () => {
  const seen: (number | string)[] = [];
  const clients = Array.from({ length: 4 }, async () => {
    for (;;) {
      try {
        seen.push((await ask('/fair_price', CARD)).status);
      } catch (error) {
        const { code } = (error as Error).cause as { code: string };
        if (code === 'ECONNREFUSED') return;
        seen.push(code);
      }
    }
  });
  while (seen.length < 50) await sleep(10);
  running.get('gateway')?.process.kill('SIGTERM');
  await Promise.all(clients);
  expect(await running.get('gateway')?.ended).toBe(0);
  expect(new Set(seen)).toEqual(new Set([200]));
  await start('gateway');
  expect((await ask('/fair_price', CARD)).status).toBe(200);
});

test('all three stop in order within five seconds', async () => {
  const started = performance.now();
  for (const child of running.values()) child.process.kill('SIGINT');
  expect(await Promise.all([...running.values()].map((child) => child.ended))).toEqual([0, 0, 0]);
  expect(performance.now() - started).toBeLessThan(5000);
});
