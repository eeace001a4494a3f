import { parseSettings } from '@pokewatch/core';
import { apiJudge, memoryLogger, type Served, serve } from '@pokewatch/http/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { createGatewayApp, injectPeer } from '../index.ts';
import { fakeDecision, fakeModel } from '../testing/fake-peers.ts';

let served: Served;
let lines: Record<string, unknown>[];
afterEach(() => served?.close());

async function start(env: Record<string, string>): Promise<void> {
  const memory = memoryLogger();
  lines = memory.lines;
  const peers = {
    model: injectPeer('model', (await fakeModel()).app),
    decision: injectPeer('decision', (await fakeDecision()).app),
  };
  served = await serve(await createGatewayApp({ settings: parseSettings(env), logger: memory.logger, peers }));
}

async function ask(headers: Record<string, string> = {}, path = '/cards', method = 'GET') {
  const answer = await fetch(served.url + path, { method, headers, redirect: 'manual' });
  const text = await answer.text();
  const content_type = answer.headers.get('content-type') ?? '';
  if (path === '/cards' && method === 'GET') {
    const judge = apiJudge(served.service.app.swagger());
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

  test('keys that are asked for but not set keep the service from starting', async () => {
    await expect(start({ AUTH_ENABLED: 'true', API_KEYS: ' , ' })).rejects.toMatchObject({ code: 'bad_setting' });
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
