import { DOWN_MOVE, UP_MOVE } from '@pokewatch/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyPredictions, type Predictions } from '../predictions.ts';
import { neverFalling, pathWeights } from './paths.ts';
import { reconcileBands, reconcilePoints } from './reconcile.ts';

const HORIZONS = [7, 14, 30];
const move = fc.double({ min: -0.8, max: 0.8, noNaN: true });
const moves = fc.array(move, { minLength: 3, maxLength: 3 });

/** One card-day for each horizon; a quarter of each move in each part. */
function points(log_returns: readonly number[], speakers = [2, 2, 2], market = 20): Predictions[] {
  return log_returns.map((log_return, k) => {
    const p = emptyPredictions(1, HORIZONS[k]!);
    p.market[0] = market;
    p.speaker[0] = speakers[k]!;
    for (const part of [p.market_part, p.set_part, p.listings_part, p.own_part]) part[0] = log_return / 4;
    p.log_return[0] = p.market_part[0]! + p.set_part[0]! + p.listings_part[0]! + p.own_part[0]!;
    p.fair[0] = market * Math.exp(p.log_return[0]!);
    return p;
  });
}

const path = (of: readonly Predictions[]) => of.map((p) => p.log_return[0]!);

describe('expected prices of several horizons', () => {
  it('come out as they were when they lie on a path, so that doing it twice changes nothing', () => {
    fc.assert(
      fc.property(move, move, (settling, drift) => {
        const given = HORIZONS.map((h) => settling * (1 - Math.exp(-h / 10)) + (drift * h) / 30);
        for (const [k, value] of path(reconcilePoints(points(given))).entries())
          expect(value).toBeCloseTo(given[k]!, 12);
      }),
    );
    fc.assert(
      fc.property(moves, (given) => {
        const once = reconcilePoints(points(given));
        for (const [k, value] of path(reconcilePoints(once)).entries()) expect(value).toBeCloseTo(path(once)[k]!, 12);
      }),
    );
  });

  it('never zigzag: from today on they turn once at most', () => {
    fc.assert(
      fc.property(moves, (given) => {
        const [a, b, c] = path(reconcilePoints(points(given))) as [number, number, number];
        const steps = [a, b - a, c - b].filter((step) => Math.abs(step) > 1e-12).map(Math.sign);
        expect(steps.filter((sign, i) => i > 0 && sign !== steps[i - 1]).length).toBeLessThanOrEqual(1);
      }),
    );
    const zigzag = [0.1, -0.1, 0.1];
    expect(path(reconcilePoints(points(zigzag)))).not.toEqual(zigzag);
  });

  it('keep their parts adding up, to the bit', () => {
    fc.assert(
      fc.property(moves, (given) => {
        for (const p of reconcilePoints(points(given))) {
          expect(p.market_part[0]! + p.set_part[0]! + p.listings_part[0]! + p.own_part[0]!).toBe(p.log_return[0]);
          expect(p.fair[0]).toBe(20 * Math.exp(p.log_return[0]!));
        }
      }),
    );
  });

  it('stay as they are where two of them speak or one, and "no change" has no say', () => {
    for (const speakers of [
      [2, 2, 0],
      [0, 1, 0],
      [0, 0, 0],
    ]) {
      const given = points([0.1, -0.1, 0.2], speakers);
      expect(reconcilePoints(given)).toEqual(given);
    }
    expect(pathWeights([14])).toEqual([[1]]);
  });

  it('are refused when they are not of the same card-days, or not in the order of horizons', () => {
    const [week, fortnight, month] = points([0, 0, 0]) as [Predictions, Predictions, Predictions];
    expect(() => reconcilePoints([week, { ...fortnight, day: Int32Array.of(1) }])).toThrow('not of the same card-days');
    expect(() => reconcileBands([month, week])).toThrow('ascending');
    expect(reconcilePoints([])).toEqual([]);
  });
});

describe('bands of several horizons', () => {
  const distance = fc.double({ min: 0, max: 1.5, noNaN: true });
  const share = fc.double({ min: 0.002, max: 0.998, noNaN: true });
  const banded = fc
    .tuple(
      moves,
      fc.array(fc.tuple(distance, distance, share, share), { minLength: 3, maxLength: 3 }),
      fc.double({ min: 0.01, max: 1e5, noNaN: true }),
    )
    .map(([given, bands, market]) =>
      points(given, undefined, market).map((p, k) => {
        const [below, above, up, down] = bands[k]!;
        p.lower[0] = p.fair[0]! * Math.exp(-below);
        p.upper[0] = p.fair[0]! * Math.exp(above);
        p.p_up[0] = Math.min(up, 1 - down);
        p.p_down[0] = down;
        return p;
      }),
    );

  it('never get narrower with the horizon, hold the fair price, and keep chances that add up to 1 at most', () => {
    fc.assert(
      fc.property(banded, (given) => {
        let [below, above] = [0, 0];
        for (const p of reconcileBands(given)) {
          const [fair, lower, upper] = [p.fair[0]!, p.lower[0]!, p.upper[0]!];
          expect(lower).toBeGreaterThan(0);
          expect(lower).toBeLessThanOrEqual(fair);
          expect(upper).toBeGreaterThanOrEqual(fair);
          expect(Math.log(fair / lower)).toBeGreaterThanOrEqual(below - 1e-8);
          expect(Math.log(upper / fair)).toBeGreaterThanOrEqual(above - 1e-8);
          [below, above] = [Math.log(fair / lower), Math.log(upper / fair)];
          expect(Math.min(p.p_up[0]!, p.p_down[0]!)).toBeGreaterThan(0);
          expect(p.p_up[0]! + p.p_down[0]!).toBeLessThanOrEqual(1 + 1e-12);
        }
      }),
    );
  });

  it('say the same as the chances wherever they were changed', () => {
    fc.assert(
      fc.property(banded, (given) => {
        reconcileBands(given).forEach((p, k) => {
          if (p.lower[0] === given[k]!.lower[0] && p.upper[0] === given[k]!.upper[0]) {
            expect(p).toEqual(given[k]);
            return;
          }
          const [lower, upper] = [Math.log(p.lower[0]! / p.market[0]!), Math.log(p.upper[0]! / p.market[0]!)];
          if (lower > UP_MOVE) expect(p.p_up[0]).toBeGreaterThanOrEqual(0.9 - 1e-12);
          if (lower < UP_MOVE) expect(p.p_up[0]).toBeLessThanOrEqual(0.9 + 1e-12);
          if (upper < UP_MOVE) expect(p.p_up[0]).toBeLessThanOrEqual(0.1 + 1e-12);
          if (upper < DOWN_MOVE) expect(p.p_down[0]).toBeGreaterThanOrEqual(0.9 - 1e-12);
          if (lower > DOWN_MOVE) expect(p.p_down[0]).toBeLessThanOrEqual(0.1 + 1e-12);
        });
      }),
    );
  });

  it('are levelled by the means of what falls', () => {
    expect(neverFalling([1, 2, 3])).toEqual([1, 2, 3]);
    expect(neverFalling([3, 1, 2])).toEqual([2, 2, 2]);
    expect(neverFalling([1, 4, 2, 5])).toEqual([1, 3, 3, 5]);
    expect(neverFalling([])).toEqual([]);
  });
});
