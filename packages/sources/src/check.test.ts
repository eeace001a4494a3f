import { type Fake, startFake } from '@pokewatch/fake-source';
import { afterEach, describe, expect, it } from 'vitest';
import { checkCards, judgeCard } from './check.ts';
import { createSource, SOURCE_NAMES } from './registry.ts';
import { CARDS, cardOf, testTools } from './testing/tools.ts';

const CARD = cardOf('sv03.5-199-charizard-ex');
let fake: Fake | undefined;
afterEach(() => fake?.close());

async function sourceOn(name: string) {
  const { clock } = testTools({});
  fake =
    name === 'demo'
      ? undefined
      : await startFake(name, { cards: CARDS, clock, modes: name === 'pokemon-price-tracker' ? { plan: 'api' } : {} });
  return createSource(name, testTools(fake === undefined ? {} : { [fake.setting]: fake.url }));
}

describe('checkCards', () => {
  it.each(SOURCE_NAMES)('finds nothing wrong with the 40 cards at %s', async (name) => {
    const checks = await checkCards(await sourceOn(name), CARDS);
    expect(checks.filter((check) => check.verdict !== 'ok')).toEqual([]);
    expect(checks).toHaveLength(40);
  });

  it.each(SOURCE_NAMES)('answers for its known item at %s', async (name) => {
    const source = await sourceOn(name);
    expect(await checkCards(source, [source.knownItem])).toMatchObject([{ verdict: 'ok' }]);
  });

  it.each(['tcgcsv', 'pokemon-price-tracker'])('names a mapping to another card at %s', async (name) => {
    const wrong = { ...CARD, ids: { ...CARD.ids, tcgplayer: 517046 } };
    const [check] = await checkCards(await sourceOn(name), [wrong]);
    expect(check).toMatchObject({ verdict: 'suspect' });
    expect(check!.reasons.slice(0, 2)).toEqual([
      'name differs: Blastoise ex - 200/165 at the source',
      'number differs: 200/165 at the source',
    ]);
  });

  it.each(['tcgcsv', 'pokemon-price-tracker', 'tcgdex'])(
    'names a card that is not there, and one without an id, at %s',
    async (name) => {
      const gone = { ...CARD, ids: { ...CARD.ids, tcgplayer: 1, tcgdex: 'sv03.5-999' } };
      const checks = await checkCards(await sourceOn(name), [gone, { ...CARD, id: 'without', ids: {} }]);
      expect(checks).toMatchObject([{ verdict: 'suspect', reasons: ['not found'] }, { verdict: 'skipped' }]);
    },
  );
});

describe('judgeCard', () => {
  const judge = (finding: object, card = CARD) =>
    judgeCard(card, { card_id: card.id, found: true, ...finding }).reasons;

  it('passes over what the source does not say', () => {
    expect(judge({})).toEqual([]);
    expect(judge({ price: null })).toEqual([]);
  });

  it.each([
    ['Charizard ex - 199/165', 'Charizard ex'],
    ['CHARIZARD EX', 'Charizard ex'],
    ['N’s Zoroark ex', "N's Zoroark ex"],
    ['Latias and Latios GX', 'Latias & Latios GX (Alternate Full Art)'],
    ['Pokémon Center', 'Pokemon Center'],
    ['Dragonite (Master Ball Pattern)', 'Dragonite (Master Ball Pattern)'],
  ])('takes %s for %s', (said, watched) => {
    expect(judge({ name: said }, { ...CARD, name: watched })).toEqual([]);
  });

  it.each([
    ['Charizard', 'Charizard ex'],
    ['Magikarp', 'Magikarp (Master Ball Pattern)'],
    ['Magikarp (Poke Ball Pattern)', 'Magikarp (Master Ball Pattern)'],
  ])('does not take %s for %s', (said, watched) => {
    expect(judge({ name: said }, { ...CARD, name: watched })).toEqual([`name differs: ${said} at the source`]);
  });

  it('compares numbers without leading zeros and with the total only when both have one', () => {
    expect(judge({ number: '4/102' }, { ...CARD, number: '004/102' })).toEqual([]);
    expect(judge({ number: '199' })).toEqual([]);
    expect(judge({ number: '199/198' })).toEqual(['number differs: 199/198 at the source']);
  });

  it('wants the printing, and a price within a factor of four of the level', () => {
    expect(judge({ printings: ['Normal', 'Reverse Holofoil'] })).toEqual([
      'no printing Holofoil: Normal, Reverse Holofoil at the source',
    ]);
    expect(judge({ price: CARD.level_usd * 3.9 })).toEqual([]);
    expect(judge({ price: 20.55 })).toEqual(['price implausible: 20.55 against a level of 432.58']);
  });
});
