import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockBootstrap, ranks, reliability, seededRandom, spearman, wilsonInterval } from './index.ts';

describe('ranks', () => {
  it('gives equal values the mean of their ranks', () => {
    expect(Array.from(ranks([3, 1, 3, 2]))).toEqual([2.5, 0, 2.5, 1]);
  });

  it('always sums to the same total', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 })), (values) => {
        const sum = ranks(values).reduce((total, rank) => total + rank, 0);
        expect(sum).toBeCloseTo((values.length * (values.length - 1)) / 2, 6);
      }),
    );
  });
});

describe('spearman', () => {
  // Example of the article "Spearman's rank correlation coefficient" (IQ and hours of TV): −29/165.
  it('agrees with a published example', () => {
    const iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110];
    const hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17];
    expect(spearman(iq, hours)).toBeCloseTo(-29 / 165, 12);
  });

  it('is 0 when one side does not vary', () => {
    expect(spearman([1, 1, 1], [1, 2, 3])).toBe(0);
  });
});

describe('wilsonInterval', () => {
  it('agrees with a published example: 8 of 10 is 0.490 to 0.943', () => {
    const { lower, upper } = wilsonInterval(8, 10);
    expect(lower).toBeCloseTo(0.4902, 4);
    expect(upper).toBeCloseTo(0.9433, 4);
  });

  it('is everything when nothing was seen', () => {
    expect(wilsonInterval(0, 0)).toEqual({ lower: 0, upper: 1 });
  });

  it('stays within 0 and 1 and holds the share', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), (a, b) => {
        const hits = Math.min(a, b);
        const n = Math.max(a, b, 1);
        const { lower, upper } = wilsonInterval(hits, n);
        expect(lower).toBeGreaterThanOrEqual(0);
        expect(upper).toBeLessThanOrEqual(1);
        expect(lower - 1e-9).toBeLessThanOrEqual(hits / n);
        expect(upper + 1e-9).toBeGreaterThanOrEqual(hits / n);
      }),
    );
  });
});

describe('blockBootstrap', () => {
  const sums = Array.from({ length: 600 }, (_, day) => Float64Array.of(Math.sin(day / 20), 1));
  const mean = (total: Float64Array) => total[0]! / total[1]!;
  const options = { resamples: 300, block_days: 14, seed: 3, confidence: 0.9 };

  it('is wider for longer blocks when neighbouring days are alike', () => {
    const width = (block_days: number) => {
      const { lower, upper } = blockBootstrap(sums, mean, { ...options, block_days })!;
      return upper - lower;
    };
    expect(width(56)).toBeGreaterThan(1.3 * width(14));
  });

  it('gives no interval for fewer than two blocks of days', () => {
    expect(blockBootstrap(sums.slice(0, 27), mean, options)).toBeNull();
  });

  it('draws numbers from 0 to below 1 that depend on the seed only', () => {
    const random = seededRandom(9);
    const again = seededRandom(9);
    for (let i = 0; i < 100; i++) {
      const drawn = random();
      expect(drawn).toBe(again());
      expect(drawn).toBeGreaterThanOrEqual(0);
      expect(drawn).toBeLessThan(1);
    }
  });
});

describe('reliability', () => {
  const column = (length: number, of: (i: number) => number) => Array.from({ length }, (_, i) => of(i));
  const rows = {
    rows: 100,
    horizon_days: 14,
    card: column(100, (i) => i),
    day: column(100, () => 0),
    market: column(100, () => 10),
    log_return: column(100, () => 0),
    realised: column(100, (i) => (i < 25 ? 0.2 : 0)),
    lower: column(100, () => 9),
    upper: column(100, () => 11),
    p_up: column(100, (i) => (i < 50 ? 0.45 : 0.05)),
    p_down: column(100, () => 1),
    spoke: column(100, () => 1),
  };

  it('compares each bin of chances with what came true', () => {
    const { bins, base_rate, intercept_error } = reliability(rows, 'p_up');
    expect(base_rate).toBe(0.25);
    expect(intercept_error).toBeCloseTo(0, 12);
    expect(bins.map(({ n, came_true }) => [n, came_true])).toEqual([
      [50, 0],
      [50, 0.5],
    ]);
  });

  it('counts a chance of exactly 1 in the last bin', () => {
    expect(reliability(rows, 'p_down').bins.at(-1)).toMatchObject({ n: 100, came_true: 0 });
  });
});
