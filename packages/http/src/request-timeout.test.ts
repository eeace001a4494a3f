import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestTimeout_ms } from './request-timeout.ts';
import { memoryLogger, parseRaw, rawExchange, type Served, serve } from './testing/index.ts';
import { sampleService } from './testing/sample-service.ts';

let served: Served;

beforeAll(async () => {
  served = await serve(await sampleService(memoryLogger().logger));
});
afterAll(() => served.close());

test.each([
  [undefined, 2000],
  ['300', 300],
  ['0', 0],
  ['999999', 2000],
  ['-1', 2000],
  ['1e3', 2000],
  ['soon', 2000],
  ['99999999999999999999', 2000],
])('a caller that says %j waits %d ms', (given, expected) => {
  expect(requestTimeout_ms(given === undefined ? {} : { 'x-request-timeout-ms': given }, 2000)).toBe(expected);
});

test('work whose time is up when its body has arrived is refused', async () => {
  const body = '{"name":"a"}';
  const head = `POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
  const slowly = (timeout_ms: number) =>
    rawExchange(served.port, async (socket) => {
      socket.write(`${head}X-Request-Timeout-Ms: ${timeout_ms}\r\n\r\n${body.slice(0, 3)}`);
      await sleep(200);
      socket.write(body.slice(3));
    });
  const late = parseRaw((await slowly(50)).text);
  expect([late.status, JSON.parse(late.body).code, late.headers['retry-after']]).toEqual([503, 'deadline_passed', '1']);
  expect(parseRaw((await slowly(60_000)).text).status).toBe(200);
});
