import type { CardRow } from '../../packages/contracts/src/index.ts';
import type { DemoCard } from '../../packages/demo-market/src/index.ts';
import { seededRandom } from '../../packages/evaluation/src/index.ts';

/** A card of the simulated catalogue: what the market has to know of it, and what is written of it. */
export interface CatalogueCard {
  readonly demo: DemoCard;
  readonly row: CardRow;
  /** Days of the window before the card's set comes out. */
  readonly absent_days: number;
  /** False for cards that nobody offers: no low, mid or high. */
  readonly listed: boolean;
}

const RARITIES = ['Common', 'Uncommon', 'Rare', 'Double Rare', 'Ultra Rare', 'Illustration Rare', 'Secret Rare'];
const SUFFIXES = ['', '', '', ' ex', ' V', ' VMAX', ' GX'];
const SPECIES = 900;
const LEAST_SET_CARDS = 40;
const SET_SPREAD_CARDS = 220;
/** Shares of sets that come out in the first half of the window, and of cards without listings. */
const NEW_SETS = 0.05;
const UNLISTED = 0.03;

/**
 * The first `count` cards of a simulated catalogue: sets of 40 to 260 cards, about 900 Pokemon, prices from cents to
 * hundreds with a median of about 4. Card `i` is the same however many are asked for.
 */
export function catalogue(count: number, days: number, run_id: string, observed_at: string): CatalogueCard[] {
  const cards: CatalogueCard[] = [];
  for (let set = 0; cards.length < count; set++) {
    const random = seededRandom(set + 1);
    const size = LEAST_SET_CARDS + Math.floor(random() * SET_SPREAD_CARDS);
    const absent_days = random() < NEW_SETS ? Math.floor((random() * days) / 2) : 0;
    for (let place = 0; place < size && cards.length < count; place++) {
      const id = `set${set}_${place + 1}_${size}`;
      const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      const printing = random() < 0.5 ? 'Holofoil' : 'Normal';
      cards.push({
        demo: { id, set: `Set ${set}`, printing, level: Math.max(0.05, Math.exp(1.4 + 1.3 * normal)) },
        row: {
          card_id: id,
          source: 'demo',
          product_id: id,
          name: `Species${Math.floor(random() * SPECIES)}${SUFFIXES[Math.floor(random() * SUFFIXES.length)]}`,
          set_name: `Set ${set}`,
          number: `${place + 1}/${size}`,
          rarity: RARITIES[Math.floor(random() * RARITIES.length)]!,
          printing,
          language: 'english',
          observed_at,
          run_id,
        },
        absent_days,
        listed: random() >= UNLISTED,
      });
    }
  }
  return cards;
}
