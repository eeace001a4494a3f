import { epochDay } from '@pokewatch/core';
import { emptyPanel, type Panel } from '@pokewatch/fair-value';
import { ledMarket } from '@pokewatch/store/testing';

/** A market in memory whose median listings lead its prices by some days; it starts on 2025-01-01. */
export function ledPanel(cards: number, days: number, seed: number): Panel & { readonly flags: Uint16Array } {
  const series = ledMarket(cards, days, seed);
  const facts = series.map(({ card_id, set_name }) => ({
    card_id,
    name: card_id,
    set_name,
    number: '1',
    rarity: 'Rare',
    printing: 'Holofoil',
    language: 'english',
    currency: 'USD',
  }));
  const panel = emptyPanel(facts, epochDay('2025-01-01'), days);
  for (const [card, { market, mid }] of series.entries()) {
    panel.market.set(market, card * days);
    panel.mid.set(mid, card * days);
    panel.low.set(
      mid.map((price) => price * 0.85),
      card * days,
    );
  }
  return { ...panel, flags: new Uint16Array(cards * days) };
}
