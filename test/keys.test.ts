import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { parseSettings } from '../packages/core/src/index.ts';
import { apiJudge, memoryLogger, type Served, serve } from '../packages/http/src/testing/index.ts';
import { createModelApp } from '../services/model/src/index.ts';
import { publishSample } from '../services/model/src/testing/sample-model.ts';
import { runCli } from './support/cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'pokewatch-keys-'));
const data = join(folder, 'data');
const file = join(data, 'keys', 'keys.json');
beforeEach(() => rmSync(join(data, 'keys'), { recursive: true, force: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (args: readonly string[], env: Record<string, string> = {}) =>
  runCli(['keys', ...args], { cwd: folder, env: { POKEWATCH_DATA: data, ...env } });

async function create(...scopes: string[]): Promise<{ id: string; key: string }> {
  const { out } = await run(['create', '--name', 'shop', '--scopes', scopes.join(','), '--json']);
  return JSON.parse(out);
}

describe('pokewatch keys', () => {
  test('create prints the key and nothing else on standard output, and stores its hash for one user only', async () => {
    const { code, out, err } = await run(['create', '--name', ' shop ', '--scopes', 'batch,read']);
    expect(code).toBe(0);
    expect(out).toMatch(/^pokewatch_[0-9a-f]{8}_[\w-]{43}\n$/);
    expect(err).toMatch(/Key [0-9a-f]{8} for shop: read, batch\..*keep it now/);
    expect(err).toContain('AUTH_ENABLED=true');
    expect(err).not.toContain(out.trim());
    expect(readFileSync(file, 'utf8')).not.toContain(out.trim().slice(20));
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('list shows what may be shown, and what became of revoked keys', async () => {
    const { id, key } = await create('read');
    const other = await create('admin');
    expect((await run(['revoke', id])).out).toMatch(new RegExp(`^Key ${id} \\(shop\\) is revoked`));
    expect((await run(['revoke', id])).out).toMatch(new RegExp(`^Key ${id} \\(shop\\) was revoked at`));
    const table = (await run([], { API_KEYS: 'a,b', AUTH_ENABLED: 'true' })).out;
    expect(table).toMatch(new RegExp(`^${id} +shop +read +\\d{4}-\\d\\d-\\d\\d +revoked `, 'm'));
    expect(table).toMatch(new RegExp(`^${other.id} +shop +admin +\\d{4}-\\d\\d-\\d\\d +good$`, 'm'));
    expect(table).toContain('2 keys in');
    expect(table).toContain('and 2 in API_KEYS that may do everything');
    const json = JSON.parse((await run(['list', '--json'])).out);
    expect(json).toMatchObject({ count: 2, asked_for: false, keys: [{ id, revoked_at: expect.any(String) }, {}] });
    expect(table + JSON.stringify(json)).not.toMatch(/sha256|[0-9a-f]{64}/);
    expect(table + JSON.stringify(json)).not.toContain(key);
  });

  test('keys made at the same moment are all kept', async () => {
    await Promise.all(['one', 'two', 'three', 'four'].map((name) => run(['create', '--name', name])));
    const { keys } = JSON.parse((await run(['list', '--json'])).out) as { keys: { name: string; scopes: string[] }[] };
    expect(keys.map(({ name }) => name).sort()).toEqual(['four', 'one', 'three', 'two']);
    expect(keys[0]?.scopes).toEqual(['read']);
  });

  test.each([
    ['a scope that does not exist', ['create', '--name', 'x', '--scopes', 'read,wirte'], 'one of read, batch, admin'],
    ['a name that acts on terminals', ['create', '--name', 'x\u001b[2J'], '1 to 60 printable characters'],
    ['no name', ['create'], "required option '--name <name>'"],
    ['an id that does not exist', ['revoke', '00000000'], 'there is no key "00000000"'],
    ['a mistyped subcommand', ['revok'], "unknown command 'keys revok'"],
  ])('%s is a usage error', async (_name, args, what) => {
    const { code, out, err } = await run(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(what);
    expect(existsSync(file)).toBe(false);
  });

  test('a damaged file is not written over', async () => {
    await create('read');
    writeFileSync(file, '{"keys":[');
    const { code, err } = await run(['create', '--name', 'x']);
    expect(code).toBe(1);
    expect(err).toContain('is not a key file');
    expect(readFileSync(file, 'utf8')).toBe('{"keys":[');
  });
});

describe('reloading the model', () => {
  const started = publishSample(data, { cards: ['a'], days: 30 });
  let served: Served;

  async function start(env: Record<string, string>): Promise<void> {
    await started;
    await served?.close();
    const settings = parseSettings({ POKEWATCH_DATA: data, ...env });
    served = await serve(await createModelApp({ settings, logger: memoryLogger().logger }));
  }
  afterAll(() => served?.close());

  async function reload(headers: Record<string, string> = {}): Promise<number> {
    const answer = await fetch(`${served.url}/reload`, { method: 'POST', headers });
    const seen = { method: 'POST', path: '/reload', status: answer.status };
    const content_type = answer.headers.get('content-type') ?? '';
    expect(
      apiJudge(await served.service.app.openapi())({ ...seen, content_type, text: await answer.text() }),
    ).toBeUndefined();
    return answer.status;
  }

  test('is open while no keys are asked for', async () => {
    await start({});
    expect(await reload()).toBe(200);
  });

  test('needs the scope admin where keys are asked for; the other routes stay as they are', async () => {
    const [admin, read] = [await create('admin'), await create('read', 'batch')];
    await start({ AUTH_ENABLED: 'true', API_KEYS: 'plain' });
    expect(await reload()).toBe(401);
    expect(await reload({ 'x-api-key': 'wrong' })).toBe(401);
    expect(await reload({ 'x-api-key': read.key })).toBe(403);
    expect(await reload({ 'x-api-key': admin.key })).toBe(200);
    expect(await reload({ authorization: `Bearer ${admin.key}` })).toBe(200);
    expect(await reload({ 'x-api-key': 'plain' })).toBe(200);
    expect((await fetch(`${served.url}/cards`)).status).toBe(200);
    await run(['revoke', admin.id]);
    for (let i = 0; i < 100 && (await reload({ 'x-api-key': admin.key })) !== 401; i++) await sleep(20);
    expect(await reload({ 'x-api-key': admin.key })).toBe(401);
  });
});
