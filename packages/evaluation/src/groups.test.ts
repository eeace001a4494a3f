import { describe, expect, it } from 'vitest';
import { enoughCalls, evaluateGroups, meanFigure, type OutcomeRows, reliability } from './index.ts';

const NO_INTERVAL = { resamples: 0, block_days: 14, seed: 1, confidence: 0.9 };

function outcomes(rows: number, of: (row: number) => { card: number; realised: number; p_up?: number }): OutcomeRows {
  const column = (value: (row: number) => number) => Array.from({ length: rows }, (_, row) => value(row));
  return {
    rows,
    horizon_days: 14,
    card: column((row) => of(row).card),
    day: column((row) => row % 10),
    market: column(() => 10),
    log_return: column(() => 0),
    realised: column((row) => of(row).realised),
    lower: column(() => 9),
    upper: column(() => 11),
    p_up: column((row) => of(row).p_up ?? 0.1),
    p_down: column(() => 0.1),
    spoke: column(() => 1),
  };
}

const all = (rows: OutcomeRows) => Array.from({ length: rows.rows }, (_, row) => row);

describe('evaluateGroups', () => {
  // Group a: 10 cards and 200 rows, every fifth gained. Group b: as many rows of 2 cards, none known in the end.
  const rows = outcomes(400, (row) => ({
    card: row < 200 ? row % 10 : 100 + (row % 2),
    realised: row >= 390 ? Number.NaN : row < 200 && row % 5 === 0 ? 0.2 : 0,
  }));
  const groups = evaluateGroups(rows, (row) => (row === 399 ? null : row < 200 ? 'a' : 'b'), all(rows), NO_INTERVAL);

  it('tells the base rates, and how much stands behind them', () => {
    expect(groups).toMatchObject([
      { group: 'a', n: 200, cards: 10, days: 10, gained: 0.2, lost: 0, enough: true },
      { group: 'b', n: 190, cards: 2, gained: 0, lost: 0, enough: false },
    ]);
    expect(groups[1]!.figures.completeness!.n).toBe(199);
  });
});

describe('enoughCalls', () => {
  it('wants twenty calls and twenty moves', () => {
    expect(enoughCalls(400, 0.05)).toBe(true);
    expect(enoughCalls(399, 0.5)).toBe(false);
    expect(enoughCalls(400, 0.049)).toBe(false);
    expect(enoughCalls(4000, null)).toBe(false);
  });
});

describe('meanFigure', () => {
  const days = Array.from({ length: 60 }, (_, row) => row);

  it('leaves out what is not known, and has an interval from two blocks of days on', () => {
    const figure = meanFigure(days, days, (row) => (row < 10 ? Number.NaN : Math.sin(row)), 14);
    expect(figure.n).toBe(50);
    expect(figure.lower!).toBeLessThan(figure.value!);
    expect(figure.upper!).toBeGreaterThan(figure.value!);
    expect(meanFigure(days, days.slice(0, 27), () => 1, 14)).toMatchObject({ value: 1, n: 27, lower: null });
    expect(meanFigure(days, days, () => 1, 31).lower).toBeNull();
  });
});

describe('expected calibration error', () => {
  it('is the mean distance of what was said and what came true', () => {
    // Half of the rows say 0.45 and all come true, half say 0.05 and none does: (0.55 + 0.05) / 2.
    const rows = outcomes(100, (row) => ({ card: row, realised: row < 50 ? 0.2 : 0, p_up: row < 50 ? 0.45 : 0.05 }));
    expect(reliability(rows, 'p_up').expected_calibration_error).toBeCloseTo(0.3, 12);
    expect(reliability(rows, 'p_up', []).expected_calibration_error).toBeNull();
  });
});
