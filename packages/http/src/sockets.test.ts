import { setTimeout as sleep } from 'node:timers/promises';
import type { Problem } from '@pokewatch/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoryLogger, parseRaw, rawExchange, type Served, serve } from './testing/index.ts';
import { sampleService } from './testing/sample-service.ts';

let served: Served;

beforeAll(async () => {
  const limits = { headers_ms: 1000, request_ms: 2000 };
  served = await serve(await sampleService(memoryLogger().logger, { limits }));
});
afterAll(() => served.close());

const HEAD = 'Host: x\r\nContent-Type: application/json\r\n';

/** The problem in raw text, after checking what all problems have in common. */
function rawProblem(text: string): Problem {
  const { status, headers, body } = parseRaw(text);
  expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
  const problem = JSON.parse(body) as Problem;
  expect(problem.status).toBe(status);
  expect(problem.request_id).toBe(headers['x-request-id']);
  return problem;
}

describe('bytes that are not HTTP/1.1', () => {
  test.each([
    ['nonsense', 'hello\r\n\r\n', 400],
    ['an unknown method', 'BREW /pot HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['the HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['a header without a name', 'GET /livez HTTP/1.1\r\n: x\r\n\r\n', 400],
    ['two lengths', `POST /echo HTTP/1.1\r\n${HEAD}Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx`, 400],
    [
      'a length and chunks',
      `POST /echo HTTP/1.1\r\n${HEAD}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    ['a bad chunk', `POST /echo HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 400],
    ['no Host', 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['CONNECT', 'CONNECT example.org:443 HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['a URL of 20 kB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 414],
    ['headers of 20 kB', `GET /livez HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('%s is answered with a problem', async (_name, bytes, status) => {
    const answer = await rawExchange(served.port, bytes, 1500);
    expect(rawProblem(answer.text).status).toBe(status);
    expect(answer.error).toBeUndefined();
  });
});

describe('requests that do not end', () => {
  test('headers that trickle in are answered with 408', async () => {
    const answer = await rawExchange(served.port, async (socket) => {
      socket.write('GET /livez HTTP/1.1\r\n');
      for (let i = 0; i < 30 && !socket.destroyed; i++, await sleep(100)) socket.write(`X-${i}: y\r\n`);
    });
    expect(rawProblem(answer.text).code).toBe('request_timeout');
    expect(answer.took_ms).toBeLessThan(4500);
  });

  test('a body that trickles in is answered with 408', async () => {
    const answer = await rawExchange(served.port, async (socket) => {
      socket.write(`POST /echo HTTP/1.1\r\n${HEAD}Content-Length: 1000\r\n\r\n`);
      for (let i = 0; i < 50 && !socket.destroyed; i++, await sleep(100)) socket.write(' ');
    });
    expect(rawProblem(answer.text).code).toBe('request_timeout');
    expect(answer.took_ms).toBeLessThan(6500);
  });

  test('a chunked body over the limit is answered with 413 while it still arrives, and the client can read it', async () => {
    const chunk = `4000\r\n${' '.repeat(0x4000)}\r\n`;
    const answer = await rawExchange(served.port, async (socket) => {
      socket.write(`POST /echo HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
      const until = performance.now() + 4000;
      while (!socket.destroyed && performance.now() < until) {
        if (!socket.write(chunk)) await sleep(1);
      }
    });
    expect(rawProblem(answer.text).code).toBe('body_too_large');
    expect(parseRaw(answer.text).headers.connection).toBe('close');
    expect(answer.took_ms).toBeLessThan(4000);
  });

  test('an endless body to a route that takes none is answered at once and cut off', async () => {
    const answer = await rawExchange(served.port, async (socket) => {
      socket.write('POST /nowhere HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
      const until = performance.now() + 4000;
      while (!socket.destroyed && performance.now() < until) {
        if (!socket.write(`400\r\n${' '.repeat(0x400)}\r\n`)) await sleep(1);
      }
    });
    expect(rawProblem(answer.text).code).toBe('not_found');
    expect(answer.took_ms).toBeLessThan(3000);
  });

  test('a body in a million pieces is refused before it has arrived, and the client can read it', async () => {
    const pieces = Buffer.from('1\r\n \r\n'.repeat(1_000_000));
    const { text } = await rawExchange(served.port, (socket) => {
      socket.write(`POST /echo HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
      socket.write(pieces);
    });
    expect(rawProblem(text).detail).toBe('The body comes in too many pieces');
    expect(parseRaw(text).headers.connection).toBe('close');
  });

  test('small pieces of a body that nobody reads harm nobody', async () => {
    const { text } = await rawExchange(served.port, (socket) => {
      socket.write(`POST /nowhere HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
      socket.write('1\r\n \r\n'.repeat(100_000));
    });
    expect(rawProblem(text).code).toBe('not_found');
    expect((await fetch(`${served.url}/livez`)).status).toBe(200);
  });

  test('a body in some small pieces, and one in many that are not so small, is read', async () => {
    const chunk = (size: number) => `${size.toString(16)}\r\n${' '.repeat(size)}\r\n`;
    for (const pieces of [chunk(1).repeat(900), chunk(64).repeat(5000)]) {
      const { text } = await rawExchange(
        served.port,
        `POST /echo HTTP/1.1\r\n${HEAD}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n${pieces}c\r\n{"name":"a"}\r\n0\r\n\r\n`,
      );
      expect(parseRaw(text).status).toBe(200);
    }
  });

  test('a client that sends a long body to its end before it reads gets the answer, not a reset', async () => {
    const part = ' '.repeat(100_000);
    const seen = new Set<string>();
    for (let i = 0; i < 20; i++) {
      const { text, error } = await rawExchange(served.port, async (socket) => {
        socket.pause();
        socket.write(`POST /echo HTTP/1.1\r\n${HEAD}Content-Length: 4000000\r\n\r\n`);
        for (let sent = 0; sent < 40 && !socket.destroyed; sent++)
          await new Promise((resolve) => socket.write(part, resolve));
        socket.resume();
      });
      seen.add(`${parseRaw(text).status} ${error}`);
    }
    expect(seen).toEqual(new Set(['413 undefined']));
  });

  test('a declared length over the limit is answered with 413 before the body is sent', async () => {
    const answer = await rawExchange(
      served.port,
      `POST /echo HTTP/1.1\r\n${HEAD}Content-Length: 1000000000000\r\n\r\n`,
      3000,
    );
    expect(rawProblem(answer.text).code).toBe('body_too_large');
    expect(answer.ended).toBe(true);
  });

  test('a client that goes away in the middle of its body harms nobody', async () => {
    await rawExchange(served.port, (socket) => {
      socket.write(`POST /echo HTTP/1.1\r\n${HEAD}Content-Length: 100\r\n\r\n{"na`, () => socket.resetAndDestroy());
    });
    expect((await fetch(`${served.url}/livez`)).status).toBe(200);
  });
});

describe('one connection', () => {
  test('stays open after a body that was refused', async () => {
    const bad = `POST /echo HTTP/1.1\r\n${HEAD}Content-Length: 1\r\n\r\n{`;
    const good = `POST /echo HTTP/1.1\r\n${HEAD}Connection: close\r\nContent-Length: 12\r\n\r\n{"name":"a"}`;
    const { text } = await rawExchange(served.port, bad + good, 2000);
    expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => match[1])).toEqual(['400', '200']);
  });

  test('takes Expect: 100-continue, and ignores other expectations', async () => {
    const body = `Connection: close\r\nContent-Length: 12\r\n\r\n{"name":"a"}`;
    const known = await rawExchange(served.port, `POST /echo HTTP/1.1\r\n${HEAD}Expect: 100-continue\r\n${body}`, 2000);
    expect(known.text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
    const unknown = await rawExchange(served.port, `POST /echo HTTP/1.1\r\n${HEAD}Expect: cake\r\n${body}`, 2000);
    expect(parseRaw(unknown.text).status).toBe(200);
  });

  test('of HTTP/1.0 without Host is answered', async () => {
    expect(parseRaw((await rawExchange(served.port, 'GET /livez HTTP/1.0\r\n\r\n', 2000)).text).status).toBe(200);
  });
});
