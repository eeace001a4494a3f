import type { Signal } from '@pokewatch/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wilsonInterval } from '../wilson.ts';
import {
  accuracyOf,
  type CallOutcomes,
  type PublishedCalls,
  signalDistribution,
  signalKpis,
  signalStability,
} from './index.ts';

interface Call {
  readonly card: number;
  readonly day: number;
  readonly signal: Signal;
  /** Realised return as a fraction; undefined while it is open, null where there was no price. */
  readonly change?: number | null;
  readonly fair?: number;
}

function made(given: readonly Call[], days = 7): { calls: PublishedCalls; outcomes: CallOutcomes; rows: number[] } {
  const list = given.toSorted((a, b) => a.card - b.card || a.day - b.day);
  const column = (of: (call: Call) => number) => Float64Array.from(list, of);
  const calls = {
    rows: list.length,
    card: column(({ card }) => card),
    day: column(({ day }) => day),
    market: column(() => 10),
    fair: column(({ fair = 10 }) => fair),
    lower: column(() => 9),
    upper: column(() => 11),
    signal: list.map(({ signal }) => signal),
  };
  const outcomes = {
    days,
    state: list.map(({ change }) => (change === undefined ? 'open' : change === null ? 'no_price' : 'judged')),
    realised: column(({ change }) => (typeof change === 'number' ? Math.log(1 + change) : Number.NaN)),
  } satisfies CallOutcomes;
  return { calls, outcomes, rows: list.map((_, row) => row) };
}

const kpis = (list: readonly Call[]) => {
  const { calls, outcomes, rows } = made(list);
  const [buy, sell] = signalKpis(calls, outcomes, rows);
  return { buy: buy!, sell: sell! };
};

describe('precision and recall', () => {
  const list: Call[] = [
    { card: 0, day: 1, signal: 'BUY', change: 0.2 },
    { card: 1, day: 1, signal: 'BUY', change: 0.1 },
    { card: 2, day: 1, signal: 'BUY', change: 0.05 },
    { card: 3, day: 1, signal: 'HOLD', change: 0.3 },
    { card: 4, day: 1, signal: 'HOLD', change: 0 },
    { card: 5, day: 1, signal: 'SELL', change: -0.1 },
    { card: 6, day: 1, signal: 'SELL', change: 0.1 },
    { card: 7, day: 1, signal: 'HOLD', change: -0.5 },
  ];

  it('are counted by hand', () => {
    const { buy, sell } = kpis(list);
    expect(buy.precision).toMatchObject({ value: 2 / 3, n: 3, base_rate: 4 / 8 });
    expect(buy.recall).toMatchObject({ value: 2 / 4, n: 4, base_rate: 3 / 8 });
    expect(sell.precision).toMatchObject({ value: 1 / 2, n: 2, base_rate: 2 / 8 });
    expect(sell.recall).toMatchObject({ value: 1 / 2, n: 2, base_rate: 2 / 8 });
    expect(buy.states).toEqual({ judged: 3, open: 0, no_price: 0 });
  });

  it('have Wilson’s interval while there are too few days', () => {
    const { precision } = kpis(list).buy;
    const { lower, upper } = wilsonInterval(2, 3, 1.6448536269514722);
    expect(precision.interval).toBe('wilson');
    expect(precision.lower).toBeCloseTo(lower, 12);
    expect(precision.upper).toBeCloseTo(upper, 12);
  });

  it('of calls that say the same of one card day by day are no surer than of one', () => {
    const once = kpis(list).buy.precision;
    const each_day = kpis(list.flatMap((call) => [7, 8, 9, 10].map((day) => ({ ...call, day })))).buy.precision;
    expect(each_day.n).toBe(4 * once.n);
    expect([each_day.lower, each_day.upper]).toEqual([once.lower, once.upper]);
  });

  it('have a bootstrap’s interval when there are days enough', () => {
    const days = Array.from({ length: 120 }, (_, day) => day);
    const { precision } = kpis(
      days.flatMap((day) => [
        { card: 0, day, signal: 'BUY' as const, change: Math.sin(day / 9) > 0.2 ? 0.2 : 0 },
        { card: 1, day, signal: 'HOLD' as const, change: 0 },
      ]),
    ).buy;
    expect(precision.interval).toBe('bootstrap');
    expect(precision.lower).toBeLessThan(precision.value!);
    expect(precision.upper).toBeGreaterThan(precision.value!);
  });

  it('are not told where there is none', () => {
    const { buy } = kpis([{ card: 0, day: 1, signal: 'HOLD', change: 0.01 }]);
    expect(buy.precision).toEqual({ value: null, n: 0, lower: null, upper: null, interval: null, base_rate: 0 });
  });
});

const call = fc.record({
  card: fc.integer({ min: 0, max: 4 }),
  day: fc.integer({ min: 0, max: 60 }),
  signal: fc.constantFrom<Signal>('BUY', 'SELL', 'HOLD'),
  change: fc.oneof(fc.double({ min: -0.4, max: 0.6, noNaN: true }), fc.constant(null)),
  fair: fc.double({ min: 5, max: 20, noNaN: true }),
});
const distinct = (list: readonly Call[]) => [...new Map(list.map((one) => [`${one.card}/${one.day}`, one])).values()];

describe('an open call', () => {
  it('counts nowhere but among the open ones', () => {
    fc.assert(
      fc.property(
        fc.array(call, { minLength: 1, maxLength: 60 }),
        fc.array(call, { maxLength: 20 }),
        (closed, more) => {
          const list = distinct(closed);
          // Cards of their own, on the same days: whether neighbours are compared must not matter here.
          const open = distinct(more).map(({ change: _, ...one }) => ({ ...one, card: one.card + 100 }));
          const told = (all: readonly Call[]) => {
            const { calls, outcomes, rows } = made(all);
            const signals = signalKpis(calls, outcomes, rows).map(({ states: _, ...figures }) => figures);
            return { signals, ...accuracyOf(calls, outcomes, rows, 7) };
          };
          expect(told([...list, ...open])).toEqual(told(list));
        },
      ),
    );
  });
});

describe('errors', () => {
  it('are those of the fair price beside those of no change', () => {
    const { calls, outcomes, rows } = made([
      { card: 0, day: 1, signal: 'BUY', change: 0.25, fair: 11 },
      { card: 1, day: 1, signal: 'HOLD', change: 0, fair: 10 },
      { card: 2, day: 1, signal: 'HOLD' },
    ]);
    const { mape, rmse, coverage } = accuracyOf(calls, outcomes, rows, 14);
    expect(mape.value).toBeCloseTo(1.5 / 12.5 / 2, 12);
    expect(mape.base_rate).toBeCloseTo(2.5 / 12.5 / 2, 12);
    expect(rmse.value).toBeCloseTo(Math.sqrt(1.5 ** 2 / 2), 12);
    expect(rmse.base_rate).toBeCloseTo(Math.sqrt(2.5 ** 2 / 2), 12);
    expect(coverage).toMatchObject({ value: 0.5, n: 2, base_rate: 0.8, interval: 'wilson' });
  });
});

describe('signals', () => {
  const list: Call[] = [
    { card: 0, day: 1, signal: 'BUY', change: 0.2 },
    { card: 0, day: 2, signal: 'BUY', change: 0.2 },
    { card: 0, day: 3, signal: 'SELL', change: 0 },
    { card: 0, day: 11, signal: 'BUY' },
    { card: 1, day: 1, signal: 'HOLD', change: 0 },
    { card: 1, day: 8, signal: 'HOLD', change: -0.2 },
  ];
  const { calls, outcomes, rows } = made(list);

  it('are shared out over all calls, the open ones too, beside what prices did', () => {
    const found = signalDistribution(calls, outcomes, rows);
    expect(found.map(({ signal, share }) => [signal, share.value, share.n, share.base_rate])).toEqual([
      ['BUY', 3 / 6, 6, 2 / 5],
      ['SELL', 1 / 6, 6, 1 / 5],
      ['HOLD', 2 / 6, 6, 2 / 5],
    ]);
  });

  it('are steady when they are the same as the card’s call before, at most a week before', () => {
    const { same, reversed } = signalStability(calls, rows);
    expect(same).toMatchObject({ value: 2 / 3, n: 3 });
    expect(same.base_rate).toBeCloseTo((3 / 6) ** 2 + (1 / 6) ** 2 + (2 / 6) ** 2, 12);
    expect(reversed).toMatchObject({ value: 1 / 3, n: 3 });
    expect(reversed.base_rate).toBeCloseTo(2 * (3 / 6) * (1 / 6), 12);
  });
});
