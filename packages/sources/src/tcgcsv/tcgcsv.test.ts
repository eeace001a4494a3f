import { type Fake, startFake } from '@pokewatch/fake-source';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PriceSource } from '../source.ts';
import { CARDS, cardOf, fetchCard, fetchPart, partsOf, testTools } from '../testing/tools.ts';
import { parseLastUpdated } from './answers.ts';
import { tcgcsvSource } from './tcgcsv.ts';

const CHARIZARD = cardOf('sv2a_151_charizard_ex___201_165');

describe('tcgcsv', () => {
  let fake: Fake;
  let source: PriceSource;
  beforeEach(async () => {
    const { clock } = testTools({});
    fake = await startFake('tcgcsv', { cards: CARDS, clock });
    source = tcgcsvSource(testTools({ POKEWATCH_TCGCSV_URL: fake.url }));
  });
  afterEach(() => fake.close());

  it('asks for each file once: the 23 groups of the watch-list, and the date of all', async () => {
    const parts = partsOf(source);
    expect(parts).toHaveLength(23);
    for (const part of parts) await fetchPart(part);
    const urls = fake.requests.map((request) => request.url);
    expect(urls).toHaveLength(1 + 2 * 23);
    expect(new Set(urls).size).toBe(urls.length);
    expect(fake.requests.every(({ headers }) => String(headers['user-agent']).startsWith('PokeWatch/'))).toBe(true);
  });

  it('dates prices by the day of the rebuild, not by today', async () => {
    const { prices } = await fetchCard(source, CHARIZARD);
    expect(new Set(prices.map((row) => row.price_date))).toEqual(new Set(['2026-11-20']));
  });

  it('keeps the other cards of the groups, each printing a card, and leaves out what is sealed', async () => {
    const { prices, cards, tallies } = await fetchCard(source, CHARIZARD);
    const ids = prices.map((row) => row.card_id);
    expect(ids).toContain(CHARIZARD.id);
    expect(ids).toContain('tcgplayer-23599001-normal');
    expect(ids).toContain('tcgplayer-23599001-reverse-holofoil');
    expect(new Set(ids).size).toBe(ids.length);
    expect(cards.find((card) => card.card_id === 'tcgplayer-23599002-holofoil')).toMatchObject({
      name: 'Pidgeot',
      number: '018/165',
      language: 'japanese',
      set_name: 'SV2a: Pokemon Card 151',
    });
    expect(cards.some((card) => card.name === 'Booster Box')).toBe(false);
    expect(tallies).toEqual({ 'products without a card number (sealed) left out': 1 });
  });

  it('gives a watched product in another printing another id', async () => {
    fake.set({ extra_printing: 566544 });
    const { prices } = await fetchCard(source, CHARIZARD);
    const own = prices.find((row) => row.card_id === CHARIZARD.id)!;
    const other = prices.find((row) => row.card_id === 'tcgplayer-566544-reverse-holofoil')!;
    expect(own.printing).toBe('Holofoil');
    expect(other.market! / own.market!).toBeCloseTo(0.5, 2);
  });

  it('notes a watched card without a price row', async () => {
    fake.set({ no_price: 566544 });
    const { prices, notes } = await fetchCard(source, CHARIZARD);
    expect(prices.some((row) => row.card_id === CHARIZARD.id)).toBe(false);
    expect(notes).toContain(
      'sv2a_151_charizard_ex___201_165: no price for Holofoil (product 566544 has no price row at all)',
    );
  });

  it('says which group is not there, without asking twice', async () => {
    const wrong = { ...CHARIZARD, ids: { ...CHARIZARD.ids, tcgcsv_group: 99 } };
    await expect(fetchCard(source, wrong)).rejects.toMatchObject({
      code: 'source_refused',
      message: 'tcgcsv has no files of group 99 in category 85 (403)',
    });
    expect(fake.requests).toHaveLength(2);
  });

  it('ends the run when even the date is refused', async () => {
    fake.break('forbidden_403');
    await expect(fetchCard(source, CHARIZARD)).rejects.toThrow('tcgcsv refuses last-updated.txt (403)');
  });

  it('names cards without ids, and asks for the others', async () => {
    const { notes } = await fetchPart(partsOf(source, [CHARIZARD, { ...CHARIZARD, id: 'mine', ids: {} }])[0]!);
    expect(notes).toContain('no tcgcsv ids: mine');
  });
});

describe('parseLastUpdated', () => {
  it.each([
    ['2026-11-20T20:04:11+0000', '2026-11-20T20:04:11.000Z'],
    ['2026-11-20T20:04:11Z\n', '2026-11-20T20:04:11.000Z'],
    ['2026-11-20T22:30:00-04:00', '2026-11-21T02:30:00.000Z'],
    ['yesterday', undefined],
    ['2026-13-45T99:99:99Z', undefined],
    ['', undefined],
  ])('reads %j', (text, moment) => {
    expect(parseLastUpdated(text)?.toISOString()).toBe(moment);
  });
});
