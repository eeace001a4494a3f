import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runCli } from '../../support/cli.ts';
import type { Case } from '../support/case.ts';
import { runJob } from '../support/jobs.ts';
import { until } from '../support/kube.ts';
import { isReady, type Stage } from '../support/stage.ts';

const SECRET = 'suite-keys';
/** Requests at once, and a minute. */
const LIMIT = 12;
const HOST = 'pokewatch.example.org';
const COUNTED = /^pokewatch_rate_limit_requests_total\{[^}]*store="redis"[^}]*\} (\d+)$/gm;

export const guarded: Case = {
  name: 'with keys out of a Secret, a Redis and an Ingress: strangers are refused, two gateways share one limit, the pipeline has its key',
  async show(stage) {
    const { kube } = stage;
    const folder = mkdtempSync(join(tmpdir(), 'pokewatch-suite-keys-'));
    try {
      const shop = await makeKey(folder, 'shop', 'read,batch');
      const pipeline = await makeKey(folder, 'pipeline', 'admin');
      await kube.kubectl(['create', 'secret', 'generic', SECRET, `--from-file=${join(folder, 'keys.json')}`]);
      await stage.install(values(stage, pipeline));
      await kube.kubectl(['rollout', 'status', 'deployment/redis', '--timeout=120s']);
      await stage.rolledOut();
      await kube.helm(['test', 'pokewatch', '--timeout', '180s']);
      // Those of before know no limit.
      await until('the old gateways are gone', 120_000, async () =>
        (await kube.list('pods', 'app.kubernetes.io/component=gateway')).length === 2 ? true : undefined,
      );
      expect((await ask(stage)).status).toBe(401);
      const limited = await untilRefused(stage, shop);
      const policies = (await kube.list('networkpolicies')).map(({ metadata }) => metadata.name);
      expect(policies).toEqual(expect.arrayContaining(['api-gateway', 'pokewatch', 'redis']));
      const ingress = await kube.get('ingress/api-gateway');
      expect(ingress.spec.rules[0].host).toBe(HOST);
      const { succeeded, said } = await runJob(kube, 'pipeline', 'with-keys');
      expect(succeeded, said).toBe(true);
      await stage.install();
      await stage.answer();
      return `401 without a key; ${limited}; the pipeline: ${said}; ${policies.length} NetworkPolicies and an Ingress were taken`;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function values({ given }: Stage, reload_key: string) {
  return {
    'auth.enabled': true,
    'auth.keysSecret': SECRET,
    'secrets.POKEWATCH_RELOAD_KEY': reload_key,
    'settings.RATE_LIMIT_ENABLED': true,
    'settings.RATE_LIMIT_RPM': LIMIT,
    'settings.RATE_LIMIT_BURST': LIMIT,
    // A busy machine is no reason to count alone.
    'settings.POKEWATCH_REDIS_TIMEOUT_MS': 5000,
    'redis.enabled': true,
    'redis.image': `${given.registry}/pokewatch-test-redis:${given.tag}`,
    'redis.password': 'only-for-this-suite',
    'gateway.ingress.enabled': true,
    'gateway.ingress.hosts[0]': HOST,
  };
}

/** A key that `pokewatch keys create` adds to keys.json in a folder. */
async function makeKey(folder: string, name: string, scopes: string): Promise<string> {
  const env = { POKEWATCH_KEYS: join(folder, 'keys.json') };
  const { code, out, err } = await runCli(['keys', 'create', '--name', name, '--scopes', scopes], { cwd: folder, env });
  expect(code, err).toBe(0);
  return out.trim();
}

/** One question over a connection of its own, so that any of the gateways may get it. */
function ask({ given }: Stage, key?: string): Promise<Response> {
  const headers = { connection: 'close', ...(key === undefined ? {} : { 'x-api-key': key }) };
  return fetch(`${given.url}/cards`, { headers });
}

/** Asks until a request is refused and every gateway has counted some: together they let through what one would. */
async function untilRefused(stage: Stage, key: string): Promise<string> {
  const began = performance.now();
  const before = await countedByRedis(stage);
  const by: Record<number, number> = {};
  const counted = await until('every gateway was asked', 30_000, async () => {
    for (let asked = 0; asked < LIMIT + 1; asked++) {
      const { status } = await ask(stage, key);
      by[status] = (by[status] ?? 0) + 1;
    }
    const counts = (await countedByRedis(stage)).map((count, gateway) => count - before[gateway]!);
    return counts.every((count) => count > 0) ? counts : undefined;
  });
  expect(counted.length).toBe(2);
  const filled = Math.ceil(((performance.now() - began) / 60_000) * LIMIT);
  expect(by[200]).toBeLessThanOrEqual(LIMIT + filled);
  expect(by[200]).toBeGreaterThanOrEqual(LIMIT);
  expect(by[429]).toBeGreaterThan(0);
  return `with a key ${by[200]} × 200 and ${by[429]} × 429, counted for gateways that took ${counted.join(' and ')}`;
}

/** How many requests each gateway held against the limit in Redis. */
async function countedByRedis(stage: Stage): Promise<number[]> {
  const pods = (await stage.pods('gateway')).filter(isReady);
  const texts = await Promise.all(pods.map(({ metadata }) => stage.kube.askPod(metadata.name, 8000, '/metrics')));
  return texts.map((text) => [...text.matchAll(COUNTED)].reduce((sum, [, count]) => sum + Number(count), 0));
}
