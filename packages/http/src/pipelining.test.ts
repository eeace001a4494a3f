import { afterAll, beforeAll, expect, test } from 'vitest';
import { memoryLogger, rawExchange, type Served, serve } from './testing/index.ts';
import { sampleService } from './testing/sample-service.ts';

let served: Served;

beforeAll(async () => {
  served = await serve(await sampleService(memoryLogger().logger));
});
afterAll(() => served.close());

const statuses = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => match[1]);

test('of many requests on one connection that wait for answers, those beyond eight are refused', async () => {
  const { text } = await rawExchange(served.port, 'GET /slow HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(12), 1500);
  expect(statuses(text)).toEqual([...Array<string>(8).fill('200'), ...Array<string>(4).fill('503')]);
  expect(text).toContain('"code":"overloaded"');
});

test('a connection may go on and on, as long as it waits for its answers', async () => {
  const { text } = await rawExchange(
    served.port,
    async (socket) => {
      for (let i = 0; i < 40; i++) {
        const answered = new Promise((resolve) => socket.once('data', resolve));
        socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
        await answered;
      }
    },
    300,
  );
  expect(statuses(text)).toEqual(Array(40).fill('200'));
});
