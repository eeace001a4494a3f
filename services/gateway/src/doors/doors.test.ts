import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KeyRecord, KeyScope } from '@pokewatch/contracts';
import { parseSettings } from '@pokewatch/core';
import { apiJudge, memoryLogger, type Served, serve } from '@pokewatch/http/testing';
import { createKey, revokeKey } from '@pokewatch/keys';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { createGatewayApp, injectPeer } from '../index.ts';
import { fakeDecision, fakeModel } from '../testing/fake-peers.ts';

let served: Served;
let lines: Record<string, unknown>[];
const folder = mkdtempSync(join(tmpdir(), 'pokewatch-doors-'));
afterEach(() => served?.close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(env: Record<string, string>): Promise<void> {
  const memory = memoryLogger();
  lines = memory.lines;
  const peers = {
    model: injectPeer('model', (await fakeModel()).app),
    decision: injectPeer('decision', (await fakeDecision()).app),
  };
  served = await serve(
    await createGatewayApp({
      settings: parseSettings({ POKEWATCH_DATA: folder, ...env }),
      logger: memory.logger,
      peers,
    }),
  );
}

async function ask(headers: Record<string, string> = {}, path = '/cards', method = 'GET', body?: string) {
  const sent = body === undefined ? headers : { 'content-type': 'application/json', ...headers };
  const init = { method, headers: sent, redirect: 'manual' as const };
  const answer = await fetch(served.url + path, body === undefined ? init : { ...init, body });
  const text = await answer.text();
  const content_type = answer.headers.get('content-type') ?? '';
  if ((path === '/cards' && method === 'GET') || body !== undefined) {
    const judge = apiJudge(await served.service.app.openapi());
    expect(judge({ method, path, status: answer.status, content_type, text })).toBeUndefined();
  }
  const detail = content_type.startsWith('application/problem+json') ? JSON.parse(text).detail : undefined;
  return { status: answer.status, headers: answer.headers, detail };
}

describe('with keys', () => {
  const env = { AUTH_ENABLED: 'true', API_KEYS: 'first-key, second-key' };

  test.each([
    [{ 'x-api-key': 'first-key' }],
    [{ 'x-api-key': 'second-key' }],
    [{ authorization: 'Bearer first-key' }],
    [{ authorization: 'bearer second-key' }],
    [{ 'x-api-key': '', authorization: 'Bearer first-key' }],
  ])('%j comes in', async (headers) => {
    await start(env);
    expect((await ask(headers as Record<string, string>)).status).toBe(200);
  });

  test.each([
    [{}, 'Missing API key'],
    [{ 'x-api-key': '' }, 'Missing API key'],
    [{ authorization: 'Basic Zmlyc3Q6a2V5' }, 'Missing API key'],
    [{ authorization: 'Bearer' }, 'Missing API key'],
    [{ 'x-api-key': 'first-ke' }, 'Invalid API key'],
    [{ 'x-api-key': 'first-key,second-key' }, 'Invalid API key'],
    [{ authorization: 'Bearer FIRST-KEY' }, 'Invalid API key'],
    [{ 'x-api-key': 'wrong', authorization: 'Bearer first-key' }, 'Invalid API key'],
  ])('%j is answered with 401, WWW-Authenticate and "%s"', async (headers, detail) => {
    await start(env);
    const answer = await ask(headers as Record<string, string>);
    expect([answer.status, answer.detail]).toEqual([401, detail]);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="pokewatch"');
  });

  test.each(['/health', '/livez', '/readyz', '/metrics', '/docs', '/docs/static/index.css', '/openapi.json'])(
    '%s stays open',
    async (path) => {
      await start(env);
      expect((await ask({}, path)).status).toBe(200);
    },
  );

  test('the other routes are closed before their bodies are read', async () => {
    await start(env);
    for (const path of ['/fair_price', '/fair_price/batch', '/nowhere'])
      expect((await ask({}, path, 'POST')).status).toBe(401);
  });

  test('keys are never logged', async () => {
    await start({ ...env, LOG_LEVEL: 'trace' });
    await ask({ 'x-api-key': 'first-key' });
    await ask({ 'x-api-key': 'a-wrong-one' });
    await ask({ authorization: 'Bearer second-key' });
    expect(lines.length).toBeGreaterThan(2);
    expect(JSON.stringify(lines)).not.toMatch(/first-key|second-key|a-wrong-one/);
  });

  test('keys that are asked for but neither set nor made keep the service from starting', async () => {
    await expect(start({ AUTH_ENABLED: 'true', API_KEYS: ' , ' })).rejects.toMatchObject({ code: 'bad_setting' });
  });
});

describe('with keys of the key file', () => {
  const POKEWATCH_KEYS = join(folder, 'made.json');
  const env = { AUTH_ENABLED: 'true', POKEWATCH_KEYS };
  const now = new Date();
  let records: readonly KeyRecord[] = [];
  const publish = () => writeFileSync(POKEWATCH_KEYS, JSON.stringify({ keys: records }));
  function make(...scopes: KeyScope[]): { key: string; id: string } {
    const made = createKey(records, { name: 'shop', scopes, now });
    records = made.records;
    publish();
    return { key: made.text, id: made.record.id };
  }
  const one = (key: string) => ask({ 'x-api-key': key }, '/fair_price', 'POST', '{"card_id":"cheap"}');
  const many = (key: string) => ask({ 'x-api-key': key }, '/fair_price/batch', 'POST', '[{"card_id":"cheap"}]');

  test('each scope opens its routes and no others', async () => {
    const [read, batch, admin] = [make('read'), make('batch'), make('admin')];
    await start(env);
    const statuses = async ({ key }: { key: string }) => [
      (await ask({ authorization: `Bearer ${key}` })).status,
      (await one(key)).status,
      (await many(key)).status,
    ];
    expect(await statuses(read)).toEqual([200, 200, 403]);
    expect(await statuses(batch)).toEqual([403, 403, 200]);
    expect(await statuses(admin)).toEqual([403, 403, 403]);
    expect(await statuses(make('read', 'batch'))).toEqual([401, 401, 401]);
    const { headers, detail } = await many(read.key);
    expect(detail).toBe('This key lacks the scope batch');
    expect(headers.get('www-authenticate')).toBe('Bearer realm="pokewatch", error="insufficient_scope", scope="batch"');
  });

  test('a new key is let in and a revoked one is refused without a restart', async () => {
    await start(env);
    const { key, id } = make('read');
    const until = async (status: number) => {
      for (const since = performance.now(); performance.now() - since < 20_000; await sleep(20))
        if ((await one(key)).status === status) return true;
      return false;
    };
    expect(await until(200)).toBe(true);
    records = revokeKey(records, id, now).records;
    publish();
    expect(await until(401)).toBe(true);
    const metrics = await (await fetch(`${served.url}/metrics`)).text();
    expect(metrics).toMatch(/^pokewatch_api_keys\{service="gateway"\} \d+$/m);
    expect(metrics).toMatch(/^pokewatch_api_key_reads_total\{outcome="success",service="gateway"\} 3$/m);
    expect(metrics + JSON.stringify(lines)).not.toContain(key);
  });

  test('a key is limited as one caller, whatever its addresses, and lacking a scope counts too', async () => {
    const { key } = make('read');
    await start({ ...env, RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_BURST: '2' });
    expect([(await many(key)).status, (await one(key)).status, (await one(key)).status]).toEqual([403, 200, 429]);
  });

  test('a damaged key file keeps the service from starting', async () => {
    writeFileSync(POKEWATCH_KEYS, '{"keys":');
    await expect(start(env)).rejects.toMatchObject({ code: 'bad_data_file' });
  });
});

describe('with a rate limit', () => {
  const env = { RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_RPM: '6', RATE_LIMIT_BURST: '2' };

  test('requests over the burst are answered with 429, Retry-After and what is left', async () => {
    await start(env);
    const first = await ask();
    expect(first.status).toBe(200);
    const limits = (headers: Headers) =>
      ['limit', 'remaining', 'reset'].map((name) => headers.get(`x-ratelimit-${name}`));
    expect(limits(first.headers)).toEqual(['6', '1', '10']);
    expect((await ask()).status).toBe(200);
    const third = await ask();
    expect([third.status, third.detail]).toEqual([429, 'Rate limit exceeded']);
    expect(third.headers.get('retry-after')).toMatch(/^(9|10)$/);
    expect(limits(third.headers)[1]).toBe('0');
    for (let i = 0; i < 5; i++) expect((await ask({}, '/health')).status).toBe(200);
  });

  test('each key has a limit of its own, and wrong keys share that of their address', async () => {
    await start({ ...env, AUTH_ENABLED: 'true', API_KEYS: 'a,b' });
    const statuses = async (key: string) => [
      (await ask({ 'x-api-key': key })).status,
      (await ask({ 'x-api-key': key })).status,
    ];
    expect([...(await statuses('a')), (await ask({ 'x-api-key': 'a' })).status]).toEqual([200, 200, 429]);
    expect(await statuses('b')).toEqual([200, 200]);
    expect([...(await statuses('wrong-1')), (await ask({ 'x-api-key': 'wrong-2' })).status]).toEqual([401, 401, 429]);
  });

  test('without keys, a made-up key buys nothing', async () => {
    await start(env);
    const statuses = [];
    for (const key of ['x', 'y', 'z']) statuses.push((await ask({ 'x-api-key': key })).status);
    expect(statuses).toEqual([200, 200, 429]);
  });
});

describe('the address that a caller is counted by', () => {
  const env = { RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_BURST: '1' };
  const status = async (forwarded: string) => (await ask({ 'x-forwarded-for': forwarded })).status;

  test('is that of the connection, whatever it says of others', async () => {
    await start(env);
    expect([await status('192.0.2.1'), await status('192.0.2.2')]).toEqual([200, 429]);
  });

  test('is not taken from a proxy that is not trusted', async () => {
    await start({ ...env, POKEWATCH_TRUSTED_PROXIES: '10.0.0.0/8,192.168.1.1' });
    expect([await status('192.0.2.1'), await status('192.0.2.2')]).toEqual([200, 429]);
  });

  test('is the last one that no trusted proxy has', async () => {
    await start({ ...env, POKEWATCH_TRUSTED_PROXIES: 'loopback, 10.0.0.0/8' });
    expect([await status('192.0.2.1'), await status('192.0.2.2')]).toEqual([200, 200]);
    // What a caller writes itself stands before what proxies add.
    expect([await status('192.0.2.9, 192.0.2.1'), await status('192.0.2.2, 10.1.2.3')]).toEqual([429, 429]);
  });

  test('is the proxy’s where it forwards something that is no address', async () => {
    await start({ ...env, POKEWATCH_TRUSTED_PROXIES: '127.0.0.1' });
    expect([await status('unknown'), await status('x'.repeat(3000)), await status('')]).toEqual([200, 429, 429]);
  });
});

describe('with CORS', () => {
  const preflight = (origin: string) =>
    ask(
      { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-api-key' },
      '/fair_price',
      'OPTIONS',
    );

  test('any origin may ask by default, and preflights need no key', async () => {
    await start({ CORS_ENABLED: 'true', AUTH_ENABLED: 'true', API_KEYS: 'a' });
    const answer = await preflight('https://example.org');
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-headers')).toContain('X-API-Key');
    expect(answer.headers.get('access-control-max-age')).toBe('600');
    const refused = await ask({ origin: 'https://example.org' });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, '*']);
  });

  test('only the origins that are listed may ask', async () => {
    await start({ CORS_ENABLED: 'true', ALLOWED_ORIGINS: 'https://a.example, https://b.example' });
    expect((await preflight('https://b.example')).headers.get('access-control-allow-origin')).toBe('https://b.example');
    expect((await preflight('https://c.example')).headers.get('access-control-allow-origin')).toBeNull();
    expect((await ask({ origin: 'https://c.example' })).headers.get('access-control-allow-origin')).toBeNull();
  });

  test('is off unless it is asked for', async () => {
    await start({});
    expect((await preflight('https://a.example')).status).toBe(405);
    expect((await ask({ origin: 'https://a.example' })).headers.get('access-control-allow-origin')).toBeNull();
  });
});
