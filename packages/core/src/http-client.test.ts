import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { fixedClock } from './clock.ts';
import { backoff_ms, fetchOnce, pause, retryAfterSeconds } from './http-client.ts';

let server: Server | undefined;

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server === undefined ? resolve(0) : server.close(resolve)));
  server = undefined;
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('an answer comes with status, headers and body, whatever its status', async () => {
  const url = await serve((request, response) => {
    response.writeHead(503, { 'retry-after': '7' });
    request.pipe(response);
  });
  const answer = await fetchOnce({ url, method: 'POST', body: 'ünder', timeout_ms: 5000 });
  expect(answer).toMatchObject({ status: 503, body: 'ünder' });
  expect(retryAfterSeconds(answer.headers, fixedClock('2026-01-01T00:00:00Z'))).toBe(7);
});

test.each([
  ['never answers', () => {}],
  ['sends headers and then nothing', (_request, response) => void response.writeHead(200).flushHeaders()],
  [
    'drips its body a byte at a time',
    (_request, response) => {
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(drip));
    },
  ],
] satisfies [string, RequestListener][])('a server that %s is given up at the deadline', async (_name, listener) => {
  const url = await serve(listener);
  const started = performance.now();
  await expect(fetchOnce({ url: `${url}/secret-path?key=hush`, timeout_ms: 200 })).rejects.toMatchObject({
    kind: 'timeout',
    message: `${url} gave no whole answer within 200 ms`,
  });
  expect(performance.now() - started).toBeLessThan(2000);
});

test('a body cut off is broken, an endless one is too large, a closed port is unreachable', async () => {
  const cut = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half');
    setTimeout(() => response.destroy(), 20);
  });
  await expect(fetchOnce({ url: cut, timeout_ms: 5000 })).rejects.toMatchObject({ kind: 'broken' });
  server?.close();
  const endless = await serve((_request, response) => {
    const pour = () => {
      while (response.write(Buffer.alloc(65_536)));
    };
    response.on('drain', pour);
    pour();
  });
  await expect(fetchOnce({ url: endless, timeout_ms: 5000, max_bytes: 1_000_000 })).rejects.toMatchObject({
    kind: 'too_large',
  });
  server?.closeAllConnections();
  await new Promise((resolve) => server!.close(resolve));
  server = undefined;
  await expect(fetchOnce({ url: endless, timeout_ms: 5000 })).rejects.toMatchObject({ kind: 'unreachable' });
});

test('a caller that stops ends the request as stopped, in the middle of the body too', async () => {
  const url = await serve((_request, response) => void response.writeHead(200).write('half'));
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 50);
  await expect(fetchOnce({ url, timeout_ms: 5000, signal: stop.signal })).rejects.toMatchObject({ kind: 'stopped' });
  await expect(pause(5000, stop.signal)).rejects.toMatchObject({ kind: 'stopped' });
});

test.each([
  ['120', 120],
  [' 5 ', 5],
  ['Wed, 01 Jan 2026 00:00:30 GMT', 30],
  ['Wed, 01 Jan 2020 00:00:00 GMT', 0],
  ['soon', undefined],
  ['-5', undefined],
  ['1.5', undefined],
  ['', undefined],
])('Retry-After %j asks for %s seconds', (value, seconds) => {
  expect(retryAfterSeconds({ 'retry-after': value }, fixedClock('2026-01-01T00:00:00Z'))).toBe(seconds);
});

test('back-off grows, has a cap, and is never negative', () => {
  fc.assert(
    fc.property(fc.nat(2000), fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (attempt, random) => {
      const wait = backoff_ms(attempt, () => random);
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThanOrEqual(Math.min(15_000, 500 * 2 ** attempt));
    }),
  );
});
