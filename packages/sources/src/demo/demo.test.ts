import { describe, expect, it } from 'vitest';
import { createSource } from '../registry.ts';
import type { DayRange, PriceDraft } from '../source.ts';
import { CARDS, cardOf, fetchPart, testTools } from '../testing/tools.ts';

async function collect(
  env: Record<string, string>,
  today: string,
  have: Map<string, DayRange> = new Map(),
  cards = CARDS,
) {
  const source = createSource('demo', testTools(env, `${today}T09:00:00Z`));
  const parts = source.parts({ today, cards, have });
  const results = [];
  for (const part of parts) results.push(await fetchPart(part));
  return {
    parts,
    prices: results.flatMap((result) => result.prices),
    cards: results.flatMap((result) => result.cards),
  };
}

const sorted = (rows: readonly PriceDraft[]) => rows.map((row) => JSON.stringify(row)).sort();

describe('demo', () => {
  it('gives the 40 cards up to today, as many days back as it is told', async () => {
    const { prices, cards } = await collect({ POKEWATCH_DEMO_DAYS: '90' }, '2026-11-21');
    expect(new Set(prices.map((row) => row.card_id)).size).toBe(40);
    expect(cards).toHaveLength(40);
    const days = [...new Set(prices.map((row) => row.price_date))].sort();
    expect(days[0]! >= '2026-08-24').toBe(true);
    expect(days.at(-1)! <= '2026-11-21').toBe(true);
    expect(days.length).toBeGreaterThan(80);
    expect(prices.every((row) => row.source === 'demo' && row.observed_at.startsWith(row.price_date))).toBe(true);
  });

  it('is the same for everybody with the same seed, and another with another', async () => {
    const env = { POKEWATCH_DEMO_DAYS: '60' };
    const one = await collect(env, '2026-11-21');
    expect(sorted((await collect(env, '2026-11-21')).prices)).toEqual(sorted(one.prices));
    expect(sorted((await collect({ ...env, POKEWATCH_DEMO_SEED: 'x' }, '2026-11-21')).prices)).not.toEqual(
      sorted(one.prices),
    );
  });

  it('adds a day each day and changes none: collected day by day or at once, it is the same', async () => {
    const env = { POKEWATCH_DEMO_DAYS: '60' };
    const first = await collect(env, '2026-11-19');
    const from = '2026-09-21';
    const have = (through: string) => new Map(CARDS.map((card) => [card.id, { from, through }]));
    const second = await collect(env, '2026-11-20', have('2026-11-19'));
    const third = await collect(env, '2026-11-21', have('2026-11-20'));
    const atOnce = await collect({ POKEWATCH_DEMO_DAYS: '62' }, '2026-11-21');
    expect(sorted([...first.prices, ...second.prices, ...third.prices])).toEqual(sorted(atOnce.prices));
    expect(third.parts).toHaveLength(1);
  });

  it('gives a card that joins the watch-list its whole history, and the others only what is new', async () => {
    const have = new Map(CARDS.slice(1).map((card) => [card.id, { from: '2026-09-23', through: '2026-11-20' }]));
    const { prices } = await collect({ POKEWATCH_DEMO_DAYS: '60' }, '2026-11-21', have);
    const counts = Map.groupBy(prices, (row) => row.card_id);
    expect(counts.get(CARDS[0]!.id)!.length).toBeGreaterThan(50);
    expect(Math.max(...CARDS.slice(1).map((card) => counts.get(card.id)?.length ?? 0))).toBeLessThanOrEqual(2);
  });

  it('has nothing to do when everything is there', async () => {
    const have = new Map(CARDS.map((card) => [card.id, { from: '2020-01-01', through: '2026-11-21' }]));
    expect((await collect({}, '2026-11-21', have)).parts).toEqual([]);
  });

  it('quotes a card in its own currency, language and condition', async () => {
    const card = { ...cardOf('sv2a_151_mew_ex___205_165'), currency: 'EUR' as const };
    const { prices } = await collect({ POKEWATCH_DEMO_DAYS: '30' }, '2026-11-21', new Map(), [card]);
    expect(prices[0]).toMatchObject({ currency: 'EUR', language: 'japanese', condition: 'Near Mint' });
  });
});
