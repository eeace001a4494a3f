import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apportion, roundPrice } from './cents.ts';

const shares = fc.array(fc.double({ min: -1e5, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 40 });

test('parts of a total are whole and add up to it, whatever the shares are', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e7, max: 1e7 }), shares, (total, given) => {
      const parts = apportion(total, given);
      expect(parts.every(Number.isInteger)).toBe(true);
      expect(parts.reduce((a, b) => a + b, 0)).toBe(total);
    }),
  );
});

test('parts are within a cent of shares that add up to the total', () => {
  fc.assert(
    fc.property(shares, (given) => {
      const total = Math.round(given.reduce((a, b) => a + b, 0));
      const parts = apportion(total, given);
      parts.forEach((part, index) => {
        expect(Math.abs(part - given[index]!)).toBeLessThanOrEqual(2);
      });
    }),
  );
});

test('the largest remainders get the missing cents, the first of equal ones first', () => {
  expect(apportion(10, [3.4, 3.3, 3.3])).toEqual([4, 3, 3]);
  expect(apportion(1, [0.25, 0.25, 0.25, 0.25])).toEqual([1, 0, 0, 0]);
  expect(apportion(0, [])).toEqual([]);
});

test('prices are answered to the cent from one cent up, and as they are below', () => {
  expect([10.005, 0.014, 0.0099, 1e-9].map(roundPrice)).toEqual([10.01, 0.01, 0.0099, 1e-9]);
});
