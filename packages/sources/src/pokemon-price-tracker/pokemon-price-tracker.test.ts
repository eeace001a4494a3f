import { type Fake, type Modes, startFake } from '@pokewatch/fake-source';
import { afterEach, describe, expect, it } from 'vitest';
import type { PartResult, PriceSource } from '../source.ts';
import { CARDS, cardOf, fetchCard, fetchPart, KEY, partsOf, type TestTools, testTools } from '../testing/tools.ts';
import { pokemonPriceTrackerSource } from './pokemon-price-tracker.ts';

const ENGLISH = cardOf('sv03.5-199-charizard-ex');
const JAPANESE = cardOf('sv2a_151_charizard_ex___201_165');

let fake: Fake;
afterEach(() => fake.close());

async function start(
  modes: Modes = {},
  env: Record<string, string> = {},
): Promise<{ source: PriceSource; tools: TestTools }> {
  const clocked = testTools({});
  fake = await startFake('pokemon-price-tracker', { cards: CARDS, clock: clocked.clock, modes });
  const tools = { ...clocked, settings: testTools({ POKEWATCH_PPT_URL: fake.url, ...env }).settings };
  return { source: pokemonPriceTrackerSource(tools), tools };
}

async function fetchAll(source: PriceSource): Promise<PartResult[]> {
  const results: PartResult[] = [];
  for (const part of partsOf(source)) results.push(await fetchPart(part));
  return results;
}

describe('a call', () => {
  it('asks by product id, with the language, one row and nothing that the API refuses', async () => {
    const { source } = await start();
    await fetchCard(source, JAPANESE);
    const { searchParams } = new URL(fake.requests[0]!.url, 'http://x');
    expect(Object.fromEntries(searchParams)).toEqual({
      tcgPlayerId: '566544',
      language: 'japanese',
      limit: '1',
      includeHistory: 'true',
      days: '365',
      maxDataPoints: '365',
    });
  });

  it('gets the whole watch-list for 80 credits, inside the free plan', async () => {
    const { source } = await start();
    const results = await fetchAll(source);
    expect(results.reduce((sum, result) => sum + (result.spent ?? 0), 0)).toBe(80);
    expect(results.every((result) => result.prices.length > 0)).toBe(true);
  });

  it('shows three days on the free plan, a year on the business plan, and says so', async () => {
    const { source } = await start();
    const free = await fetchCard(source, ENGLISH);
    expect(free.prices.length).toBeLessThanOrEqual(3);
    expect(free.notes).toContain('Pokemon Price Tracker: Free plan limited to 3 days of historical data.');
    fake.set({ plan: 'business' });
    const business = await fetchCard(source, ENGLISH);
    expect(business.prices.length).toBeGreaterThan(300);
    expect(business.notes).toEqual([]);
  });

  it('gives the same series from every shape of history', async () => {
    const { source } = await start({ plan: 'business' });
    const h1 = await fetchCard(source, ENGLISH);
    for (const history of ['H2', 'H3', 'H4']) {
      fake.set({ history });
      const other = await fetchCard(source, ENGLISH);
      const series = (result: PartResult) => result.prices.map((row) => [row.price_date, row.market]);
      expect(series(other)).toEqual(series(h1));
    }
  });

  it('takes the card out of an object, a list and a bare list', async () => {
    const { source } = await start();
    const object = await fetchCard(source, ENGLISH);
    for (const data of ['array', 'bare']) {
      fake.set({ data });
      expect((await fetchCard(source, ENGLISH)).prices).toEqual(object.prices);
    }
  });

  it.each(['empty', 'null'])('reports a card that is not found (%s), and counts what it cost', async (data) => {
    const { source } = await start({ data });
    expect(await fetchCard(source, ENGLISH)).toMatchObject({
      prices: [],
      notes: expect.arrayContaining(['sv03.5-199-charizard-ex: not found (tcgPlayerId 517045, english)']),
      spent: 2,
    });
  });

  it('does not take the price of a product that it did not ask for', async () => {
    const { source } = await start({ moved: 517045 });
    const result = await fetchCard(source, ENGLISH);
    expect(result.prices).toEqual([]);
    expect(result.notes).toContain(
      'sv03.5-199-charizard-ex: asked for tcgPlayerId 517045, got 517046; the id may have moved',
    );
  });

  it('stores the condition that the source used, and says when it is another than was asked for', async () => {
    const { source } = await start({ history: 'none', condition_used: 'Moderately Played 1st Edition - Japanese' });
    const result = await fetchCard(source, JAPANESE);
    expect(result.prices.map((row) => row.condition)).toEqual(['Moderately Played 1st Edition - Japanese']);
    expect(result.notes).toContain(
      'sv2a_151_charizard_ex___201_165: quoted as Moderately Played 1st Edition - Japanese, not Near Mint',
    );
  });

  it('dates the quote of a card without history by the source, not by today', async () => {
    const { source } = await start({ history: 'none' });
    expect((await fetchCard(source, ENGLISH)).prices.map((row) => row.price_date)).toEqual(['2026-11-19']);
  });

  it('takes low 0 for none, and no volume for unknown', async () => {
    const { source } = await start({ plan: 'business' });
    const { prices } = await fetchCard(source, JAPANESE);
    expect(prices.every((row) => row.low === null)).toBe(true);
    expect(prices.some((row) => row.volume === null)).toBe(true);
  });

  it('keeps to days that are new or still settling', async () => {
    const { source } = await start({ plan: 'business' });
    const have = new Map([[ENGLISH.id, { from: '2025-10-01', through: '2026-11-18' }]]);
    const part = source.parts({ today: '2026-11-21', cards: [ENGLISH], have })[0]!;
    const days = (await fetchPart(part)).prices.map((row) => row.price_date);
    expect(days.length).toBeGreaterThan(0);
    expect(days.every((day) => day > '2026-11-11')).toBe(true);
    expect(new URL(fake.requests[0]!.url, 'http://x').searchParams.get('days')).toBe('10');
  });
});

describe('limits', () => {
  it('waits for the next minute before it overdraws this one', async () => {
    const { source, tools } = await start({ plan: 'api' });
    for (let round = 0; round < 2; round++) await fetchAll(source);
    expect(tools.waits.length).toBeGreaterThan(0);
    expect(fake.requests.every((request) => request.status === 200)).toBe(true);
  });

  it('takes blank headers for unknown, not for zero', async () => {
    const { source, tools } = await start({ headers: 'blank' });
    await fetchAll(source);
    expect(tools.waits).toEqual([]);
  });

  it('takes missing headers for unknown: runs into the minute limit, waits what it is told, and goes on', async () => {
    const { source, tools } = await start({ plan: 'api', headers: 'none' });
    for (let round = 0; round < 2; round++) await fetchAll(source);
    expect(fake.requests.filter((request) => request.status === 429)).toHaveLength(1);
    expect(tools.waits).toEqual([61_000]);
  });

  it('stops before the daily credits are overdrawn, and says until when', async () => {
    const { source } = await start({ credits: 5 });
    const parts = partsOf(source);
    await fetchPart(parts[0]!);
    await fetchPart(parts[1]!);
    await expect(fetchPart(parts[2]!)).rejects.toMatchObject({
      code: 'source_quota',
      block: { until: '2026-11-22T00:00:00.000Z', code: 'source_quota' },
    });
    expect(fake.requests).toHaveLength(2);
  });

  it('stops at a daily 429, without another try', async () => {
    const { source } = await start({ credits: 1, headers: 'none' });
    await expect(fetchCard(source, ENGLISH)).rejects.toMatchObject({
      code: 'source_quota',
      message: expect.stringContaining('requires 2 credits, you have 1 remaining'),
      block: { until: '2026-11-22T00:00:00.000Z' },
    });
    expect(fake.requests).toHaveLength(1);
  });

  it('waits a minute after a bare 429, and takes it for a daily one when it lasts', async () => {
    const { source, tools } = await start();
    fake.break('bare_429', { times: 1 });
    await fetchCard(source, ENGLISH);
    expect(tools.waits).toEqual([61_000]);
    fake.break('bare_429');
    await expect(fetchCard(source, ENGLISH)).rejects.toMatchObject({
      code: 'source_quota',
      block: { until: '2026-11-22T00:00:00.000Z' },
    });
    expect(tools.waits).toHaveLength(3);
  });

  it('stops at a block for abuse, until the moment that it names', async () => {
    const { source } = await start({ credits: 1, headers: 'none', abuse_after: 1 });
    await expect(fetchCard(source, ENGLISH)).rejects.toMatchObject({
      code: 'source_refused',
      block: { until: '2026-11-21T11:00:00.000Z', code: 'source_refused' },
    });
  });
});

describe('a check', () => {
  it('that runs out of credits on the way tells what it has seen', async () => {
    const { source } = await start({ credits: 5 });
    const findings = await source.check(CARDS, new AbortController().signal);
    expect(findings.filter((finding) => finding.found).length).toBe(4);
    expect(findings[39]!.skipped).toContain('daily credits');
  });
});

describe('keys', () => {
  it('are asked for before anything is called', async () => {
    const { source } = await start({}, { POKEMON_PRICE_API_KEY: '' });
    expect(() => partsOf(source)).toThrow('needs a key, and none is set');
    await expect(source.check([ENGLISH], new AbortController().signal)).rejects.toMatchObject({
      code: 'source_refused',
    });
    expect(fake.requests).toHaveLength(0);
  });

  it('are not sent when they cannot stand in a header', async () => {
    const { source } = await start({}, { POKEMON_PRICE_API_KEY: 'secret\nX-Evil: 1' });
    expect(() => partsOf(source)).toThrow('has a key with characters that no key has');
  });

  it('that are wrong end the run, and are never repeated', async () => {
    const { source } = await start({ key: 'another-key' });
    const error = await fetchCard(source, ENGLISH).catch((caught: Error) => caught);
    expect(error).toMatchObject({
      code: 'source_refused',
      message: expect.stringContaining('does not accept the key'),
    });
    expect(JSON.stringify([(error as Error).message, { ...(error as object) }])).not.toContain(KEY);
  });

  it('of a plan that lacks some cards fail for those cards only', async () => {
    const { source } = await start({ refused_language: 'japanese' });
    await expect(fetchCard(source, JAPANESE)).rejects.toMatchObject({
      name: 'PokewatchError',
      message: expect.stringContaining('japanese cards need a paid plan'),
    });
    expect((await fetchCard(source, ENGLISH)).prices.length).toBeGreaterThan(0);
  });
});
