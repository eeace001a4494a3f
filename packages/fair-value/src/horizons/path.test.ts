import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyPredictions, type Predictions } from '../predictions.ts';
import { rowsAlso } from './aligned.ts';
import { pathThrough } from './path.ts';
import { putOnPath } from './put-on-path.ts';

const MARKET = 20;
const move = fc.double({ min: -0.8, max: 0.8, noNaN: true });

/** An anchor and the other horizons, with a move for each. */
const asked = fc
  .constantFrom([14, 7, 30], [7, 14, 30], [30, 7, 14], [10, 7, 14, 30], [60, 7, 14, 30], [3, 7, 14, 30])
  .chain(([anchor, ...others]) =>
    fc.record({
      anchor: fc.constant(anchor!),
      others: fc.constant(others),
      at: move,
      moves: fc.array(move, { minLength: others.length, maxLength: others.length }),
    }),
  );

/** One card-day; a quarter of the move in each part. */
function point(horizon_days: number, log_return: number, speaker = 2): Predictions {
  const p = emptyPredictions(1, horizon_days);
  p.market[0] = MARKET;
  p.speaker[0] = speaker;
  for (const part of [p.market_part, p.set_part, p.listings_part, p.own_part]) part[0] = log_return / 4;
  p.log_return[0] = p.market_part[0]! + p.set_part[0]! + p.listings_part[0]! + p.own_part[0]!;
  p.fair[0] = MARKET * Math.exp(p.log_return[0]!);
  return p;
}

const returns = (of: readonly Predictions[]) => of.map((p) => p.log_return[0]!);

describe('expected prices of other horizons', () => {
  it('stay as they are when they lie on a path with the anchor, so that doing it twice changes nothing', () => {
    fc.assert(
      fc.property(asked, move, move, ({ anchor, others }, settling, drift) => {
        const on = (h: number) => settling * (1 - Math.exp(-h / 10)) + (drift * h) / 30;
        const given = others.map(on);
        const path = pathThrough(anchor, others)(on(anchor), given);
        for (const [k, value] of path.entries()) expect(value).toBeCloseTo(given[k]!, 10);
      }),
    );
    fc.assert(
      fc.property(asked, ({ anchor, others, at, moves }) => {
        const path = pathThrough(anchor, others);
        const once = path(at, moves);
        for (const [k, value] of path(at, once).entries()) expect(value).toBeCloseTo(once[k]!, 10);
      }),
    );
  });

  it('turn once at most on their way from today through the anchor', () => {
    fc.assert(
      fc.property(asked, ({ anchor, others, at, moves }) => {
        const path = pathThrough(anchor, others)(at, moves);
        const stops = [[0, 0], [anchor, at], ...others.map((h, k) => [h, path[k]!])] as [number, number][];
        const values = stops.sort((a, b) => a[0] - b[0]).map(([, value]) => value);
        const steps = values.slice(1).map((value, i) => value - values[i]!);
        const signs = steps.filter((step) => Math.abs(step) > 1e-12).map(Math.sign);
        expect(signs.filter((sign, i) => i > 0 && sign !== signs[i - 1]).length).toBeLessThanOrEqual(1);
      }),
    );
    expect(pathThrough(14, [7, 30])(-0.1, [0.1, 0.1])[0]).toBeLessThan(0);
  });

  it('are the nearest of all paths through the anchor', () => {
    fc.assert(
      fc.property(asked, fc.double({ min: -0.5, max: 0.5, noNaN: true }), ({ anchor, others, at, moves }, b) => {
        const distance = (path: readonly number[]) =>
          path.reduce((sum, value, k) => sum + (value - moves[k]!) ** 2 / others[k]!, 0);
        const a = (at - (b * anchor) / 30) / (1 - Math.exp(-anchor / 10));
        const another = others.map((h) => a * (1 - Math.exp(-h / 10)) + (b * h) / 30);
        expect(distance(pathThrough(anchor, others)(at, moves))).toBeLessThanOrEqual(distance(another) + 1e-12);
      }),
    );
  });

  it('leave the anchor alone, and keep parts that add up to the bit', () => {
    fc.assert(
      fc.property(asked, ({ anchor, others, at, moves }) => {
        const [given, before] = [point(anchor, at), point(anchor, at)];
        const out = putOnPath(
          given,
          others.map((h, k) => point(h, moves[k]!)),
        );
        expect(given).toEqual(before);
        const whole = pathThrough(anchor, others)(at, moves);
        for (const [k, p] of out.entries()) {
          expect(p.horizon_days).toBe(others[k]);
          expect(p.log_return[0]).toBeCloseTo(whole[k]!, 12);
          expect(p.market_part[0]! + p.set_part[0]! + p.listings_part[0]! + p.own_part[0]!).toBe(p.log_return[0]);
          expect(p.fair[0]).toBe(MARKET * Math.exp(p.log_return[0]!));
        }
      }),
    );
  });

  it('follow the anchor alone where nobody spoke for them, and are “no change” where nobody spoke for it', () => {
    const anchor = point(14, 0.1);
    const settled = (h: number) => (0.1 * (1 - Math.exp(-h / 10))) / (1 - Math.exp(-1.4));
    const alone = putOnPath(anchor, [point(7, 0, 0), point(30, 0, 0)]);
    expect(returns(alone)[0]).toBeCloseTo(settled(7), 12);
    expect(returns(alone)[1]).toBeCloseTo(settled(30), 12);
    const one = putOnPath(anchor, [point(7, 0, 0), point(30, 0.2, 1)]);
    expect(returns(one)[1]).toBeCloseTo(0.2, 12);
    const silent = putOnPath(point(14, 0, 0), [point(7, 0.1), point(30, -0.1)]);
    expect(silent.map((p) => [p.log_return[0], p.fair[0], p.speaker[0]])).toEqual([
      [0, MARKET, 0],
      [0, MARKET, 0],
    ]);
  });

  it('are refused when they are not of the same card-days, out of order, or the anchor once more', () => {
    const anchor = point(14, 0);
    const other = { ...point(7, 0), day: Int32Array.of(1) };
    expect(() => putOnPath(anchor, [other])).toThrow('not of the same card-days');
    expect(() => putOnPath(anchor, [point(30, 0), point(7, 0)])).toThrow('ascending');
    expect(() => putOnPath(anchor, [point(14, 0)])).toThrow('without the anchor');
    expect(putOnPath(anchor, [])).toEqual([]);
  });
});

describe('rows that are also in others', () => {
  it('are those with the same card and day, in order', () => {
    const cells = fc.uniqueArray(fc.nat(30), { maxLength: 20 });
    fc.assert(
      fc.property(cells, cells, (of_all, of_some) => {
        const rows = (values: number[]) => {
          const sorted = [...values].sort((a, b) => a - b);
          const p = emptyPredictions(sorted.length, 14);
          for (const [row, value] of sorted.entries()) [p.day[row], p.card[row]] = [Math.floor(value / 5), value % 5];
          return p;
        };
        const found = rowsAlso(rows(of_all), rows(of_some));
        expect(found).toEqual(rows(of_all.filter((value) => of_some.includes(value))));
      }),
    );
  });
});
