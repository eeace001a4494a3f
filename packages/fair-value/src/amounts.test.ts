import { PART_GROUPS } from '@pokewatch/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apportion, logReturnOf, logReturnUnits, type Part, splitParts, tellParts, wholeCents } from './amounts.ts';

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

const price = fc.double({ min: 0.01, max: 500_000, noNaN: true }).map((value) => Math.round(value * 100) / 100);
const small = fc.double({ min: -1e-3, max: 1e-3, noNaN: true });
const large = fc.double({ min: -0.02, max: 0.02, noNaN: true });
const part = fc.record({ group: fc.constantFrom(...PART_GROUPS), log_return: fc.oneof(small, large, fc.constant(0)) });
const parts = fc.array(part, { minLength: 1, maxLength: 150 });

const fairOf = (given: readonly Part[], market: number) => market * Math.exp(total(given.map((one) => one.log_return)));

describe('apportion', () => {
  const shares = fc.array(fc.double({ min: -1e5, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 40 });

  it('gives whole parts that add up to the total, whatever the shares are', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e7, max: 1e7 }), shares, (whole, given) => {
        const split = apportion(whole, given);
        expect(split.every(Number.isInteger)).toBe(true);
        expect(total(split)).toBe(whole);
      }),
    );
  });

  it('gives the largest remainders the missing ones, the first of equal ones first', () => {
    expect(apportion(10, [3.4, 3.3, 3.3])).toEqual([4, 3, 3]);
    expect(apportion(1, [0.25, 0.25, 0.25, 0.25])).toEqual([1, 0, 0, 0]);
    expect(apportion(0, [])).toEqual([]);
  });
});

describe('the log return in units', () => {
  it('takes the market price to the fair price to the cent, for any price up to half a million', () => {
    fc.assert(
      fc.property(price, fc.double({ min: -1, max: 0.7, noNaN: true }), (market, log_return) => {
        const fair = market * Math.exp(log_return);
        const units = logReturnUnits(market, fair);
        expect(wholeCents(market * Math.exp(logReturnOf(units)))).toBe(wholeCents(fair));
        expect(Math.abs(logReturnOf(units) - Math.log(fair / market))).toBeLessThan(2.1e-8);
      }),
      { numRuns: 2000 },
    );
  });

  it('has eight decimals', () => {
    expect(logReturnOf(logReturnUnits(100, 105))).toBe(0.04879016);
  });
});

describe('splitParts', () => {
  it('follows the rule by hand: 100.00 with +10 % and −5 % in log', () => {
    // Σ = 0.05, fair = 105.13; 0.1 and −0.05 share 5.127 two to minus one: 10.254 and −5.127.
    expect(splitParts([0.1, -0.05], 100, 100 * Math.exp(0.05))).toEqual({
      units: [10_000_000, -5_000_000],
      cents: [1026, -513],
    });
  });

  it('keeps opposite parts that cancel out in sight', () => {
    expect(splitParts([0.1, -0.1], 50, 50).cents).toEqual([500, -500]);
  });

  it('shares the difference by the logarithmic mean', () => {
    expect(splitParts([Math.log(2), Math.log(2), 0], 10, 40).cents).toEqual([1500, 1500, 0]);
  });

  it('gives nothing for no parts', () => {
    expect(splitParts([], 10, 10)).toEqual({ units: [], cents: [] });
  });
});

describe('tellParts', () => {
  it('has cents that sum to fair − market and units that sum to the log return, exactly', () => {
    fc.assert(
      fc.property(parts, price, (given, market) => {
        const fair = fairOf(given, market);
        const told = tellParts(given, market, fair);
        expect([...told.order].sort((a, b) => a - b)).toEqual(given.map((_, index) => index));
        expect(total(told.cents)).toBe(wholeCents(fair) - wholeCents(market));
        expect(total(told.units)).toBe(logReturnUnits(market, fair));
        expect([...told.cents, ...told.units].every(Number.isInteger)).toBe(true);
      }),
    );
  });

  it('gives no part the wrong sign by more than a cent, and neither the rest of a group nor a group', () => {
    fc.assert(
      fc.property(parts, price, (given, market) => {
        const { order, shown, cents } = tellParts(given, market, fairOf(given, market));
        const rows = order.map((index, row) => ({ ...given[index]!, row, cents: cents[row]! }));
        const sums = PART_GROUPS.flatMap((group) => {
          const of_group = rows.filter((row) => row.group === group);
          return [of_group, of_group.filter((row) => row.row >= shown)];
        });
        for (const sum of [...rows.map((row) => [row]), ...sums]) {
          const log_return = total(sum.map((row) => row.log_return));
          const amount = total(sum.map((row) => row.cents));
          if (log_return > 1e-15) expect(amount).toBeGreaterThanOrEqual(-1);
          if (log_return < -1e-15) expect(amount).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('tells each group and part within two cents of its exact share', () => {
    fc.assert(
      fc.property(parts, price, (given, market) => {
        const fair = fairOf(given, market);
        const { order, cents } = tellParts(given, market, fair);
        const log = Math.log(fair / market);
        const worth = Math.abs(log) < 1e-9 ? market * 100 : ((fair - market) / log) * 100;
        const exact = (of: readonly number[]) => total(of.map((row) => given[order[row]!]!.log_return)) * worth;
        const rows = order.map((_, row) => [row]);
        const groups = PART_GROUPS.map((group) =>
          order.flatMap((index, row) => (given[index]!.group === group ? [row] : [])),
        );
        for (const of of [...rows, ...groups])
          expect(Math.abs(total(of.map((row) => cents[row]!)) - exact(of))).toBeLessThanOrEqual(2.001);
      }),
    );
  });

  it('tells many small parts together as what they are, although each is next to nothing', () => {
    // At 50.00 three parts of 1.9 cents and a hundred of −0.027 make 3 cents.
    const given = [...Array(3).fill(1.9), ...Array(100).fill(-0.027)].map((cents) => ({
      group: 'own' as const,
      log_return: cents / 5000,
    }));
    const { cents, shown } = tellParts(given, 50, fairOf(given, 50));
    expect([shown, cents.slice(0, 3), total(cents.slice(3))]).toEqual([3, [2, 2, 2], -3]);
  });

  it('shows up to three parts a group that count, the strongest of the strongest group first, and never one other alone', () => {
    const of = (group: Part['group'], ...log_returns: number[]) =>
      log_returns.map((log_return) => ({ group, log_return }));
    const given = [
      ...of('market', 0.004, 1e-6, 1e-6),
      ...of('listings', 0.01, -0.02, 0.03, 0.005, -0.005),
      ...of('own', -1e-5, 1e-5),
      ...of('set', 0.001, 1e-6),
    ];
    const { order, shown } = tellParts(given, 100, fairOf(given, 100));
    const told = order.slice(0, shown).map((index) => [given[index]!.group, given[index]!.log_return]);
    expect(told).toEqual([
      ['listings', 0.03],
      ['listings', -0.02],
      ['listings', 0.01],
      ['market', 0.004],
      ['set', 0.001],
      ['set', 1e-6],
    ]);
  });

  it('is the same for the same parts, whatever stood between them', () => {
    fc.assert(
      fc.property(parts, price, (given, market) => {
        const fair = fairOf(given, market);
        const first = tellParts(given, market, fair);
        expect(tellParts([...given], market, fair)).toEqual(first);
        const byGroup = PART_GROUPS.flatMap((group) => given.filter((one) => one.group === group));
        const again = tellParts(byGroup, market, fair);
        const told = (of: readonly Part[], { order }: { order: readonly number[] }) => order.map((index) => of[index]);
        // Sums of the same numbers in another order differ in the last bit: groups as strong as each other may swap.
        expect(new Set(told(byGroup, again).slice(0, again.shown))).toEqual(
          new Set(told(given, first).slice(0, first.shown)),
        );
      }),
    );
  });
});
