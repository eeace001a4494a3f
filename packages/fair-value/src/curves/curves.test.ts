import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curveAt, placeKnots } from './basis.ts';
import { fitCurves, locateAll } from './solve.ts';

const OPTIONS = { smooth: 0.001, shrink: 0.0001, huber: 1, sweeps: 40 };
const ROWS = 4000;
const x = Float32Array.from({ length: ROWS }, (_, i) => ((i * 0.618034) % 1) * 2 - 1);
const z = Float32Array.from({ length: ROWS }, (_, i) => ((i * 0.754878) % 1) * 2 - 1);
const ones = new Float64Array(ROWS).fill(1);

describe('placeKnots', () => {
  it('gives ascending knots without repeats, none for a term that does not vary', () => {
    const knots = placeKnots(
      Float32Array.from({ length: 100 }, (_, i) => Math.floor(i / 30)),
      10,
    );
    expect(knots).toEqual([...new Set(knots)].sort((a, b) => a - b));
    expect(placeKnots(new Float32Array(100), 10)).toEqual([]);
    expect(placeKnots(new Float32Array(100).fill(Number.NaN), 10)).toEqual([]);
  });
});

describe('curveAt', () => {
  it('is straight between knots, level beyond them and 0 where the input is unknown', () => {
    const at = (value: number) => curveAt([0, 1, 3], [0.1, 0.2, 0], value);
    expect([at(-5), at(0.5), at(2), at(9), at(Number.NaN)].map((v) => Number(v.toFixed(12)))).toEqual([
      0.1, 0.15, 0.1, 0, 0,
    ]);
  });
});

describe('locateAll', () => {
  it('places every known value where curveAt finds it, each row once', () => {
    const finite = fc.float({ min: -4, max: 4, noNaN: true, noDefaultInfinity: true });
    const wild = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0);
    const given = fc.record({
      knots: fc.uniqueArray(finite, { minLength: 2, maxLength: 14, comparator: (a, b) => Math.abs(a - b) < 1e-3 }),
      column: fc.array(fc.oneof({ weight: 9, arbitrary: finite }, { weight: 1, arbitrary: wild })),
      on_knots: fc.array(fc.nat(13)),
    });
    fc.assert(
      fc.property(given, ({ knots: unsorted, column, on_knots }) => {
        const knots = [...unsorted].sort((a, b) => a - b);
        const values = Float32Array.from([...column, ...on_knots.map((k) => knots[k % knots.length]!)]);
        const heights = knots.map((_, k) => Math.sin(k * 2.3));
        const { start, row, share } = locateAll(values, knots);
        expect(Array.from(row).sort((a, b) => a - b)).toEqual(
          Array.from(values.keys()).filter((i) => !Number.isNaN(values[i]!)),
        );
        for (let k = 0; k + 1 < knots.length; k++) {
          for (let i = start[k]!; i < start[k + 1]!; i++) {
            const height = heights[k]! * (1 - share[i]!) + heights[k + 1]! * share[i]!;
            expect(height).toBeCloseTo(curveAt(knots, heights, values[row[i]!]!), 6);
          }
        }
      }),
    );
  });
});

describe('fitCurves', () => {
  const knots = [placeKnots(x, 10), placeKnots(z, 10)];

  it('finds two curves in their sum', () => {
    const target = Float64Array.from(x, (value, i) => Math.abs(value) - 0.5 + 0.3 * z[i]!);
    const [of_x, of_z] = fitCurves([x, z], knots, target, ones, OPTIONS);
    const rise = (knots_of: number[], heights: number[], from: number, to: number) =>
      curveAt(knots_of, heights, to) - curveAt(knots_of, heights, from);
    expect(rise(knots[0]!, of_x!, 0.3, 0.9)).toBeCloseTo(0.6, 1);
    expect(rise(knots[0]!, of_x!, -0.9, -0.3)).toBeCloseTo(-0.6, 1);
    expect(rise(knots[1]!, of_z!, -0.9, 0.9)).toBeCloseTo(0.54, 1);
  });

  it('is hardly moved by a few absurd targets', () => {
    const clean = Float64Array.from(x, (value) => 0.2 * value);
    const spoilt = clean.map((value, i) => (i % 50 === 0 ? value + 10 : value));
    const robust = { ...OPTIONS, huber: 0.05 };
    const [heights] = fitCurves([x], [knots[0]!], spoilt, ones, robust);
    const slope = curveAt(knots[0]!, heights!, 0.8) - curveAt(knots[0]!, heights!, -0.8);
    expect(slope).toBeCloseTo(0.32, 1);
  });

  it('pulls every curve to zero when it is shrunk hard', () => {
    const target = Float64Array.from(x, (value) => value);
    const [heights] = fitCurves([x], [knots[0]!], target, ones, { ...OPTIONS, shrink: 1000 });
    for (const height of heights!) expect(Math.abs(height)).toBeLessThan(0.01);
  });

  it('lets rows with an unknown input teach nothing about it', () => {
    const holed = x.map((value, i) => (i % 2 ? value : Number.NaN));
    const target = Float64Array.from(x, (value, i) => (i % 2 ? 0.2 * value : 5));
    const [heights] = fitCurves([holed], [placeKnots(holed, 10)], target, ones, OPTIONS);
    for (const height of heights!) expect(Math.abs(height)).toBeLessThan(0.25);
  });
});
