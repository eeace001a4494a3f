import { type Verdicts, VerdictsSchema } from '@pokewatch/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FEE_PROFILES } from './fees.ts';
import type { VerdictInput } from './verdict-input.ts';
import { verdicts } from './verdicts.ts';

/** A card like all others: no drift, the usual chances. */
const EVEN: VerdictInput = {
  market_price: 10,
  fair_price: 10,
  lower: 9,
  upper: 11.11,
  p_up: 0.1,
  p_down: 0.1,
  low_price: 9.5,
  horizon_days: 14,
  fees: FEE_PROFILES.tcgplayer,
  flags: [],
};
const of = (part: Partial<VerdictInput> = {}) => verdicts({ ...EVEN, ...part });
const RISING = { fair_price: 11.5, lower: 10, upper: 13, p_up: 0.7, p_down: 0.01 };
const FALLING = { fair_price: 9, lower: 8, upper: 10.1, p_up: 0.02, p_down: 0.45 };

const chance = fc.double({ min: 0, max: 1, noNaN: true });
const fees = fc.constantFrom(FEE_PROFILES.ebay, FEE_PROFILES.tcgplayer);
const inputs = (price: fc.Arbitrary<number>) =>
  fc
    .record({
      market_price: price,
      band: fc.tuple(price, price, price),
      p_up: chance,
      p_down: chance,
      low_price: fc.option(price),
      horizon_days: fc.integer({ min: 1, max: 90 }),
      fees,
    })
    .map(({ band, ...rest }): VerdictInput => {
      const [lower, fair_price, upper] = band.sort((a, b) => a - b) as [number, number, number];
      return { ...rest, lower, fair_price, upper, flags: [] };
    });
/** Prices as they are met. */
const price = fc.double({ min: 0.01, max: 1e5, noNaN: true });
const anyPrice = fc.double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE, noNaN: true });

const BUY_ORDER = { now: 0, either: 1, wait: 2, unknown: Number.NaN };
const SELL_ORDER = { later: 0, either: 1, now: 2, unknown: Number.NaN };
const FLIP_ORDER = { yes: 0, no: 1, unknown: Number.NaN };

describe('buy now or wait', () => {
  test('now where the price will probably rise, wait where it will fall, either between', () => {
    expect(of(RISING).buy).toMatchObject({ answer: 'now', at: 10 });
    expect(of(FALLING).buy).toMatchObject({ answer: 'wait', at: 10 });
    expect(of().buy).toMatchObject({ answer: 'either', at: 10, strength: 0 });
  });

  test('the price to pay is the lowest listing where that is above the market price', () => {
    expect(of({ ...RISING, low_price: 11 }).buy).toMatchObject({ answer: 'now', at: 11 });
    expect(of({ ...RISING, low_price: 13 }).buy).toMatchObject({ answer: 'wait', at: 13 });
    expect(of({ ...RISING, low_price: 13 }).buy.text).toContain(
      'Nobody sells at the market price of 10.00: the lowest listing asks 13.00.',
    );
  });

  test('a listing below the market price is not counted on, and an unknown one is told', () => {
    expect(of({ ...FALLING, low_price: 1 }).buy).toEqual(of(FALLING).buy);
    expect(of({ ...FALLING, low_price: null }).buy).toMatchObject({ answer: 'wait', at: 10 });
    expect(of({ low_price: null }).buy.text).toContain('What the listings ask is not known.');
  });

  test('says the chance, the price and the limit', () => {
    const { holds_to, strength, text } = of(RISING).buy;
    expect(text).toBe(
      `Buy now: ${Math.round((strength + 1) * 50)} % chance that it costs more than 10.00 in 14 days. Right up to ${holds_to!.toFixed(2)}.`,
    );
  });
});

describe('sell now or later', () => {
  test('follows from the chances of a fall and a rise, not from the deviation', () => {
    expect(of(FALLING).sell).toMatchObject({ answer: 'now', at: 10 });
    expect(of(RISING).sell).toMatchObject({ answer: 'later', at: 10 });
    const { answer, holds_to } = of({ p_up: 0.02, p_down: 0.45 }).sell;
    expect([answer, holds_to]).toEqual(['now', of(FALLING).sell.holds_to]);
  });

  test('an average card is neither', () => {
    expect(of({ p_up: 0.12, p_down: 0.062 }).sell).toMatchObject({ answer: 'either', strength: 0 });
  });

  test('turns where the lean of the published chances is 0.4 above that of an average card', () => {
    const lean = (p_down: number) => of({ p_up: 0.05, p_down }).sell.answer;
    // Φ⁻¹(0.05) = −1.6449; an average card leans by −0.2142, so now needs Φ⁻¹(p_down) ≥ −1.2733: p_down ≥ 0.10147.
    expect([lean(0.1014), lean(0.1016)]).toEqual(['either', 'now']);
  });

  test('a higher chance of a fall never turns now into later, a higher chance of a rise never later into now', () => {
    fc.assert(
      fc.property(inputs(price), chance, (input, other) => {
        const [less, more] = [Math.min(other, input.p_down), Math.max(other, input.p_down)];
        fc.pre(less + input.p_up < 0.9 && more + input.p_up < 0.9);
        const answer = (p_down: number) => SELL_ORDER[verdicts({ ...input, p_down }).sell.answer];
        expect(answer(less)).toBeLessThanOrEqual(answer(more));
      }),
    );
  });
});

describe('flip', () => {
  test.each([
    ['tcgplayer', 100 * 0.8725 - 0.3],
    ['ebay', 100 * 0.8675 - 0.3],
  ] as const)('by the fees of %s breaks even at %d for a fair price of 100', (profile, even) => {
    const given = { fair_price: 100, lower: 90, upper: 112, low_price: null, fees: FEE_PROFILES[profile] };
    const at = (market_price: number) => of({ ...given, market_price }).flip;
    const limit = Math.floor(even * 100) / 100;
    expect(at(limit)).toMatchObject({ answer: 'yes', holds_to: limit, fees: profile });
    expect(at(limit + 0.01)).toMatchObject({ answer: 'no', holds_to: limit });
    expect(at(50).net_pct).toBeCloseTo(even / 50 - 1, 4);
  });

  test('has a limit in whole cents, rounded down, and is judged by it', () => {
    // 10.37 × 0.8725 − 0.30 = 8.747825
    const given = { fair_price: 10.37, lower: 9, upper: 11, low_price: null };
    expect(of({ ...given, market_price: 8.74 }).flip).toMatchObject({ answer: 'yes', holds_to: 8.74 });
    expect(of({ ...given, market_price: 8.745 }).flip).toMatchObject({ answer: 'no', holds_to: 8.74 });
  });

  test('of a card that the fees eat up pays at no price', () => {
    const { flip } = of({ market_price: 0.01, fair_price: 0.3, lower: 0.2, upper: 0.4, low_price: null });
    expect(flip).toMatchObject({ answer: 'no', holds_to: 0 });
    expect(flip.text).toContain('nothing is left after the fees');
    expect(flip.text).toContain('It pays at no price.');
  });

  test('is paid at the lowest listing where that is above the market price', () => {
    const cheap = { market_price: 80, fair_price: 100, lower: 90, upper: 112 };
    expect(of({ ...cheap, low_price: 79 }).flip).toMatchObject({ answer: 'yes', at: 80 });
    expect(of({ ...cheap, low_price: 95 }).flip).toMatchObject({ answer: 'no', at: 95 });
  });
});

describe('a suspect price', () => {
  test.each(['stale', 'outlier'])('that is flagged as %s gets no advice, with the reason', (flag) => {
    const { buy, sell, flip } = of({ ...RISING, flags: ['after_gap', flag] });
    for (const verdict of [buy, sell, flip]) {
      expect(verdict).toMatchObject({ answer: 'unknown', strength: 0, holds_to: null });
      expect(verdict.text).toContain(`No advice: the price is ${flag} (`);
    }
    expect(flip.net_pct).toBeNull();
  });

  test('flagged otherwise gets its verdicts', () => {
    expect(of({ ...RISING, flags: ['after_gap', 'no_listings'] })).toEqual(of(RISING));
  });
});

describe('any verdicts', () => {
  test('turn exactly at holds_to', () => {
    fc.assert(
      fc.property(inputs(price), price, (input, low_price) => {
        const { buy, flip, sell } = verdicts({ ...input, low_price });
        expect(buy.answer === 'now').toBe(buy.at <= buy.holds_to!);
        expect(flip.answer === 'yes').toBe(flip.at <= flip.holds_to!);
        expect(sell.answer === 'now').toBe(sell.at >= sell.holds_to!);
        for (const [question, yes] of [
          ['buy', 'now'],
          ['flip', 'yes'],
        ] as const) {
          const limit = verdicts(input)[question].holds_to!;
          if (limit <= input.market_price) continue;
          const at = (low: number) => verdicts({ ...input, low_price: low })[question].answer;
          expect(at(limit)).toBe(yes);
          expect(at(limit * (1 + 1e-12))).not.toBe(yes);
        }
      }),
    );
  });

  test('a higher price to pay never makes buying or flipping better, and holds_to stays', () => {
    fc.assert(
      fc.property(inputs(price), price, price, (input, a, b) => {
        const [cheap, dear] = [Math.min(a, b), Math.max(a, b)].map((low_price) => verdicts({ ...input, low_price }));
        expect(BUY_ORDER[cheap!.buy.answer]).toBeLessThanOrEqual(BUY_ORDER[dear!.buy.answer]);
        expect(FLIP_ORDER[cheap!.flip.answer]).toBeLessThanOrEqual(FLIP_ORDER[dear!.flip.answer]);
        expect(cheap!.flip.net_pct).toBeGreaterThanOrEqual(dear!.flip.net_pct!);
        expect([dear!.buy.holds_to, dear!.flip.holds_to]).toEqual([cheap!.buy.holds_to, cheap!.flip.holds_to]);
        expect(dear!.sell).toEqual(cheap!.sell);
      }),
    );
  });

  test('a higher fair price, band and all, never makes buying or flipping worse', () => {
    fc.assert(
      fc.property(inputs(price), fc.double({ min: 1, max: 3, noNaN: true }), (input, factor) => {
        const { fair_price, lower, upper } = input;
        const better = { fair_price: fair_price * factor, lower: lower * factor, upper: upper * factor };
        const [before, after] = [verdicts(input), verdicts({ ...input, ...better })];
        expect(BUY_ORDER[after.buy.answer]).toBeLessThanOrEqual(BUY_ORDER[before.buy.answer]);
        expect(after.buy.holds_to).toBeGreaterThanOrEqual(before.buy.holds_to!);
        expect(FLIP_ORDER[after.flip.answer]).toBeLessThanOrEqual(FLIP_ORDER[before.flip.answer]);
        expect(after.flip.net_pct).toBeGreaterThanOrEqual(before.flip.net_pct!);
      }),
    );
  });

  test('are finite and fit their shape for the most extreme prices and chances', () => {
    const numbers = (all: Verdicts) =>
      Object.values(all).flatMap((one) => Object.values(one).filter((value) => typeof value === 'number'));
    fc.assert(
      fc.property(inputs(anyPrice), (input) => {
        const all = verdicts(input);
        expect(numbers(all).every(Number.isFinite)).toBe(true);
        expect(VerdictsSchema.safeParse(all).success).toBe(true);
        expect(JSON.stringify(all)).not.toMatch(/NaN|Infinity|undefined/);
      }),
      { numRuns: 500 },
    );
  });

  test('have limits in the unit of the prices, to the cent', () => {
    fc.assert(
      fc.property(inputs(fc.double({ min: 1, max: 1000, noNaN: true })), fc.constantFrom(2, 8), (input, factor) => {
        const scaled = Object.fromEntries(
          (['market_price', 'fair_price', 'lower', 'upper'] as const).map((name) => [name, input[name] * factor]),
        );
        const low_price = input.low_price === null ? null : input.low_price * factor;
        const [one, other] = [verdicts(input), verdicts({ ...input, ...scaled, low_price })];
        for (const question of ['buy', 'sell'] as const) {
          const apart = Math.abs(other[question].holds_to! - one[question].holds_to! * factor);
          expect(apart).toBeLessThan(0.0101 * (1 + factor));
        }
      }),
    );
  });
});
