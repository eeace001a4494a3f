import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { type Child, rawExchange, startChild } from './testing/index.ts';

const PROGRAM = fileURLToPath(new URL('./testing/drain-program.ts', import.meta.url));
const children: Child[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.process.kill('SIGKILL');
});

async function start(env: Record<string, string> = {}): Promise<{ child: Child; port: number; url: string }> {
  const child = startChild(PROGRAM, { POKEWATCH_GATEWAY_PORT: '0', ...env });
  children.push(child);
  const [, port] = await child.until(/listening at http:\/\/127\.0\.0\.1:(\d+)/);
  return { child, port: Number(port), url: `http://127.0.0.1:${port}` };
}

/** Asks in a loop, each time over a kept connection where there is one, until the port is closed. */
async function keepAsking(url: string, seen: string[]): Promise<void> {
  for (;;) {
    try {
      const answer = await fetch(`${url}/slow`);
      seen.push(`${answer.status} ${await answer.text()}`);
    } catch (error) {
      const cause = (error as Error).cause as { code?: string } | undefined;
      if (cause?.code === 'ECONNREFUSED') return;
      seen.push(String(cause?.code ?? error));
    }
  }
}

describe('a service that is asked to stop', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('by %s answers what is in flight, then ends with 0', async (signal) => {
    const { child, url } = await start();
    const inFlight = Array.from({ length: 20 }, () => fetch(`${url}/held`));
    // A connection that comes just when listening ends may be reset.
    await child.until(/(?:is held until the service stops[\s\S]*?){20}/);
    const started = performance.now();
    child.process.kill(signal);
    const answers = await Promise.all(inFlight);
    expect(answers.map((answer) => answer.status)).toEqual(Array(20).fill(200));
    expect(answers.every((answer) => answer.headers.get('connection') === 'close')).toBe(true);
    expect(await child.ended).toBe(0);
    expect(performance.now() - started).toBeLessThan(2000);
    expect(child.output()).not.toContain('    at ');
  });

  test('loses no request of clients that go on asking over kept connections', async () => {
    const { child, url } = await start();
    const seen: string[] = [];
    const clients = Array.from({ length: 8 }, () => keepAsking(url, seen));
    while (seen.length < 17) await sleep(10);
    child.process.kill('SIGTERM');
    await Promise.all(clients);
    expect(await child.ended).toBe(0);
    expect(new Set(seen)).toEqual(new Set(['200 {"done":true}']));
  });

  test('is not ready but still answers while it waits for the news to spread', async () => {
    const { child, url } = await start({ POKEWATCH_DRAIN_MS: '1000' });
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    child.process.kill('SIGTERM');
    await sleep(200);
    const readyz = await fetch(`${url}/readyz`);
    expect(readyz.status).toBe(503);
    expect(await readyz.json()).toMatchObject({ code: 'draining' });
    const livez = await fetch(`${url}/livez`);
    expect([livez.status, livez.headers.get('connection')]).toEqual([200, 'close']);
    expect(await child.ended).toBe(0);
  });

  test('ends within five seconds whatever a client does', async () => {
    const { child, port } = await start();
    const endless = rawExchange(
      port,
      'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{',
      8000,
    );
    await sleep(200);
    const started = performance.now();
    child.process.kill('SIGTERM');
    expect(await child.ended).toBe(0);
    expect(performance.now() - started).toBeLessThan(5000);
    await endless;
  });

  test('ends at once, with 1, when it is asked a second time', async () => {
    const { child, url } = await start({ POKEWATCH_DRAIN_MS: '60000' });
    child.process.kill('SIGTERM');
    await child.until(/draining/);
    await sleep(400);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    child.process.kill('SIGTERM');
    expect(await child.ended).toBe(1);
  });

  test('takes the two signals of one Ctrl-C as one', async () => {
    const { child, url } = await start();
    const inFlight = fetch(`${url}/slow`);
    await sleep(100);
    child.process.kill('SIGINT');
    child.process.kill('SIGTERM');
    expect((await inFlight).status).toBe(200);
    expect(await child.ended).toBe(0);
  });
});

describe('a service that cannot start', () => {
  test('names the port that is taken and the setting that changes it', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const child = startChild(PROGRAM, { POKEWATCH_GATEWAY_PORT: String(port) });
    expect(await child.ended).toBe(2);
    expect(child.output()).toContain(`Port ${port} on 127.0.0.1 is taken`);
    expect(child.output()).toContain('POKEWATCH_GATEWAY_PORT');
    expect(child.output()).not.toContain('    at ');
    other.close();
  });

  test('names an address that is not of this machine', async () => {
    const child = startChild(PROGRAM, { POKEWATCH_HOST: '203.0.113.7', POKEWATCH_GATEWAY_PORT: '0' });
    expect(await child.ended).toBe(2);
    expect(child.output()).toContain('203.0.113.7 is not an address of this machine');
  });

  test('names the setting that is wrong', async () => {
    const child = startChild(PROGRAM, { POKEWATCH_GATEWAY_PORT: 'eighty' });
    expect(await child.ended).toBe(2);
    expect(child.output()).toContain('POKEWATCH_GATEWAY_PORT');
    expect(child.output()).not.toContain('eighty');
  });
});

test('a request that arrives on an idle connection just after the end of accepting is answered', async () => {
  const { child, port } = await start();
  const request = 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n';
  const answer = await rawExchange(
    port,
    async (socket) => {
      socket.write(request);
      await sleep(200);
      child.process.kill('SIGTERM');
      await child.until(/draining/);
      await sleep(50);
      socket.write(request);
    },
    3000,
  );
  expect([...answer.text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => match[1])).toEqual(['200', '200']);
  expect(answer.text.split('HTTP/1.1')[2]).toContain('connection: close');
  expect(await child.ended).toBe(0);
});
