import type { Trade } from './trade.ts';

export interface PortfolioOptions {
  /** Most trades that are open at a time. Each takes 1 / slots of the starting capital; gains are not put to work. */
  readonly slots: number;
  /** First and last epoch day of the curve. */
  readonly from_day: number;
  readonly to_day: number;
  /** Market price of a card as known on a day, to value what is not sold yet. */
  readonly price_of: (card: number, day: number) => number;
  /** What a sale at a price leaves after fees. */
  readonly net_of: (price: number) => number;
}

/**
 * A purse of limited size. `equity` is its worth at the end of each day as a multiple of its start, as if everything were
 * sold that day, net of fees; `turnover` the sum of all purchases over its mean worth; `draw_down` the deepest fall
 * from an earlier height, a fraction.
 */
export interface Portfolio {
  readonly taken: readonly Trade[];
  readonly equity: readonly number[];
  readonly turnover: number;
  readonly draw_down: number;
}

interface Holding {
  readonly trade: Trade;
  /** Value per unit of price paid: cards are bought in fractions, so that stakes are equal. */
  readonly stake: number;
}

/**
 * Takes trades day by day as money allows: first the sales of the day, then purchases, the strongest first, ties by card.
 * A card that is held is not bought again, and what does not fit in is passed over.
 */
export function runPortfolio(trades: readonly Trade[], options: PortfolioOptions): Portfolio {
  const { slots, from_day, to_day, price_of, net_of } = options;
  const stake = 1 / slots;
  const offered = Map.groupBy(trades, (trade) => trade.day);
  const taken: Trade[] = [];
  const equity: number[] = [];
  let held: Holding[] = [];
  let cash = 1;
  for (let day = from_day; day <= to_day; day++) {
    for (const { trade, stake } of held) if (trade.sale_day <= day) cash += stake * (1 + trade.net);
    held = held.filter(({ trade }) => trade.sale_day > day);
    const cards = new Set(held.map(({ trade }) => trade.card));
    for (const trade of byStrength(offered.get(day) ?? [])) {
      // A hair of tolerance: twenty times 1/20 is not quite 1.
      if (held.length >= slots || cash < stake * (1 - 1e-9)) break;
      if (cards.has(trade.card)) continue;
      cash -= stake;
      held.push({ trade, stake });
      cards.add(trade.card);
      taken.push(trade);
    }
    const worth = held.map(({ trade, stake }) => (stake * net_of(price_of(trade.card, day))) / trade.price);
    equity.push(worth.reduce((sum, value) => sum + value, cash));
  }
  const mean = equity.reduce((sum, value) => sum + value, 0) / equity.length;
  return { taken, equity, turnover: mean > 0 ? (taken.length * stake) / mean : 0, draw_down: drawDown(equity) };
}

function byStrength(trades: readonly Trade[]): Trade[] {
  return [...trades].sort((a, b) => b.strength - a.strength || a.card - b.card);
}

/** The deepest fall of a curve from an earlier height (at least its start, 1), as a fraction of that height. */
export function drawDown(equity: readonly number[]): number {
  let height = 1;
  let deepest = 0;
  for (const value of equity) {
    height = Math.max(height, value);
    deepest = Math.max(deepest, 1 - value / height);
  }
  return deepest;
}
