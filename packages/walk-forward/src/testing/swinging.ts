import { emptyPanel, type Panel } from '@pokewatch/fair-value';

const FIRST = 20_000;

/** Cards whose prices swing at different rhythms, with a median listing that is ahead of them. */
export function swinging(cards: number, days: number, least_price = 10): Panel {
  const facts = Array.from({ length: cards }, (_, i) => ({
    card_id: `c${i}`,
    name: `Card ${i}`,
    set_name: `Set ${i % 2}`,
    number: `${i}`,
    rarity: 'Rare',
    printing: 'Holofoil',
    language: 'english',
    currency: 'USD',
  }));
  const panel = emptyPanel(facts, FIRST, days);
  for (let cell = 0; cell < cards * days; cell++) {
    const [card, day] = [Math.floor(cell / days), cell % days];
    const price = (at: number) =>
      (least_price + card) * Math.exp(0.2 * Math.sin(at / (6 + card)) + 0.03 * Math.sin(at * 1.7 + card));
    panel.market[cell] = price(day);
    panel.mid[cell] = price(day + 4) * 1.1;
    panel.low[cell] = price(day + 2) * 0.9;
  }
  return panel;
}
