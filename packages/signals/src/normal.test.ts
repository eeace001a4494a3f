import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalBelow, normalQuantile } from './normal.ts';

test.each([
  // R 4.4: pnorm
  [-8, 6.220960574271785e-16],
  [-3, 0.001349898031630095],
  [-1, 0.15865525393145707],
  [0, 0.5],
  [0.5, 0.6914624612740131],
  [1.2815515655446004, 0.9],
  [4, 0.9999683287581669],
])('a standard normal variable is below %d with chance %d', (z, chance) => {
  expect(Math.abs(normalBelow(z) / chance - 1)).toBeLessThan(2e-7);
});

test.each([
  // R 4.4: qnorm
  [1e-12, -7.034483825301131],
  [0.002, -2.878161739095483],
  [0.07, -1.4757910281791706],
  [0.5, 0],
  [0.9, 1.2815515655446004],
  [0.998, 2.878161739095483],
])('a standard normal variable is below with chance %d at %d', (chance, z) => {
  expect(normalQuantile(chance)).toBeCloseTo(z, 5);
});

test('the two are inverse to each other, and increase', () => {
  const score = fc.double({ min: -5, max: 5, noNaN: true });
  fc.assert(
    fc.property(score, score, (a, b) => {
      expect(normalQuantile(normalBelow(a))).toBeCloseTo(a, 1);
      expect(normalBelow(normalQuantile(normalBelow(a)))).toBeCloseTo(normalBelow(a), 6);
      expect(normalBelow(Math.min(a, b))).toBeLessThanOrEqual(normalBelow(Math.max(a, b)));
    }),
  );
});

test.each([0, 1, -0.1, 1.1, Number.NaN])('a chance of %d has no quantile', (chance) => {
  expect(() => normalQuantile(chance)).toThrow(RangeError);
});
