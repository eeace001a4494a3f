import { type Fake, startFake } from '@pokewatch/fake-source';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PriceSource } from '../source.ts';
import { CARDS, cardOf, fetchCard, testTools } from '../testing/tools.ts';
import { printingOf } from './answers.ts';
import { tcgdexSource } from './tcgdex.ts';

const UMBREON = cardOf('swsh7-215-umbreon-vmax');
const CHARIZARD_JA = cardOf('sv2a_151_charizard_ex___201_165');
const MEWTWO_FOIL = cardOf('sv2a_151_mewtwo_master_ball_pattern');

describe('tcgdex', () => {
  let fake: Fake;
  let source: PriceSource;
  beforeEach(async () => {
    const { clock } = testTools({});
    fake = await startFake('tcgdex', { cards: CARDS, clock });
    source = tcgdexSource(testTools({ POKEWATCH_TCGDEX_URL: fake.url }));
  });
  afterEach(() => fake.close());

  it('gives a USD and a EUR row, apart, dated by the source', async () => {
    const { prices } = await fetchCard(source, UMBREON);
    expect(prices.map((row) => [row.currency, row.condition, row.price_date, row.printing])).toEqual([
      ['USD', '', '2026-11-20', 'Holofoil'],
      ['EUR', '', '2026-11-20', 'Holofoil'],
    ]);
    expect(prices[1]!.market! / prices[0]!.market!).toBeCloseTo(0.9, 2);
    expect(prices[1]!).toMatchObject({ mid: null, high: null });
  });

  it('gives Japanese cards in EUR only', async () => {
    const { prices } = await fetchCard(source, CHARIZARD_JA);
    expect(prices.map((row) => row.currency)).toEqual(['EUR']);
    expect(fake.requests[0]!.url).toBe('/v2/ja/cards/SV2a-201');
  });

  it('takes Master Ball prints from their own variant, not from the plain card', async () => {
    const { prices } = await fetchCard(source, MEWTWO_FOIL);
    expect(prices[0]!.market).toBeGreaterThan(MEWTWO_FOIL.level_usd / 4);
    const other = await fetchCard(source, { ...MEWTWO_FOIL, ids: { ...MEWTWO_FOIL.ids, tcgdex_foil: 'pokeball' } });
    expect(other).toMatchObject({
      prices: [],
      notes: ['sv2a_151_mewtwo_master_ball_pattern: no price for the foil pokeball'],
    });
  });

  it('tells apart a EUR price that belongs to another card', async () => {
    fake.set({ mismapped: 'swsh7-215' });
    const { prices, notes } = await fetchCard(source, UMBREON);
    expect(prices.map((row) => row.condition)).toEqual(['', 'suspect']);
    expect(notes[0]).toMatch(/swsh7-215-umbreon-vmax: .* EUR against .* USD; probably another card, kept as suspect/);
  });

  it('tells apart a USD price of another product', async () => {
    const { prices, notes } = await fetchCard(source, { ...UMBREON, ids: { ...UMBREON.ids, tcgplayer: 5 } });
    expect(prices[0]!.condition).toBe('suspect');
    expect(notes[0]).toContain('TCGdex quotes product 246723, the watch-list means 5');
  });

  it('notes a card without prices, and one that is not there', async () => {
    fake.set({ unpriced: 'swsh7-215' });
    expect(await fetchCard(source, UMBREON)).toMatchObject({ prices: [], notes: ['swsh7-215-umbreon-vmax: no price'] });
    const gone = { ...UMBREON, ids: { ...UMBREON.ids, tcgdex: 'swsh7-999' } };
    expect(await fetchCard(source, gone)).toMatchObject({
      prices: [],
      notes: ['swsh7-215-umbreon-vmax: not found (swsh7-999, english)'],
    });
  });

  it.each(['camel', 'short'])('knows printings in %s spelling', async (keys) => {
    fake.set({ keys });
    expect((await fetchCard(source, UMBREON)).prices[0]).toMatchObject({ card_id: UMBREON.id, printing: 'Holofoil' });
  });
});

describe('printingOf', () => {
  it.each([
    ['normal', 'Normal'],
    ['reverse-holofoil', 'Reverse Holofoil'],
    ['reverseHolofoil', 'Reverse Holofoil'],
    ['reverse', 'Reverse Holofoil'],
    ['1st-edition-holofoil', '1st Edition Holofoil'],
    ['1stEditionHolofoil', '1st Edition Holofoil'],
    ['unlimited', 'Unlimited'],
    ['cosmos', 'cosmos'],
  ])('reads %s', (key, printing) => {
    expect(printingOf(key)).toBe(printing);
  });
});
