import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, evaluateBy, type OutcomeRows, tierName } from './index.ts';

const NO_INTERVAL = { resamples: 0, block_days: 14, seed: 1, confidence: 0.9 };

function outcomes(parts: Partial<Record<keyof OutcomeRows, number[]>> & { realised: number[] }): OutcomeRows {
  const rows = parts.realised.length;
  const column = (value: number) => Array.from({ length: rows }, () => value);
  return {
    rows,
    horizon_days: 14,
    card: parts.card ?? Array.from({ length: rows }, (_, i) => i),
    day: parts.day ?? column(0),
    market: parts.market ?? column(10),
    log_return: parts.log_return ?? column(0),
    realised: parts.realised,
    lower: parts.lower ?? column(9),
    upper: parts.upper ?? column(11),
    p_up: parts.p_up ?? column(0.1),
    p_down: parts.p_down ?? column(0.1),
    spoke: parts.spoke ?? column(1),
  };
}

const value = (rows: OutcomeRows, name: string) => evaluate(rows, undefined, NO_INTERVAL)[name]!.value;

describe('evaluate', () => {
  it('gives a perfect order an IC of 1 and its reverse −1', () => {
    const realised = [-0.3, -0.1, 0, 0.1, 0.4];
    expect(value(outcomes({ realised, log_return: [-3, -2, 0, 1, 7] }), 'ic')).toBeCloseTo(1, 12);
    expect(value(outcomes({ realised, log_return: [3, 2, 0, -1, -7] }), 'ic')).toBeCloseTo(-1, 12);
  });

  it('takes the IC within a day over days with at least 30 cards only', () => {
    const day = [...Array.from({ length: 30 }, () => 1), ...Array.from({ length: 29 }, () => 2)];
    const realised = day.map((_, i) => i);
    const log_return = day.map((d, i) => (d === 1 ? i : -i));
    expect(value(outcomes({ day, realised, log_return }), 'ic_within_day')).toBeCloseTo(1, 12);
  });

  it('says that "no change" is as good as itself: MAE 1, calls at the base rate, IC 0', () => {
    const realised = Array.from({ length: 200 }, (_, i) => (i % 4 === 0 ? 0.2 : i % 10 === 1 ? -0.2 : 0.01));
    const rows = outcomes({ realised });
    expect(value(rows, 'mae_over_naive')).toBe(1);
    expect(value(rows, 'ic')).toBe(0);
    expect(value(rows, 'buy_over_base')).toBeCloseTo(1, 9);
    expect(value(rows, 'sell_over_base')).toBeCloseTo(1, 9);
  });

  it('judges BUY and SELL on the 5 % highest and lowest predictions', () => {
    const realised = Array.from({ length: 100 }, (_, i) => (i >= 90 ? 0.2 : i < 10 ? -0.2 : 0));
    const rows = outcomes({ realised, log_return: realised.map((_, i) => i) });
    expect(value(rows, 'buy_over_base')).toBeCloseTo(10, 9);
    expect(value(rows, 'sell_over_base')).toBeCloseTo(10, 9);
    expect(evaluate(rows, undefined, NO_INTERVAL).buy_over_base!.base_rate).toBeCloseTo(0.1, 12);
  });

  it('counts prices on the edge of the band as covered and charges misses tenfold', () => {
    const rows = outcomes({ realised: [Math.log(11 / 10), Math.log(12 / 10)], upper: [11.000001, 11] });
    expect(value(rows, 'coverage')).toBe(0.5);
    const width = Math.log(11 / 9);
    expect(value(rows, 'interval_score')).toBeCloseTo(width + (10 * Math.log(12 / 11)) / 2, 5);
  });

  it('counts rows without a finite prediction against completeness', () => {
    const rows = outcomes({ realised: [0, 0, 0, 0], log_return: [0, Number.NaN, 0, 0], spoke: [1, 1, 0, 1] });
    expect(value(rows, 'completeness')).toBe(0.75);
    expect(value(rows, 'coverage_rate')).toBe(0.5);
    expect(evaluate(rows, undefined, NO_INTERVAL).mae_over_naive!.n).toBe(3);
  });

  it('leaves cards below 5 out unless they are asked for', () => {
    const rows = outcomes({ realised: [0.1, 0.1], market: [4.99, 5] });
    expect(evaluate(rows).completeness!.n).toBe(1);
    expect(evaluate(rows, [0, 1]).completeness!.n).toBe(2);
  });

  it('answers null rather than NaN when there is nothing to judge', () => {
    const figures = Object.values(evaluate(outcomes({ realised: [] })));
    expect(figures.length).toBeGreaterThan(5);
    for (const figure of figures) expect(figure).toMatchObject({ value: null, n: 0, lower: null, upper: null });
  });

  it('encloses the figure in its interval, the same one for the same seed', () => {
    const day = Array.from({ length: 900 }, (_, i) => Math.floor(i / 10));
    const realised = day.map((d, i) => Math.sin(i * 1.7) * 0.1 + Math.sin(d / 9) * 0.05);
    const log_return = realised.map((r, i) => r * 0.5 + Math.sin(i * 3.1) * 0.05);
    const rows = outcomes({ day, realised, log_return });
    const first = evaluate(rows);
    expect(evaluate(rows)).toEqual(first);
    expect(first.ic!.lower!).toBeLessThan(first.ic!.value!);
    expect(first.ic!.upper!).toBeGreaterThan(first.ic!.value!);
  });

  it('never answers NaN', () => {
    const cell = fc.oneof(fc.double({ min: -2, max: 2, noNaN: false }), fc.constant(Number.NaN), fc.constant(0));
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, fc.nat(40)), { maxLength: 60 }), (rows) => {
        const figures = evaluate(
          outcomes({
            realised: rows.map(([r]) => r),
            log_return: rows.map(([, p]) => p),
            day: rows.map(([, , d]) => d),
          }),
        );
        for (const { value: figure } of Object.values(figures))
          expect(figure === null || Number.isFinite(figure)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('evaluateBy', () => {
  it('judges each group by itself', () => {
    const rows = outcomes({ realised: [0.2, 0.2, -0.2], market: [10, 30, 30], log_return: [0.2, 0, 0] });
    const tiers = evaluateBy(rows, (row) => tierName(rows.market[row]!, [2, 5, 20, 100]), undefined, NO_INTERVAL);
    expect(tiers.map(({ group }) => group)).toEqual(['20 to 100', '5 to 20']);
    expect(tiers[1]!.figures.mae_over_naive!.value).toBe(0);
    expect(tiers[0]!.figures.mae_over_naive!.value).toBe(1);
  });
});
