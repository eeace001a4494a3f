import { ERRORS, type Problem } from '@pokewatch/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiJudge, memoryLogger, parseRaw, rawExchange, type Served, serve } from './testing/index.ts';
import { sampleService } from './testing/sample-service.ts';

let served: Served;
const { logger, lines } = memoryLogger();
let judge: ReturnType<typeof apiJudge>;

beforeAll(async () => {
  served = await serve(await sampleService(logger));
  judge = apiJudge(await served.service.app.openapi());
});
afterAll(() => served.close());

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly body?: string | Buffer;
  readonly type?: string | undefined;
  readonly headers?: Record<string, string>;
}

async function ask({ method = 'POST', path = '/echo', body, type = 'application/json', headers = {} }: Sent) {
  const answer = await fetch(served.url + path, {
    method,
    redirect: 'manual',
    headers: { ...(body === undefined || type === '' ? {} : { 'content-type': type }), ...headers },
    ...(body === undefined ? {} : { body: body as string }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text };
}

/** The problem of an answer, after checking everything that all problems have in common. */
async function problem(sent: Sent): Promise<Problem & { headers: Headers }> {
  const { status, headers, text } = await ask(sent);
  expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const body = JSON.parse(text) as Problem;
  expect(body.status).toBe(status);
  const known = ERRORS[body.code as keyof typeof ERRORS];
  expect(known).toMatchObject({ status, title: body.title });
  expect(body.request_id).toBe(headers.get('x-request-id'));
  const route = { method: sent.method ?? 'POST', path: sent.path ?? '/echo' };
  if (['not_found', 'method_not_allowed'].includes(body.code) || route.path.includes('?')) return { ...body, headers };
  expect(judge({ ...route, status, content_type: headers.get('content-type') ?? '', text })).toBeUndefined();
  return { ...body, headers };
}

const many = (count: number) => JSON.stringify(Array.from({ length: count }, () => ({})));

describe('a body', () => {
  test('that fits is handed to the route, without coercion, removal or defaults', async () => {
    const { status, text, headers } = await ask({ body: '{"name":"a","price":1.5,"day":null,"other":[1]}' });
    expect([status, text]).toEqual([200, '{"name":"a","price":1.5,"day":null}']);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(judge({ method: 'POST', path: '/echo', status, content_type: 'application/json', text })).toBeUndefined();
  });

  test.each([
    ['an empty body', undefined, [['', 'must be an object']]],
    ['an empty JSON body', '', [['', 'must be an object']]],
    ['null', 'null', [['', 'must be an object']]],
    ['an array', '[]', [['', 'must be an object']]],
    ['a string', '"name"', [['', 'must be an object']]],
    ['a missing field', '{}', [['/name', 'is required']]],
    ['a number as text', '{"name":"a","price":"1"}', [['/price', 'must be a number']]],
    ['text as a number', '{"name":1}', [['/name', 'must be a string']]],
    ['an infinite number', '{"name":"a","price":1e999}', [['/price', 'must be a finite number']]],
    ['zero where more is needed', '{"name":"a","price":-0}', [['/price', 'must be greater than 0']]],
    ['an empty text', '{"name":""}', [['/name', 'must not be empty']]],
    ['a long text', `{"name":"${'x'.repeat(21)}"}`, [['/name', 'must have at most 20 characters']]],
    [
      'a day that does not exist',
      '{"name":"a","day":"2026-02-29"}',
      [['/day', 'must be a day that exists, written YYYY-MM-DD']],
    ],
    ['a wrong kind of two', '{"name":"a","day":5}', [['/day', 'must be a string or null']]],
    [
      'several faults',
      '{"price":"x","day":true}',
      [
        ['/name', 'is required'],
        ['/price', 'must be a number'],
        ['/day', 'must be a string or null'],
      ],
    ],
  ])('%s is answered with 422 and the path of each fault', async (_name, body, faults) => {
    const answer = await problem(body === undefined ? {} : { body });
    expect(answer.code).toBe('invalid_body');
    expect(answer.errors).toEqual(faults.map(([path, message]) => ({ path, message })));
  });

  test('an array that is too long is one fault, however many bad items it has', async () => {
    const answer = await problem({ path: '/many', body: many(10_000) });
    expect(answer.errors).toEqual([{ path: '', message: 'must have at most 5 items' }]);
  });

  test('a bad item of an array is named by its index', async () => {
    const answer = await problem({ path: '/many', body: '[{"name":"a"},{"name":2}]' });
    expect(answer.errors).toEqual([{ path: '/1/name', message: 'must be a string' }]);
  });

  test.each([
    ['cut off', '{"name":"a"'],
    ['not JSON', 'name=a'],
    ['NaN', '{"name":"a","price":NaN}'],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
  ])('%s is answered with 400', async (_name, body) => {
    expect((await problem({ body })).code).toBe('bad_json');
  });

  test.each(['{"name":"a","__proto__":{"x":1}}', '{"name":"a","constructor":{"prototype":{"x":1}}}'])(
    'a name that reaches for a prototype is answered with 400: %s',
    async (body) => {
      expect((await problem({ body })).code).toBe('bad_request');
    },
  );

  test.each([
    '{"name":"__proto__"}',
    '{"name":"constructor","toString":1}',
    '{"name":"a","hasOwnProperty":null}',
    '{"name":"\\ud800"}',
    '{"name":"\\u0000\\u001b[2J"}',
    '{"name":"💥"}',
    '{"name":"a","name":"b"}',
    `{"name":"a","deep":${'['.repeat(31)}${']'.repeat(31)}}`,
    `{"name":"a","deep":"${'['.repeat(5000)}"}`,
  ])('harmless oddities are answered like any other body: %s', async (body) => {
    expect((await ask({ body })).status).toBe(200);
  });

  test.each([
    ['a level too deep', `{"name":"a","deep":${'['.repeat(32)}${']'.repeat(32)}}`],
    ['deep', '['.repeat(200_000) + ']'.repeat(200_000)],
    ['deep and cut off', '['.repeat(500_000)],
    ['deep in objects', '{"a":'.repeat(33)],
  ])('that is nested %s is answered with 400 before it is parsed', async (_name, body) => {
    const { code, detail } = await problem({ body });
    expect([code, detail]).toEqual(['bad_request', 'The body is nested deeper than 32']);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'nonsense', ''])(
    'of the type "%s" is answered with 415',
    async (type) => {
      expect((await problem({ body: Buffer.from('{"name":"a"}'), type })).code).toBe('unsupported_media_type');
    },
  );

  test('of application/json with a charset is taken', async () => {
    expect((await ask({ body: '{"name":"a"}', type: 'application/json; charset=utf-8' })).status).toBe(200);
  });

  test('of exactly 1 MB is read, and of a byte more is answered with 413', async () => {
    const padded = (bytes: number) => '{"name":"a"}'.padEnd(bytes, ' ');
    expect((await ask({ body: padded(1_048_576) })).status).toBe(200);
    expect((await problem({ body: padded(1_048_577) })).code).toBe('body_too_large');
  });
});

describe('a request that no route takes', () => {
  test('is answered with 404, and its body is not looked at', async () => {
    expect((await problem({ path: '/nowhere', body: '{' })).code).toBe('not_found');
    expect((await problem({ method: 'GET', path: '/__proto__' })).code).toBe('not_found');
  });

  test.each([
    ['GET', '/echo', 'POST'],
    ['DELETE', '/echo', 'POST'],
    ['POST', '/slow', 'GET, HEAD'],
    ['PUT', '/livez?x=1', 'GET, HEAD'],
  ])('%s %s is answered with 405 and Allow', async (method, path, allow) => {
    const answer = await problem({ method, path });
    expect([answer.code, answer.headers.get('allow')]).toEqual(['method_not_allowed', allow]);
  });

  test('with a path that cannot be decoded is answered with 400', async () => {
    expect((await problem({ method: 'GET', path: '/%zz?' })).code).toBe('bad_request');
  });

  test('with more than 100 headers is answered with 431', async () => {
    const headers = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`x-${at}`, '']));
    expect((await ask({ method: 'GET', path: '/livez', headers: headers(80) })).status).toBe(200);
    expect((await problem({ method: 'GET', path: '/livez', headers: headers(100) })).code).toBe('headers_too_large');
  });

  test('with a long URL is answered with 414', async () => {
    expect((await problem({ method: 'GET', path: `/slow?${'x'.repeat(5000)}` })).code).toBe('uri_too_long');
  });
});

test('a fault of the program is answered with 500, which tells nothing of it; the log tells all', async () => {
  const answer = await problem({ method: 'GET', path: '/broken', headers: { 'x-request-id': 'find-me' } });
  expect(answer.code).toBe('internal');
  expect(JSON.stringify(answer)).not.toContain('42');
  const line = lines.find(({ request_id, level }) => request_id === 'find-me' && level === 'error');
  expect(line).toMatchObject({ err: { message: 'the secret is 42' } });
});

describe('the request id', () => {
  test.each(['abc', 'a b~!', 'x'.repeat(128)])('"%s" is echoed', async (id) => {
    expect((await ask({ body: '{"name":"a"}', headers: { 'x-request-id': id } })).headers.get('x-request-id')).toBe(id);
  });

  test('that was sent twice and empty is made anew: blanks around a header do not come back', async () => {
    const twice = 'X-Request-ID: \r\nX-Request-ID: \r\n';
    const { text } = await rawExchange(
      served.port,
      `GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${twice}\r\n`,
    );
    expect(parseRaw(text).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each(['', 'x'.repeat(129), 'caf\u00e9'])('is made anew instead of "%s"', async (id) => {
    const { headers } = await ask({ method: 'GET', path: '/livez', headers: { 'x-request-id': id } });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('health', () => {
  test('/livez answers 200', async () => {
    expect(await ask({ method: 'GET', path: '/livez' })).toMatchObject({ status: 200, text: '{"status":"alive"}' });
  });

  test('/docs is served here, and asks no other host for anything', async () => {
    const page = await ask({ method: 'GET', path: '/docs' });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source ?? '');
    expect(sources.length).toBeGreaterThan(3);
    for (const source of sources) {
      expect(source).toMatch(/^\/docs\//);
      expect((await ask({ method: 'GET', path: source })).status).toBe(200);
    }
  });

  test('/openapi.json is OpenAPI 3.1 and declares every route but itself and the docs', async () => {
    const document = JSON.parse((await ask({ method: 'GET', path: '/openapi.json' })).text);
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths).sort()).toEqual([
      '/broken',
      '/echo',
      '/held',
      '/livez',
      '/many',
      '/metrics',
      '/readyz',
      '/slow',
    ]);
    expect(Object.keys(document.paths['/echo'].post.responses)).toEqual(
      expect.arrayContaining(['200', '400', '408', '413', '414', '415', '422', '431', '500']),
    );
  });
});

test('metrics carry route templates, methods, statuses and codes, never paths', async () => {
  const own = await serve(await sampleService(memoryLogger().logger));
  await fetch(`${own.url}/echo`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  await fetch(`${own.url}/some/secret/path?card=charizard`);
  await fetch(`${own.url}/livez`);
  const text = await (await fetch(`${own.url}/metrics`)).text();
  await own.close();
  expect(text).toContain('pokewatch_requests_total{method="POST",route="/echo",status="422",service="sample"} 1');
  expect(text).toContain('pokewatch_requests_total{method="GET",route="unmatched",status="404",service="sample"} 1');
  expect(text).toContain('pokewatch_errors_total{route="/echo",code="invalid_body",service="sample"} 1');
  expect(text).toMatch(
    /pokewatch_request_latency_seconds_count\{service="sample",method="GET",route="\/livez",status="200"\} 1/,
  );
  expect(text).not.toMatch(/secret|charizard/);
});
