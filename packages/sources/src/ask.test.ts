import { PriceRowSchema } from '@pokewatch/contracts';
import { type Fake, startFake, type Trouble } from '@pokewatch/fake-source';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSource } from './registry.ts';
import type { PriceSource } from './source.ts';
import { CARDS, cardOf, fetchCard, type TestTools, testTools } from './testing/tools.ts';

const CARD = cardOf('sv03.5-199-charizard-ex');

describe.each(['tcgcsv', 'pokemon-price-tracker', 'tcgdex'])('%s', (name) => {
  let fake: Fake;
  let tools: TestTools;
  let source: PriceSource;

  beforeEach(async () => {
    tools = testTools({});
    fake = await startFake(name, { cards: CARDS, clock: tools.clock });
    tools = { ...tools, ...pick(testTools({ [fake.setting]: fake.url }), 'settings') };
    source = createSource(name, tools);
  });
  afterEach(() => fake.close());

  it('gives rows of the contract, dated by the source and seen now', async () => {
    const { prices, cards } = await fetchCard(source, CARD);
    const own = prices.filter((row) => row.card_id === CARD.id && row.currency === 'USD');
    expect(own.length).toBeGreaterThan(0);
    for (const row of prices) {
      expect(PriceRowSchema.safeParse({ ...row, run_id: 'r' }).success).toBe(true);
      expect(row.observed_at).toBe('2026-11-21T10:00:00.000Z');
      expect(row.price_date <= '2026-11-21').toBe(true);
    }
    expect(cards.some((card) => card.card_id === CARD.id)).toBe(true);
  });

  it.each<Trouble>(['error_500', 'html_502', 'html_200', 'truncated', 'cut'])(
    'asks again after %s, and gets everything',
    async (trouble) => {
      const undisturbed = await fetchCard(createSource(name, tools), CARD);
      fake.break(trouble, { times: 2 });
      const result = await fetchCard(source, CARD);
      const plain = (rows: typeof result.prices) => rows.map(({ observed_at: _, ...row }) => row);
      expect(plain(result.prices)).toEqual(plain(undisturbed.prices));
      expect(tools.waits).toEqual([500, 1000]);
    },
  );

  it.each<Trouble>(['error_500', 'html_502', 'html_200', 'truncated', 'cut'])(
    'gives up after three tries of %s, and says what happened',
    async (trouble) => {
      fake.break(trouble);
      await expect(fetchCard(source, CARD)).rejects.toMatchObject({
        code: 'source_unavailable',
        message: expect.stringMatching(/500|502|web page|broke|no whole answer/),
      });
      expect(fake.requests).toHaveLength(3);
    },
  );

  it.each<Trouble>(['hang', 'slow'])(
    'waits for an answer that does not come whole (%s) no longer than it may',
    async (trouble) => {
      fake.break(trouble);
      const hurried = testTools({ [fake.setting]: fake.url, POKEWATCH_SOURCE_TIMEOUT_MS: '150' });
      await expect(fetchCard(createSource(name, hurried), CARD)).rejects.toMatchObject({
        code: 'source_unavailable',
        message: expect.stringContaining('gave no whole answer within 150 ms, 3 times'),
      });
    },
  );

  it('says that nothing listens at its address', async () => {
    const lost = createSource(name, testTools({ [fake.setting]: 'http://127.0.0.1:1' }));
    await expect(fetchCard(lost, CARD)).rejects.toMatchObject({
      code: 'source_unavailable',
      message: expect.stringContaining('cannot be reached'),
    });
  });

  it('names the path of what has changed in an answer', async () => {
    fake.break('drift', { match: /prices$|cards/ });
    await expect(fetchCard(source, CARD)).rejects.toMatchObject({
      code: 'source_changed',
      message: expect.stringMatching(/unknown shape at (results|pricing\.tcgplayer\.holofoil|the top|data)/),
    });
  });

  it('stops at once when it is told to', async () => {
    fake.break('hang');
    const stop = new AbortController();
    const running = source.parts({ today: '2026-11-21', cards: [CARD], have: new Map() })[0]!.fetch(stop.signal);
    setTimeout(() => stop.abort(), 30);
    await expect(running).rejects.toMatchObject({ name: 'HttpFault', kind: 'stopped' });
  });
});

function pick<T, K extends keyof T>(of: T, key: K): Pick<T, K> {
  return { [key]: of[key] } as Pick<T, K>;
}
