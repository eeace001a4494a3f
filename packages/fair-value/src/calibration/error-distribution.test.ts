import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chanceBelow, defaultGrid, gridOf, quantiles } from './error-distribution.ts';

const size = fc.double({ min: 0.005, max: 2, noNaN: true });
const times = fc.double({ min: 0, max: 4, noNaN: true });
const share = fc.double({ min: 0.03, max: 0.97, noNaN: true });
/** Errors / size that lean to one side, as those of cards do. */
const grid = fc
  .double({ min: -0.5, max: 0.5, noNaN: true })
  .map((lean) => defaultGrid().map((x) => x * (x > 0 ? 1 + lean : 1 - lean)));

it('keeps the weighted quantiles of the errors, the least and the greatest among them', () => {
  const ratio = Float64Array.from({ length: 1000 }, (_, i) => ((i * 37) % 1000) / 1000);
  const even = gridOf(ratio, new Float64Array(1000).fill(0.3));
  expect([even[0], even[40], even[80]]).toEqual([0, 0.499, 0.999]);
  const weight = ratio.map((value) => (value < 0.5 ? 3 : 1));
  expect(gridOf(ratio, weight)[60]).toBeCloseTo(0.5, 2);
});

it('says larger chances of staying below larger values, from 0 to 1', () => {
  fc.assert(
    fc.property(
      grid,
      size,
      times,
      fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: 0, max: 5, noNaN: true })),
      (of, own, of_own, [value, more]) => {
        const shared = of_own * own;
        const lower = chanceBelow(of, value, own, shared);
        const upper = chanceBelow(of, value + more, own, shared);
        expect(lower).toBeGreaterThanOrEqual(0);
        expect(upper).toBeGreaterThanOrEqual(lower);
        expect(upper).toBeLessThanOrEqual(1);
      },
    ),
  );
});

it('finds the value that an error stays below with the chance asked for', () => {
  fc.assert(
    fc.property(grid, size, times, share, (of, own, of_own, p) => {
      const shared = of_own * own;
      const value = quantiles(of, p)(own, shared);
      expect(Math.abs(chanceBelow(of, value, own, shared) - p)).toBeLessThan(0.01);
    }),
  );
});

it('answers in the unit of the sizes: errors twice as large have quantiles twice as large', () => {
  fc.assert(
    fc.property(grid, size, times, share, (of, own, of_own, p) => {
      const shared = of_own * own;
      const quantile = quantiles(of, p);
      expect(quantile(2 * own, 2 * shared)).toBeCloseTo(2 * quantile(own, shared), 10);
    }),
  );
});

it('widens when more is shared', () => {
  const [low, high] = [quantiles(defaultGrid(), 0.1), quantiles(defaultGrid(), 0.9)];
  fc.assert(
    fc.property(size, times, fc.double({ min: 0.02, max: 1, noNaN: true }), (own, of_own, more) => {
      const shared = of_own * own;
      expect(high(own, shared + more)).toBeGreaterThan(high(own, shared));
      expect(low(own, shared + more)).toBeLessThan(low(own, shared));
    }),
  );
});
