import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdAll, runPortfolio, summariseTrades, type Trade, tradeOf } from '../index.ts';
import { drawDown } from './portfolio.ts';

const tenPerCent = (price: number) => price * 0.9;

describe('a trade', () => {
  it('leaves what the sale leaves after fees over the price paid, less 1', () => {
    const trade = tradeOf({ card: 0, day: 0, price: 10, strength: 1 }, { day: 14, price: 12 }, tenPerCent);
    expect(trade.net).toBeCloseTo(0.08, 12);
  });

  it('is never better for higher fees', () => {
    fc.assert(
      fc.property(price(), price(), rate(), rate(), (paid, sold, one, other) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        const net = (fee: number) =>
          tradeOf({ card: 0, day: 0, price: paid, strength: 0 }, { day: 1, price: sold }, (p) => p * (1 - fee)).net;
        expect(net(high)).toBeLessThanOrEqual(net(low));
      }),
    );
  });
});

describe('summariseTrades', () => {
  const trades = [0.2, -0.1, -0.3, 0.4, -0.2].map((net, day) => ({ ...bought(0, day, 1), net }));

  it('counts gains, mean and median', () => {
    const { n, won, mean, median } = summariseTrades(trades, 14);
    expect([n, won, median]).toEqual([5, 0.4, -0.1]);
    expect(mean.value).toBeCloseTo(0, 12);
    expect(mean.lower).toBeNull();
  });

  it('says nothing of no trades', () => {
    expect(summariseTrades([], 14)).toMatchObject({ n: 0, won: null, median: null, mean: { value: null, n: 0 } });
  });
});

describe('runPortfolio', () => {
  // Two slots, so a stake is one half; fees are a tenth of a sale.
  const offers: readonly (readonly [
    card: number,
    day: number,
    paid: number,
    strength: number,
    sale: number,
    sold: number,
  ])[] = [
    [0, 0, 10, 3, 2, 12],
    [1, 0, 20, 2, 2, 16],
    [2, 0, 5, 1, 2, 50], // the weakest of its day: both slots are taken
    [3, 1, 5, 9, 3, 50], // the next day they still are
    [2, 2, 5, 2, 3, 5],
    [3, 2, 5, 1, 3, 50], // a slot is free, but 0.4 is left of 0.9: not enough for a stake
  ];
  const trades = offers.map(([card, day, paid, strength, sale_day, sold]) =>
    tradeOf({ card, day, price: paid, strength }, { day: sale_day, price: sold }, tenPerCent),
  );
  const prices = [
    [10, 11, 12, 12],
    [20, 20, 16, 16],
    [5, 5, 5, 5],
    [5, 5, 5, 5],
  ];
  const run = runPortfolio(trades, {
    slots: 2,
    from_day: 0,
    to_day: 3,
    price_of: (card, day) => prices[card]![day]!,
    net_of: tenPerCent,
  });

  it('takes the strongest that slots and money allow', () => {
    expect(run.taken.map(({ card, day }) => [card, day])).toEqual([
      [0, 0],
      [1, 0],
      [2, 2],
    ]);
  });

  it('is worth what a sale of everything would leave, day by day', () => {
    // Day 0: 0.5 × 9/10 + 0.5 × 18/20. Day 1: 0.5 × 9.9/10 + 0.45. Day 2: sales 0.54 + 0.36, less 0.5, plus 0.5 × 4.5/5.
    expect(run.equity.map((value) => Number(value.toFixed(9)))).toEqual([0.9, 0.945, 0.85, 0.85]);
  });

  it('says how deep it fell and how often the money was turned over', () => {
    expect(run.draw_down).toBeCloseTo(0.15, 12);
    expect(run.turnover).toBeCloseTo(1.5 / ((0.9 + 0.945 + 0.85 + 0.85) / 4), 12);
  });

  it('never holds more than its slots, a card twice, or what it cannot pay', () => {
    fc.assert(
      fc.property(fc.array(anyTrade(), { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), (all, slots) => {
        const { taken, equity } = flat(all, slots);
        for (let day = 0; day <= 40; day++) {
          const open = taken.filter((trade) => trade.day <= day && trade.sale_day > day);
          expect(open.length).toBeLessThanOrEqual(slots);
          expect(new Set(open.map((trade) => trade.card)).size).toBe(open.length);
        }
        for (const value of equity) expect(value).toBeGreaterThanOrEqual(-1e-9);
      }),
    );
  });

  it('does not know how a trade will end before it ends', () => {
    fc.assert(
      fc.property(
        fc.array(anyTrade(), { maxLength: 60 }),
        fc.nat(40),
        fc.double({ min: -1, max: 3, noNaN: true }),
        (all, today, net) => {
          const other = all
            .map((trade) => (trade.sale_day > today ? { ...trade, net } : trade))
            .filter((trade) => trade.day <= today);
          const [whole, cut] = [flat(all, 3), flat(other, 3)];
          const upToday = (one: readonly Trade[]) =>
            one.filter(({ day }) => day <= today).map(({ card, day }) => [card, day]);
          expect(upToday(cut.taken)).toEqual(upToday(whole.taken));
          expect(cut.equity.slice(0, today + 1)).toEqual(whole.equity.slice(0, today + 1));
        },
      ),
    );
  });

  it('is never worth more for higher fees when it makes the same trades', () => {
    fc.assert(
      fc.property(fc.array(anyTrade(), { maxLength: 30 }), rate(), (all, fee) => {
        const net_of = (value: number) => value * (1 - fee);
        const charged = all.map((trade) => tradeOf(trade, { day: trade.sale_day, price: trade.sale_price }, net_of));
        const free = all.map((trade) => tradeOf(trade, { day: trade.sale_day, price: trade.sale_price }, (p) => p));
        // As many slots as trades: money never runs out before the trades do, unless fees ate it.
        const [paying, not] = [flat(charged, 100, net_of), flat(free, 100)];
        fc.pre(paying.taken.length === not.taken.length);
        for (const [day, value] of paying.equity.entries()) expect(value).toBeLessThanOrEqual(not.equity[day]! + 1e-12);
      }),
    );
  });
});

describe('holdAll', () => {
  const prices = [
    [10, 12, 6],
    [100, 90, 150],
  ];
  const held = holdAll([0, 1], 5, 7, (card, day) => prices[card]![day - 5]!);

  it('is the mean of what each card became, without rebalancing', () => {
    expect(held.index.map((value) => Number(value.toFixed(12)))).toEqual([1, 1.05, 1.05]);
    expect(held.netEnd(tenPerCent)).toBeCloseTo(1.05 * 0.9, 12);
    expect(held.draw_down).toBe(0);
  });
});

describe('drawDown', () => {
  it('is the deepest fall from an earlier height, and from the start', () => {
    expect(drawDown([1.2, 1.5, 0.9, 1.6, 1.4])).toBeCloseTo(0.4, 12);
    expect(drawDown([0.8, 0.9])).toBeCloseTo(0.2, 12);
    expect(drawDown([])).toBe(0);
  });
});

function bought(card: number, day: number, paid: number): Trade {
  return { card, day, price: paid, strength: 0, sale_day: day + 14, sale_price: paid, net: 0 };
}

function price() {
  return fc.double({ min: 0.01, max: 1e5, noNaN: true });
}

function rate() {
  return fc.double({ min: 0, max: 0.5, noNaN: true });
}

/** A trade of one of a few cards within forty days, at prices around 10. */
function anyTrade(): fc.Arbitrary<Trade> {
  return fc
    .record({
      card: fc.nat(6),
      day: fc.nat(30),
      held: fc.integer({ min: 1, max: 10 }),
      sold: fc.double({ min: 1, max: 30, noNaN: true }),
      strength: fc.nat(5),
    })
    .map(({ card, day, held, sold, strength }) =>
      tradeOf({ card, day, price: 10, strength }, { day: day + held, price: sold }, tenPerCent),
    );
}

/** A run in which the price stays at 10 until it is sold. */
function flat(trades: readonly Trade[], slots: number, net_of = (value: number) => value) {
  return runPortfolio(trades, { slots, from_day: 0, to_day: 40, price_of: () => 10, net_of });
}
