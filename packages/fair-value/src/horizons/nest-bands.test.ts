import { DOWN_MOVE, UP_MOVE } from '@pokewatch/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOMINAL_COVERAGE } from '../calibration/calibration.ts';
import { concatPredictions, emptyPredictions, type Predictions } from '../predictions.ts';
import { nestBands } from './nest-bands.ts';

const TAIL = (1 - NOMINAL_COVERAGE) / 2;
const distance = fc.double({ min: 0, max: 1.5, noNaN: true });
const share = fc.double({ min: 0.002, max: 0.998, noNaN: true });
const band = fc.record({
  move: fc.double({ min: -0.8, max: 0.8, noNaN: true }),
  below: distance,
  above: distance,
  up: share,
  down: share,
});

/** Predictions of one card-day for the anchor, then the others, with any bands and chances. */
const asked = fc
  .constantFrom([14, 7, 30], [7, 14, 30], [30, 7, 14], [10, 7, 14, 30])
  .chain((horizons) =>
    fc
      .tuple(
        fc.array(band, { minLength: horizons.length, maxLength: horizons.length }),
        fc.double({ min: 0.01, max: 1e5, noNaN: true }),
      )
      .map(([bands, market]) => bands.map((one, k) => banded(horizons[k]!, market, one)) as [Predictions, Predictions]),
  );

function banded(
  horizon_days: number,
  market: number,
  { move, below, above, up, down }: { move: number; below: number; above: number; up: number; down: number },
): Predictions {
  const p = emptyPredictions(1, horizon_days);
  p.market[0] = market;
  p.log_return[0] = move;
  p.fair[0] = market * Math.exp(move);
  p.lower[0] = p.fair[0] * Math.exp(-below);
  p.upper[0] = p.fair[0] * Math.exp(above);
  p.p_up[0] = Math.min(up, 1 - down);
  p.p_down[0] = down;
  return p;
}

const copy = (p: Predictions) => concatPredictions([p], p.horizon_days);
const sides = (p: Predictions) => [Math.log(p.fair[0]! / p.lower[0]!), Math.log(p.upper[0]! / p.fair[0]!)] as const;

describe('bands of other horizons', () => {
  it('never get narrower with the horizon, and leave the anchor alone to the bit', () => {
    fc.assert(
      fc.property(asked, ([anchor, ...others]) => {
        const before = copy(anchor);
        nestBands(anchor, others);
        expect(anchor).toEqual(before);
        let [below, above] = [0, 0];
        for (const p of [anchor, ...others].sort((a, b) => a.horizon_days - b.horizon_days)) {
          expect(p.lower[0]).toBeGreaterThan(0);
          expect(p.lower[0]).toBeLessThanOrEqual(p.fair[0]!);
          expect(p.upper[0]).toBeGreaterThanOrEqual(p.fair[0]!);
          const [own_below, own_above] = sides(p);
          expect(own_below).toBeGreaterThanOrEqual(below - 1e-8);
          expect(own_above).toBeGreaterThanOrEqual(above - 1e-8);
          [below, above] = [own_below, own_above];
        }
      }),
    );
  });

  it('are narrowed or kept below the anchor, widened or kept above it', () => {
    fc.assert(
      fc.property(asked, ([anchor, ...others]) => {
        const before = others.map(copy);
        nestBands(anchor, others);
        for (const [k, p] of others.entries()) {
          const shorter = p.horizon_days < anchor.horizon_days;
          for (const side of [0, 1] as const) {
            const [now, then] = [sides(p)[side], sides(before[k]!)[side]];
            if (shorter) expect(now).toBeLessThanOrEqual(then + 1e-8);
            else expect(now).toBeGreaterThanOrEqual(then - 1e-8);
          }
        }
      }),
    );
  });

  it('come with chances that say the same wherever they were changed, and add up to 1 at most', () => {
    fc.assert(
      fc.property(asked, ([anchor, ...others]) => {
        const before = others.map(copy);
        nestBands(anchor, others);
        for (const [k, p] of others.entries()) {
          const [up, down] = [p.p_up[0]!, p.p_down[0]!];
          expect(Math.min(up, down)).toBeGreaterThan(0);
          expect(up + down).toBeLessThanOrEqual(1 + 1e-12);
          if (p.lower[0] === before[k]!.lower[0] && p.upper[0] === before[k]!.upper[0]) {
            expect(p).toEqual(before[k]);
            continue;
          }
          const [lower, upper] = [Math.log(p.lower[0]! / p.market[0]!), Math.log(p.upper[0]! / p.market[0]!)];
          if (lower > UP_MOVE) expect(up).toBeGreaterThanOrEqual(1 - TAIL - 1e-12);
          if (lower < UP_MOVE) expect(up).toBeLessThanOrEqual(1 - TAIL + 1e-12);
          if (upper < UP_MOVE) expect(up).toBeLessThanOrEqual(TAIL + 1e-12);
          if (upper < DOWN_MOVE) expect(down).toBeGreaterThanOrEqual(1 - TAIL - 1e-12);
          if (lower > DOWN_MOVE) expect(down).toBeLessThanOrEqual(TAIL + 1e-12);
        }
      }),
    );
  });

  it('that are nested already stay as they are', () => {
    const one = (horizon_days: number, width: number) =>
      banded(horizon_days, 10, { move: 0.05, below: width, above: 2 * width, up: 0.2, down: 0.1 });
    const others = [one(7, 0.1), one(30, 0.3)];
    const before = others.map(copy);
    nestBands(one(14, 0.2), others);
    expect(others).toEqual(before);
  });
});
