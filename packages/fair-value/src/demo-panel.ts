import { emptyPanel, type Panel, type PanelCard } from './panel.ts';

/** How a made-up panel is to look; all numbers have defaults. `listings` false leaves low, mid and high out. */
export interface DemoOptions {
  readonly cards?: number;
  readonly days?: number;
  readonly sets?: number;
  readonly seed?: number;
  readonly listings?: boolean;
  readonly currency?: string;
}

const FIRST_DAY = 20_000;
const RARITIES = ['Double Rare', 'Ultra Rare', 'Illustration Rare'];
const SPECIES = ['Pikachu', 'Charizard ex', 'Mew', "Erika's Oddish", 'Iono'];

/**
 * A made-up market for tests: sets drift for weeks at a time, and each card is drawn to what its sellers ask (`mid`),
 * which knows where it is going a little earlier than the market price does. So listings and set momentum foretell
 * something, and the recent mean does not. The same options give the same prices.
 */
export function demoPanel(options: DemoOptions = {}): Panel {
  const { cards = 60, days = 200, sets = 4, seed = 1, listings = true, currency = 'USD' } = options;
  const random = lehmer(seed);
  const noise = () => (random() + random() + random() + random() - 2) * 1.7;
  const panel = emptyPanel(
    Array.from({ length: cards }, (_, card) => demoCard(card, sets, currency)),
    FIRST_DAY,
    days,
  );
  const drift = Array.from({ length: sets }, () => 0);
  const ask = panel.cards.map(() => Math.log(3) + 3 * random());
  const quote = ask.map((value) => value - 0.1);
  for (let t = 0; t < days; t++) {
    for (let set = 0; set < sets; set++) drift[set] = 0.97 * drift[set]! + 0.0012 * noise();
    for (let card = 0; card < cards; card++) {
      ask[card] = ask[card]! + drift[card % sets]! + 0.012 * noise();
      quote[card] = quote[card]! + 0.07 * (ask[card]! - 0.1 - quote[card]!) + 0.012 * noise();
      const cell = card * days + t;
      if (random() < 0.02) continue;
      panel.market[cell] = cents(quote[card]!);
      if (!listings) continue;
      panel.mid[cell] = cents(ask[card]! + 0.01 * noise());
      panel.low[cell] = cents(ask[card]! - 0.3 + 0.05 * noise());
      panel.high[cell] = cents(ask[card]! + 1);
    }
  }
  return panel;
}

function demoCard(card: number, sets: number, currency: string): PanelCard {
  return {
    card_id: `demo-${card}`,
    name: `${SPECIES[card % SPECIES.length]} - ${card}/100`,
    set_name: `Set ${card % sets}`,
    number: `${card}/100`,
    rarity: RARITIES[Math.floor(card / sets) % RARITIES.length]!,
    printing: 'Holofoil',
    language: 'en',
    currency,
  };
}

function cents(log_price: number): number {
  return Math.round(100 * Math.exp(log_price)) / 100;
}

/** Numbers from 0 to below 1 that depend on the seed only (Park and Miller 1988). */
function lehmer(seed: number): () => number {
  let state = (Math.abs(Math.trunc(seed)) % 2147483646) + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return (state - 1) / 2147483646;
  };
}
