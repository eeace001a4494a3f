import { readFileSync } from 'node:fs';
import { parseWatchlist } from '@pokewatch/watchlist';
import { afterEach, describe, expect, it } from 'vitest';
import { FAKE_NAMES, type Fake, type FakeOptions, startFake } from './index.ts';

const path = new URL('../../../config/cards.yaml', import.meta.url).pathname;
const { cards } = parseWatchlist(readFileSync(path, 'utf8'), path);
let now = Date.parse('2026-11-21T10:00:00Z');
const clock = { now: () => new Date(now) };

let fake: Fake;
afterEach(async () => {
  now = Date.parse('2026-11-21T10:00:00Z');
  await fake.close();
});

async function start(name: string, modes: FakeOptions['modes'] = {}) {
  fake = await startFake(name, { cards, clock, modes });
}

async function get(path: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${fake.url}${path}`, {
    headers: { authorization: 'Bearer 12345678', 'user-agent': 'PokeWatch/test', ...headers },
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    body: text.startsWith('{') ? JSON.parse(text) : undefined,
  };
}

describe('the fake of pokemon-price-tracker', () => {
  it('wants a key', async () => {
    await start('pokemon-price-tracker');
    expect((await get('/cards?search=x', { authorization: '' })).body).toEqual({
      error: 'Authorization header missing',
    });
    expect((await get('/cards?search=x', { authorization: 'Bearer 1' })).body).toEqual({ error: 'API key too short' });
  });

  it.each(['cardNumber', 'number', 'name', 'page', 'hp'])(
    'refuses the parameter %s, and names those it takes',
    async (name) => {
      await start('pokemon-price-tracker');
      const { status, body } = await get(`/cards?tcgPlayerId=517045&${name}=1`);
      expect(status).toBe(400);
      expect(body.error).toBe(`Unsupported query parameter(s): ${name}`);
      expect(body.allowedParameters).toContain('tcgPlayerId');
    },
  );

  it('refuses a call without a filter', async () => {
    await start('pokemon-price-tracker');
    expect((await get('/cards?limit=1')).status).toBe(400);
  });

  it('bills on the limit that is asked for, not on the rows that come, and an id as one', async () => {
    await start('pokemon-price-tracker', { plan: 'api' });
    expect((await get('/cards?search=nothing')).body.metadata.apiCallsConsumed.total).toBe(50);
    expect((await get('/cards?search=nothing&limit=3&includeHistory=true')).body.metadata.apiCallsConsumed.total).toBe(
      6,
    );
    const byId = await get('/cards?tcgPlayerId=517045&includeHistory=true&includeEbay=true');
    expect(byId.body.metadata.apiCallsConsumed.total).toBe(3);
    expect(byId.headers.get('x-ratelimit-daily-remaining')).toBe(String(20_000 - 59));
  });

  it('finds a card in its own language only', async () => {
    await start('pokemon-price-tracker');
    expect((await get('/cards?tcgPlayerId=566544')).body).toMatchObject({ data: [], metadata: { count: 0 } });
    expect((await get('/cards?tcgPlayerId=566544&language=japanese')).body.data.cardNumber).toBe('201/165');
  });

  it('pages through sets and cards', async () => {
    await start('pokemon-price-tracker', { plan: 'api' });
    const first = (await get('/cards?setId=23599&language=japanese&limit=5')).body;
    const rest = (await get('/cards?setId=23599&language=japanese&limit=50&offset=5')).body;
    expect(first.metadata).toMatchObject({ total: 12, count: 5, hasMore: true });
    expect(rest.metadata).toMatchObject({ count: 7, hasMore: false });
    expect(new Set([...first.data, ...rest.data].map((card) => card.tcgPlayerId)).size).toBe(12);
    expect((await get('/sets?language=japanese&limit=2')).body.metadata).toMatchObject({ count: 2, hasMore: true });
  });

  it('refuses the minute before the units run out, and opens again with the next', async () => {
    await start('pokemon-price-tracker', { plan: 'api' });
    for (let i = 0; i < 6; i++) expect((await get('/cards?search=x&limit=100')).status).toBe(200);
    const refused = await get('/cards?search=x&limit=100');
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({ limitType: 'per_minute', required: 10, available: 0, retryAfter: 60 });
    expect(refused.headers.get('retry-after')).toBe('60');
    now += 60_000;
    expect((await get('/cards?search=x&limit=100')).status).toBe(200);
  });

  it('refuses the day before it goes below zero', async () => {
    await start('pokemon-price-tracker', { credits: 3 });
    expect((await get('/cards?tcgPlayerId=517045&includeHistory=true')).status).toBe(200);
    const refused = await get('/cards?tcgPlayerId=517045&includeHistory=true');
    expect(refused.body).toMatchObject({
      limitType: 'daily',
      creditsRemaining: 1,
      resetsAt: '2026-11-22T00:00:00.000Z',
    });
  });

  it('blocks a key after fifty refusals in five minutes, longer each time', async () => {
    await start('pokemon-price-tracker', { credits: 0 });
    for (let i = 0; i < 49; i++) expect((await get('/cards?tcgPlayerId=517045')).status).toBe(429);
    const first = await get('/cards?tcgPlayerId=517045');
    expect(first.status).toBe(403);
    expect(first.body).toMatchObject({
      error: 'API key blocked for abuse',
      retryAfter: 3600,
      blockedUntil: '2026-11-21T11:00:00.000Z',
    });
    expect((await get('/cards?tcgPlayerId=517045')).body.retryAfter).toBe(3600);
    now += 3_601_000;
    for (let i = 0; i < 49; i++) await get('/cards?tcgPlayerId=517045');
    expect((await get('/cards?tcgPlayerId=517045')).body.retryAfter).toBe(86_400);
  });

  it('clamps the history to the plan and says so', async () => {
    await start('pokemon-price-tracker');
    const { metadata, data } = (await get('/cards?tcgPlayerId=517045&includeHistory=true&days=365')).body;
    expect(metadata.historyWindow).toMatchObject({ days: 3, maxDataPoints: 30 });
    expect(metadata.planRestrictions.limitedTo).toBe('3 days');
    expect(data.priceHistory.conditions['Near Mint'].history.length).toBeLessThanOrEqual(3);
    expect(data.priceHistory.conditions.Holofoil.history).toEqual([]);
  });

  it('leaves headers out when told to', async () => {
    await start('pokemon-price-tracker', { headers: 'none' });
    expect((await get('/cards?tcgPlayerId=517045')).headers.get('x-ratelimit-daily-remaining')).toBeNull();
  });
});

describe('the fake of tcgcsv', () => {
  it('answers 403 in XML for what is not there, for the archive, and for clients without a name', async () => {
    await start('tcgcsv');
    for (const path of ['/tcgplayer/3/1/prices', '/archive/tcgplayer/prices-2026-11-20.ppmd.7z', '/x']) {
      expect(await get(path)).toMatchObject({
        status: 403,
        text: expect.stringContaining('<Code>AccessDenied</Code>'),
      });
    }
    expect((await get('/last-updated.txt', { 'user-agent': 'node' })).status).toBe(403);
  });

  it('has a new day from 20:04 UTC on', async () => {
    await start('tcgcsv');
    expect((await get('/last-updated.txt')).text).toBe('2026-11-20T20:04:11+0000');
    now = Date.parse('2026-11-21T20:04:30Z');
    expect((await get('/last-updated.txt')).text).toBe('2026-11-21T20:04:11+0000');
  });
});

describe('the fake of tcgdex', () => {
  it('answers 404 as the API does for unknown cards and languages', async () => {
    await start('tcgdex');
    expect((await get('/en/cards/none-1')).body).toMatchObject({
      type: 'https://tcgdex.dev/errors/not-found',
      status: 404,
    });
    expect((await get('/xx/cards/none-1')).body).toMatchObject({
      type: 'https://tcgdex.dev/errors/language-invalid',
      lang: 'xx',
    });
    expect((await get('/en/cards/SWSH7-215')).body.id).toBe('swsh7-215');
  });
});

describe('every fake', () => {
  it.each(FAKE_NAMES)('%s is switched and read over HTTP while it runs', async (name) => {
    await start(name);
    const control = new URL('/_fake', fake.url);
    const post = (body: object) =>
      fetch(control, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    expect((await post({ break: 'html_502', times: 1 })).status).toBe(200);
    expect((await get('/en/cards/swsh7-215')).status).toBe(502);
    expect((await get('/en/cards/swsh7-215')).status).not.toBe(502);
    expect((await post({ break: 'explode' })).status).toBe(422);
    expect((await post({ set: { nonsense: 1 } })).status).toBe(422);
    expect(((await (await fetch(control)).json()) as { requests: unknown[] }).requests).toHaveLength(2);
  });

  it('is named when it is mistyped, and so is a taken port', async () => {
    await start('tcgcsv');
    await expect(startFake('tcgcvs', { cards })).rejects.toMatchObject({
      code: 'bad_usage',
      hint: expect.stringContaining('Did you mean tcgcsv?'),
    });
    await expect(startFake('tcgcsv', { cards, port: Number(new URL(fake.url).port) })).rejects.toMatchObject({
      code: 'port_taken',
    });
  });
});
