import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CARD_IDS, type Platform, startPlatform } from './platform.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform?.close());

async function post(path: string, body: string, headers: Record<string, string> = {}) {
  const answer = await fetch(platform.gateway.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  const text = await answer.text();
  const content_type = answer.headers.get('content-type') ?? '';
  expect(platform.gateway.judge({ method: 'POST', path, status: answer.status, content_type, text })).toBeUndefined();
  return { status: answer.status, body: JSON.parse(text) };
}
const ask = (card_id: string) => post('/fair_price', JSON.stringify({ card_id }));

describe('a card id', () => {
  test.each(CARD_IDS)('that exists is answered for, however odd: %j', async (id) => {
    const { status, body } = await ask(id);
    expect([status, body.card_id]).toEqual([200, id]);
  });

  test.each([
    ['another Unicode form of one that exists', 'e\u0301'],
    ['NUL', '\u0000'],
    ['NUL after one that exists', `${CARD_IDS[0]}\u0000`],
    ['escape sequences for terminals', '\u001b[2J\u0007'],
    ['half a surrogate pair', '\ud800'],
    ['surrogates the wrong way round', '\udfff\ud800'],
    ['text from right to left', '\u202e\u05d0\u05d1'],
    ['nothing that can be seen', '\u200b\ufeff'],
    ['emoji', '👩‍👩‍👧‍👦'],
    ['names of prototypes', 'constructor'],
    ['a path', '../../../etc/passwd'],
    ['200 characters', 'x'.repeat(200)],
  ])('of %s is answered with 404 that names it', async (_name, id) => {
    const { status, body } = await ask(id);
    // What JSON cannot carry raw, it carries escaped: the id comes back as it was sent.
    expect([status, body.code, body.detail]).toEqual([404, 'unknown_card', `Unknown card_id: ${id}`]);
    const batch = await post('/fair_price/batch', JSON.stringify([{ card_id: id }, { card_id: CARD_IDS[1] }]));
    expect([batch.status, batch.body[0].detail, batch.body[1].card_id]).toEqual([200, body.detail, CARD_IDS[1]]);
  });

  test.each([
    ['empty', ''],
    ['of 201 characters', 'x'.repeat(201)],
    ['of 101 emoji and more', '💥'.repeat(201)],
  ])('that is %s is answered with 422', async (_name, id) => {
    expect((await ask(id)).status).toBe(422);
  });
});

describe('a body', () => {
  test.each([
    ['{"card_id":"a","__proto__":{"x":1}}', 400, 'bad_request'],
    ['{"card_id":"a","\\u005f_proto__":{"x":1}}', 400, 'bad_request'],
    ['{"card_id":"a","constructor":{"prototype":{"x":1}}}', 400, 'bad_request'],
    ['{"__proto__":null}', 400, 'bad_request'],
    [`{"card_id":"a","x":${'['.repeat(32)}${']'.repeat(32)}}`, 400, 'bad_request'],
    ['{"card_id":"a"}{', 400, 'bad_json'],
    ['{"card_id":1e999}', 422, 'invalid_body'],
    ['{"card_id":["a"]}', 422, 'invalid_body'],
  ])('%s is answered with %d %s', async (body, status, code) => {
    const answer = await post('/fair_price', body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  test.each(['gzip', 'br', 'identity, gzip', 'unknown'])(
    'that is compressed (%s) is answered with 415',
    async (how) => {
      const answer = await post('/fair_price', JSON.stringify({ card_id: CARD_IDS[0] }), { 'content-encoding': how });
      expect([answer.status, answer.body.code]).toEqual([415, 'unsupported_media_type']);
    },
  );
});
