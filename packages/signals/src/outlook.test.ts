import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalBelow, normalQuantile } from './normal.ts';
import { chancesOutlook, outlookOf } from './outlook.ts';

const INPUT = { market_price: 10, fair_price: 11, lower: 8, upper: 14, p_up: 0.4, p_down: 0.05 };

const price = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
const chance = fc.double({ min: 0, max: 1, noNaN: true });
const input = fc
  .tuple(price, fc.tuple(price, price, price), chance, chance)
  .map(([market_price, three, p_up, p_down]) => {
    const [lower, fair_price, upper] = three.sort((a, b) => a - b) as [number, number, number];
    return { market_price, fair_price, lower, upper, p_up, p_down };
  });

describe('the outlook by the chances', () => {
  test('has the two chances at −10 % and +10 % of the market price', () => {
    const chances = chancesOutlook(INPUT);
    expect(normalBelow(chances.scoreOf(9))).toBeCloseTo(0.05, 6);
    expect(normalBelow(chances.scoreOf(11))).toBeCloseTo(0.6, 6);
  });
});

describe('the outlook by all that is published', () => {
  test('is the mean, in scores, of the band and the chances', () => {
    const chances = chancesOutlook(INPUT);
    const outlook = outlookOf(INPUT);
    for (const [at, share] of [
      [8, 0.1],
      [11, 0.5],
      [14, 0.9],
    ] as const)
      expect(outlook.scoreOf(at)).toBeCloseTo((normalQuantile(share) + chances.scoreOf(at)) / 2, 9);
  });

  test('is two-piece normal: halfway to an end of the band, in logs, the score of the band is half as far', () => {
    const chances = chancesOutlook(INPUT);
    const outlook = outlookOf(INPUT);
    const between = Math.sqrt(11 * 14);
    expect(2 * outlook.scoreOf(between) - chances.scoreOf(between)).toBeCloseTo(normalQuantile(0.9) / 2, 9);
  });

  test('increases in the price, and has an exact inverse', () => {
    fc.assert(
      fc.property(input, price, price, (given, a, b) => {
        for (const outlook of [outlookOf(given), chancesOutlook(given)]) {
          const [low, high] = a < b ? [a, b] : [b, a];
          expect(outlook.scoreOf(low)).toBeLessThanOrEqual(outlook.scoreOf(high));
          expect(Math.abs(Math.log(outlook.priceAt(outlook.scoreOf(a)) / a))).toBeLessThan(1e-9);
        }
      }),
    );
  });

  test('a higher chance of a rise means lower scores, a higher chance of a fall higher ones', () => {
    const at = outlookOf(INPUT).scoreOf(10);
    expect(outlookOf({ ...INPUT, p_up: 0.5 }).scoreOf(10)).toBeLessThan(at);
    expect(outlookOf({ ...INPUT, p_down: 0.1 }).scoreOf(10)).toBeGreaterThan(at);
  });

  test.each([
    { fair_price: 0 },
    { lower: Number.NaN },
    { upper: Number.POSITIVE_INFINITY },
    { market_price: -1 },
    { p_up: 1.01 },
    { p_down: -0.01 },
    { p_down: Number.NaN },
  ])('refuses %o', (part) => {
    expect(() => outlookOf({ ...INPUT, ...part })).toThrow(RangeError);
  });
});
