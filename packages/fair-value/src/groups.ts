import type { PanelCard } from './panel.ts';

/** Which group each card belongs to: `of[card]` is a number below `count`; `names[group]` says it in words. */
interface Grouping {
  readonly of: Int32Array;
  readonly count: number;
  readonly names: readonly string[];
}

/** How the cards of a panel are grouped. Currencies never mix; `market_of_set` gives each set's market. */
export interface CardGroups {
  readonly market: Grouping;
  readonly set: Grouping;
  readonly rarity: Grouping;
  readonly class: Grouping;
  readonly species: Grouping;
  readonly market_of_set: Int32Array;
}

/** Groups of all cards: by currency, by set, by rarity within the set and in all sets, and by the Pokemon on the card. */
export function cardGroups(cards: readonly PanelCard[]): CardGroups {
  const market = groupBy(cards, (card) => card.currency);
  const set = groupBy(cards, (card) => `${card.currency}|${card.language}|${card.set_name}`);
  const market_of_set = new Int32Array(set.count);
  for (let card = 0; card < cards.length; card++) market_of_set[set.of[card]!] = market.of[card]!;
  return {
    market,
    set,
    rarity: groupBy(cards, (card) => `${card.currency}|${card.language}|${card.set_name}|${card.rarity}`),
    class: groupBy(cards, (card) => `${card.currency}|${card.rarity}`),
    species: groupBy(cards, (card) => `${card.currency}|${speciesOf(card.name)}`),
    market_of_set,
  };
}

function groupBy(cards: readonly PanelCard[], key: (card: PanelCard) => string): Grouping {
  const numbers = new Map<string, number>();
  const of = new Int32Array(cards.length);
  cards.forEach((card, index) => {
    const name = key(card);
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    of[index] = number;
  });
  return { of, count: numbers.size, names: [...numbers.keys()] };
}

/** The Pokemon or trainer on a card, from its name: without number, pattern, owner and rule-box suffix. */
export function speciesOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/\s*[([].*$/, '')
    .replace(/\s+-\s+.*$/, '')
    .replace(/^.*['’]s\s+/, '')
    .replace(/^(mega|radiant|shiny|dark|light)\s+/, '')
    .replace(/\s+(ex|gx|v|vmax|vstar|break)$/, '')
    .trim();
}
