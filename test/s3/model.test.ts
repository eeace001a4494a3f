import { cpSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { parseSettings } from '../../packages/core/src/index.ts';
import { memoryLogger, type Served, serve } from '../../packages/http/src/testing/index.ts';
import { fetchChampion, layout, withStore } from '../../packages/store/src/index.ts';
import { createModelApp } from '../../services/model/src/index.ts';
import { publishSample } from '../../services/model/src/testing/sample-model.ts';
import { NO_S3, S3_KEYS } from '../support/s3-server.ts';
import { useS3 } from '../support/use-s3.ts';

const s3 = useS3();
let stores = 0;
let served: Served | undefined;
let lines: Record<string, unknown>[];

afterEach(async () => {
  await served?.close();
  served = undefined;
});

/** A store of its own for a test. */
function store() {
  const name = `models-${stores++}`;
  const data = `s3://cards/${name}`;
  const publish = async (version: string) => {
    const root = join(s3.top, name);
    await publishSample(root, { version });
    await withStore(settingsOf(data, { POKEWATCH_S3_ENDPOINT: s3.server.url }), async (store) => {
      await fetchChampion(store);
      for (const part of [version, 'champion.json'])
        cpSync(join(root, 'models', part), join(store.root, 'models', part), { recursive: true });
      await store.publishVersion(layout.model(store.root, version));
      await store.publish(layout.champion(store.root));
    });
  };
  return { data, objects: join(s3.server.folder, 'cards', name), publish };
}

function settingsOf(data: string, env: Record<string, string>) {
  return parseSettings({
    POKEWATCH_DATA: data,
    POKEWATCH_S3_ENDPOINT: s3.door.url,
    POKEWATCH_S3_CACHE: join(s3.top, 'cache', data.slice('s3://cards/'.length)),
    POKEWATCH_RELOAD_POLL_MS: '100',
    ...S3_KEYS,
    ...env,
  });
}

async function start(data: string, env: Record<string, string> = {}): Promise<void> {
  const { logger, lines: logged } = memoryLogger('info');
  lines = logged as typeof lines;
  served = await serve(await createModelApp({ settings: settingsOf(data, env), logger }));
}

async function status(path: string): Promise<number> {
  return (await fetch(`${served!.url}${path}`)).status;
}

async function version(): Promise<string | null> {
  const answer = await fetch(`${served!.url}/health`);
  return ((await answer.json()) as { model_version: string | null }).model_version;
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (const until = performance.now() + 40_000; performance.now() < until; await sleep(50)) if (await holds()) return;
  throw new Error('it never came');
}

describe.skipIf(NO_S3 !== '')(`the model service on a real S3 server${NO_S3}`, { timeout: 120_000 }, () => {
  test('it serves the champion of the bucket and follows it, with one request a look while nothing changes', async () => {
    const { data, publish } = store();
    await publish('v1');
    await start(data);
    expect(await version()).toBe('v1');
    const from = s3.door.passed.length;
    await eventually(async () => s3.door.passed.length >= from + 3);
    for (const { method, path } of s3.door.passed.slice(from)) {
      expect(method).toBe('GET');
      expect(path).toMatch(/champion\.json/);
    }
    await publish('v2');
    await eventually(async () => (await version()) === 'v2');
    expect(readdirSync(`${settingsOf(data, {}).POKEWATCH_S3_CACHE}/work`)).toEqual([]);
  });

  test('a second start finds the version in the cache: it asks how jobs stand, for the pointer, one listing, KPIs and drift', async () => {
    const { data, publish } = store();
    await publish('v1');
    rmSync(settingsOf(data, {}).POKEWATCH_S3_CACHE, { recursive: true });
    await start(data, { POKEWATCH_RELOAD_POLL_MS: '60000' });
    expect(
      s3.door.passed.filter(({ path }) => path.includes('predictions.arrow') && path.includes(data.slice(11))),
    ).toHaveLength(1);
    await served!.close();
    const from = s3.door.passed.length;
    await start(data, { POKEWATCH_RELOAD_POLL_MS: '60000' });
    expect(await version()).toBe('v1');
    const asked = s3.door.passed.slice(from).map(({ path }) => path.split('?')[0]!.split('/').at(-1));
    expect(asked).toEqual(['', 'champion.json', 'champion.json', '', '', 'v1.json']);
  });

  test('while the server is away it starts, says so, answers 503, and serves when the server is there', async () => {
    const { data, publish } = store();
    await publish('v1');
    await s3.server.kill();
    await start(data);
    expect(await status('/livez')).toBe(200);
    expect(await status('/readyz')).toBe(503);
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'warn', reason: expect.stringContaining('cannot be reached') }),
    );
    await s3.server.start();
    await eventually(async () => (await status('/readyz')) === 200);
    expect(await version()).toBe('v1');
  });

  test('a server that takes requests and never answers does not keep it from listening', async () => {
    const { data, publish } = store();
    await publish('v1');
    s3.door.decide = () => 'swallow';
    const began = performance.now();
    await start(data);
    expect(performance.now() - began).toBeLessThan(30_000);
    expect(await status('/readyz')).toBe(503);
    s3.door.decide = () => 'pass';
    await eventually(async () => (await status('/readyz')) === 200);
  });

  test('a bucket that is lost takes nothing from what serves, and a new champion is found when it is back', async () => {
    const { data, publish } = store();
    await publish('v1');
    await start(data);
    const bucket = join(s3.server.folder, 'cards');
    renameSync(bucket, `${bucket}-lost`);
    await eventually(async () => lines.some((line) => String(line.reason).includes('no such bucket')));
    expect(await version()).toBe('v1');
    expect(await status('/readyz')).toBe(200);
    renameSync(`${bucket}-lost`, bucket);
    await publish('v2');
    await eventually(async () => (await version()) === 'v2');
  });

  test.each(['terms.arrow', 'manifest.json'])(
    'a champion without its %s is not loaded; the old one stays',
    async (name) => {
      const { data, objects, publish } = store();
      await publish('v1');
      await start(data);
      s3.door.decide = ({ path }) => (path.includes('champion.json') ? 'cut' : 'pass');
      await publish('v2');
      rmSync(join(objects, 'models/v2', name));
      s3.door.decide = () => 'pass';
      await eventually(async () => lines.some((line) => String(line.reason).includes('v2')));
      expect(await version()).toBe('v1');
      expect(lines.find((line) => String(line.reason).includes('v2'))!.reason).toContain(data);
      await publish('v3');
      await eventually(async () => (await version()) === 'v3');
    },
  );
});
