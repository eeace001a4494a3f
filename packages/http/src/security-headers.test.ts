import { afterEach, expect, test } from 'vitest';
import { memoryLogger, parseRaw, rawExchange, type Served, serve } from './testing/index.ts';
import { sampleService } from './testing/sample-service.ts';

let served: Served;
afterEach(() => served?.close());

async function start(trusted_proxies: readonly string[] = []): Promise<void> {
  served = await serve(await sampleService(memoryLogger().logger, { security_headers: true, trusted_proxies }));
}

const SAFE = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
};

test.each(['/livez', '/nowhere', '/broken', `/slow?${'x'.repeat(5000)}`])(
  'stand on every answer, refusals too: %s',
  async (path) => {
    await start();
    expect(Object.fromEntries((await fetch(served.url + path)).headers)).toMatchObject(SAFE);
  },
);

test('let the page at /docs use its own scripts and styles, and nobody frame it', async () => {
  await start();
  const { headers } = await fetch(`${served.url}/docs`);
  expect(headers.get('content-security-policy')).toMatch(/default-src 'self'.*frame-ancestors 'self'/);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
});

test('bind a browser to TLS only where a trusted proxy says that TLS was used', async () => {
  const hsts = async (headers: Record<string, string>) =>
    (await fetch(`${served.url}/livez`, { headers })).headers.get('strict-transport-security');
  await start(['127.0.0.1']);
  expect(await hsts({ 'x-forwarded-proto': 'https' })).toBe('max-age=31536000');
  expect(await hsts({})).toBeNull();
  await served.close();
  await start();
  expect(await hsts({ 'x-forwarded-proto': 'https' })).toBeNull();
});

test('answers to bytes that are not HTTP carry those that matter there', async () => {
  await start();
  const { headers } = parseRaw((await rawExchange(served.port, 'hello\r\n\r\n', 1500)).text);
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
});
