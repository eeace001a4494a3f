import fc from 'fast-check';
import { expect, test } from 'vitest';
import { priceText, rounded } from './figures.ts';

/** Any figure, and those at and beside the halves where rounding turns. */
const figure = fc.oneof(
  fc.double({ noNaN: true }),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc
    .tuple(
      fc.integer({ min: -1e7, max: 1e7 }),
      fc.constantFrom(1, 10, 100, 1000, 10_000),
      fc.integer({ min: -3, max: 3 }),
    )
    .map(([whole, scale, steps]) => ((whole + 0.5) / scale) * (1 + steps * Number.EPSILON)),
);
const cents = fc.integer({ min: 0, max: 1e9 }).map((whole) => whole / 100);

test('a figure is rounded as its exact decimal is', () => {
  fc.assert(
    fc.property(figure, fc.constantFrom(0, 2, 3, 4), (value, decimals) => {
      const finite = Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
      expect(rounded(value, decimals)).toBe(Number(finite.toFixed(decimals)) + 0);
    }),
    { numRuns: 5000 },
  );
  expect(rounded(Number.POSITIVE_INFINITY, 3)).toBe(Number.MAX_VALUE);
  // 1.005 is a little less than its name says, and 2.5 a half.
  expect([rounded(1.005, 2), rounded(2.5, 0), rounded(-0.4, 0)]).toEqual([1, 3, 0]);
});

test('a price is written with two decimals, and with two digits below a cent', () => {
  fc.assert(
    fc.property(fc.oneof(cents, fc.double({ min: 0.01, max: 1e20, noNaN: true })), (price) => {
      expect(priceText(price)).toBe(price.toFixed(2));
    }),
    { numRuns: 5000 },
  );
  expect([0, 0.01, 0.1, 12.3, 1234.56, 0.005, 0.00123].map(priceText)).toEqual([
    '0.00',
    '0.01',
    '0.10',
    '12.30',
    '1234.56',
    '0.0050',
    '0.0012',
  ]);
});
