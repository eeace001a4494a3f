import { describe, expect, it } from 'vitest';
import { jensenShannon, klDivergence, normedWasserstein, psi } from './distances.ts';
import { columnDrift, datasetDrift } from './drift.ts';
import { kolmogorovAbove } from './kolmogorov.ts';
import { ksTest } from './ks.ts';
import { sharesOf } from './shares.ts';
import { chiSquareTest, shareTest } from './tests.ts';

// Figures below were computed with scipy 1.10.1 and numpy 1.24.

function uniform(seed: number, n: number): number[] {
  let state = seed;
  return Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}
function tri(seed: number, n: number, shift: number, scale: number): number[] {
  const u = uniform(seed, 2 * n);
  return Array.from({ length: n }, (_, i) => (u[2 * i]! + u[2 * i + 1]!) * scale + shift);
}
const spread = (n: number, step: number, factor = 1) => Array.from({ length: n }, (_, i) => ((i * step) % 1) * factor);
const repeat = (value: string, n: number) => Array.from({ length: n }, () => value);
const numbers = { numerical: true, whole: false };
const float = (values: readonly number[]) => ({ kind: 'float' as const, values });

describe('distances', () => {
  const cases = [
    {
      of: tri(1, 400, 0, 10),
      to: tri(2, 300, 0.5, 10),
      bins: 11,
      psi: 0.12041110768453217,
      kl: 0.06759852273670679,
      js: 0.11880852743358755,
      w: 0.18690436671629043,
    },
    {
      of: tri(3, 2000, 5, 3),
      to: tri(4, 1500, 5.2, 3.3),
      bins: 13,
      psi: 0.3274047175582712,
      kl: 0.11912369594907894,
      js: 0.18310882224914482,
      w: 0.4805272583635645,
    },
  ];
  it.each(cases)('of $bins bins are those of scipy', ({ of, to, bins, ...wanted }) => {
    const shares = sharesOf(of, to, numbers);
    expect(shares.reference).toHaveLength(bins);
    expect(psi(shares)).toBeCloseTo(wanted.psi, 12);
    expect(klDivergence(shares)).toBeCloseTo(wanted.kl, 12);
    expect(jensenShannon(shares)).toBeCloseTo(wanted.js, 12);
    expect(normedWasserstein(of, to)).toBeCloseTo(wanted.w, 12);
  });

  it('of categories are those of scipy', () => {
    const of = [...repeat('a', 262), ...repeat('b', 145), ...repeat('c', 65), ...repeat('d', 28)];
    const to = [...repeat('a', 212), ...repeat('b', 104), ...repeat('c', 69), ...repeat('d', 15)];
    const shares = sharesOf(of, to, { numerical: false, whole: false });
    expect(psi(shares)).toBeCloseTo(0.02278465811651086, 13);
    expect(klDivergence(shares)).toBeCloseTo(0.011386326076315706, 13);
    expect(jensenShannon(shares)).toBeCloseTo(0.05326091528711585, 13);
    expect(chiSquareTest(of, to)).toBeCloseTo(0.02589426723717973, 13);
  });

  it('fill a bin that is empty on one side, but for Jensen-Shannon', () => {
    const shares = { reference: Float64Array.of(0.5, 0.5, 0), current: Float64Array.of(0.25, 0.25, 0.5) };
    expect(jensenShannon(shares)).toBeCloseTo(0.46450140402245893, 13);
    expect(psi(shares)).toBeCloseTo(4.604318466668949, 12);
  });

  it('from a constant are large', () => {
    expect(normedWasserstein(Array(10).fill(5), Array(8).fill(5))).toBe(0);
    expect(normedWasserstein(Array(10).fill(5), Array(8).fill(5.5))).toBeCloseTo(500, 9);
  });
});

describe('tests', () => {
  it('of a share: 156 of 500 against 156 of 400', () => {
    const of = (hits: number, n: number) => [...repeat('b', hits), ...repeat('a', n - hits)];
    expect(shareTest(of(156, 500), of(156, 400))).toBeCloseTo(0.014556333906019736, 13);
  });

  it('of a value that is new drift for certain', () => {
    expect(chiSquareTest([...repeat('a', 9), 'b', 'c'], [...repeat('a', 9), 'b', 'd'])).toBe(0);
  });

  const exact: [string, number[], number[], number, number][] = [
    [
      'small',
      Array.from({ length: 8 }, (_, i) => i + 1),
      Array.from({ length: 10 }, (_, i) => i + 2.5),
      0.4,
      0.39174550939256825,
    ],
    ['tied', [1, 1, 2, 2, 3, 3, 4, 5], [2, 3, 3, 4, 4, 5, 5, 6], 0.375, 0.6601398601398599],
    ['10,000', tri(11, 10_000, 0, 1), tri(12, 10_000, 0.02, 1), 0.0115, 0.5228883388356883],
    [
      '7 and 5',
      spread(7, 0.6180339887498949),
      spread(5, 0.7548776662466927, 1.05),
      0.2571428571428571,
      0.9595959595959594,
    ],
    [
      '300 and 200',
      spread(300, 0.6180339887498949),
      spread(200, 0.7548776662466927, 1.05),
      0.04666666666666667,
      0.9488862887956638,
    ],
    [
      '1000 and 999',
      spread(1000, 0.6180339887498949),
      spread(999, 0.7548776662466927, 1.05),
      0.04805305305305305,
      0.19001931920463686,
    ],
    ['A', tri(1, 400, 0, 10), tri(2, 300, 0.5, 10), 0.09416666666666666, 0.09048518792242041],
    ['constants', Array(10).fill(5), Array(8).fill(5), 0, 1],
  ];
  it.each(exact)('of Kolmogorov and Smirnov, %s, are those of scipy', (_, of, to, distance, p) => {
    const found = ksTest(of, to);
    expect(found.distance).toBeCloseTo(distance, 14);
    expect(found.p / p).toBeCloseTo(1, 11);
  });

  it('of far samples have tiny chances', () => {
    const { p } = ksTest(tri(3, 2000, 5, 3), tri(4, 1500, 5.2, 3.3));
    expect(p / 3.65577391491659e-23).toBeCloseTo(1, 9);
  });
});

describe('the law of Kolmogorov', () => {
  it('falls from 1 to 0 without a step between its forms', () => {
    for (const n of [1, 2, 5, 30, 140, 141, 400, 1000]) {
      let before = 1;
      for (let d = 0.001; d < 1; d += 0.001) {
        const p = kolmogorovAbove(d, n);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(before + 2e-5);
        expect(before - p).toBeLessThan(Math.max(0.2, 0.004 * Math.sqrt(n) * 3));
        before = p;
      }
    }
  });
});

describe('a column', () => {
  const values = (n: number, of: (i: number) => number) => Array.from({ length: n }, (_, i) => of(i));

  it('is compared by a test up to 1,000 reference rows, and by a distance above', () => {
    const method = (n: number, of: (i: number) => number) =>
      columnDrift({ name: 'x', reference: float(values(n, of)), current: float(values(50, of)) }).method;
    expect(method(1000, (i) => i)).toBe('ks');
    expect(method(1001, (i) => i)).toBe('wasserstein');
    expect(method(1000, (i) => i % 5)).toBe('chisquare');
    expect(method(1000, (i) => i % 2)).toBe('z');
    expect(method(1001, (i) => i % 5)).toBe('jensenshannon');
  });

  it('without values is not judged and not counted', () => {
    const whole = { name: 'a', reference: float([1, 2, 3]), current: float([1, 2, 3]) };
    const empty = { name: 'b', reference: float([Number.NaN]), current: float([1]) };
    const found = datasetDrift([whole, empty]);
    expect(found).toMatchObject({ columns: 1, drifted_columns: 0, share: 0, drifted: false });
    expect(found.by_column[1]).toMatchObject({ score: null, why: 'no value in the reference' });
  });

  it('of infinities is judged by the others', () => {
    const some = [1, 2, 3, 4, 5, 6, 7, 8];
    const clean = columnDrift({ name: 'x', reference: float(some), current: float(some) });
    const dirty = columnDrift({
      name: 'x',
      reference: float([...some, Number.NaN, Number.POSITIVE_INFINITY]),
      current: float([Number.NEGATIVE_INFINITY, ...some]),
    });
    expect(dirty).toEqual(clean);
  });
});
