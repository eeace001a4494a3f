import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parseSettings } from '../../packages/core/src/index.ts';
import { memoryLogger, type Served, serve } from '../../packages/http/src/testing/index.ts';
import { createModelApp } from '../../services/model/src/index.ts';
import { Node } from '../support/s3-jobs.ts';
import { NO_S3, type S3Server, startS3 } from '../support/s3-server.ts';

let server: S3Server;
let served: Served | undefined;
let stores = 0;
const nodes: Node[] = [];
const cache = mkdtempSync(join(tmpdir(), 'pokewatch-s3-keys-'));

beforeAll(async () => {
  if (NO_S3 === '') server = await startS3();
});
afterEach(async () => {
  await served?.close();
  served = undefined;
});
afterAll(async () => {
  for (const node of nodes) node.remove();
  rmSync(cache, { recursive: true, force: true });
  if (NO_S3 === '') await server.remove();
});

/** Two nodes that share a new store, and the file that their keys are. */
function share(): { one: Node; two: Node; file: string } {
  const name = `keys-${stores++}`;
  const [one, two] = [0, 1].map(() => new Node(server.url, `s3://cards/${name}`)) as [Node, Node];
  nodes.push(one, two);
  return { one, two, file: join(server.folder, 'cards', name, 'keys/keys.json') };
}

async function create(node: Node, name: string, scopes: string): Promise<{ id: string; key: string }> {
  const { code, out, err } = await node.command(['keys', 'create', '--name', name, '--scopes', scopes, '--json'])
    .finished;
  expect(code, err).toBe(0);
  return JSON.parse(out);
}

/** A model service on a third node, which asks for keys. */
async function start(node: Node, env: Record<string, string> = {}): Promise<void> {
  const settings = parseSettings({ ...node.env, POKEWATCH_S3_CACHE: cache, AUTH_ENABLED: 'true', ...env });
  served = await serve(await createModelApp({ settings, logger: memoryLogger().logger }));
}

async function reload(key: string): Promise<number> {
  return (await fetch(`${served!.url}/reload`, { method: 'POST', headers: { 'x-api-key': key } })).status;
}

/** Waits until a key is taken, or is not; services look every five seconds. */
async function taken(key: string, is_taken: boolean): Promise<void> {
  for (const until = performance.now() + 60_000; performance.now() < until; await sleep(100))
    if (((await reload(key)) !== 401) === is_taken) return;
  throw new Error('it never came');
}

describe.skipIf(NO_S3 !== '')(`API keys on a real S3 server${NO_S3}`, { timeout: 120_000 }, () => {
  test('a key that one node makes is good on another until a third takes it back; only its hash is in the bucket', async () => {
    const { one, two, file } = share();
    const [admin, read] = [await create(one, 'pipeline', 'admin'), await create(two, 'shop', 'read')];
    for (const { key } of [admin, read]) expect(readFileSync(file, 'utf8')).not.toContain(key.slice(-43));
    await start(one);
    expect(await reload('pokewatch_00000000_none')).toBe(401);
    expect(await reload(read.key)).toBe(403);
    expect(await reload(admin.key)).not.toBe(401);
    const late = await create(two, 'late', 'admin');
    await taken(late.key, true);
    expect((await two.command(['keys', 'revoke', admin.id]).finished).code).toBe(0);
    await taken(admin.key, false);
    expect(await reload(late.key)).not.toBe(401);
  });

  test('keys that two nodes make at the same moment are all kept', async () => {
    const { one, two } = share();
    await Promise.all(['a', 'b', 'c', 'd'].map((name, n) => create(n % 2 === 0 ? one : two, name, 'read')));
    const { out } = await one.command(['keys', 'list', '--json']).finished;
    const { keys } = JSON.parse(out) as { keys: { name: string }[] };
    expect(keys.map(({ name }) => name).sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  test('while the server is away nothing is made, and a service knows only the keys of its settings', async () => {
    const { one, file } = share();
    const { key } = await create(one, 'pipeline', 'admin');
    await server.kill();
    try {
      const { code, err } = await one.command(['keys', 'create', '--name', 'x']).finished;
      expect([code, err]).toEqual([5, expect.stringContaining('cannot be reached')]);
      await start(one, { API_KEYS: 'plain' });
      expect(await reload(key)).toBe(401);
      expect(await reload('plain')).not.toBe(401);
    } finally {
      await server.start();
    }
    await taken(key, true);
    expect(existsSync(file)).toBe(true);
  });
});
