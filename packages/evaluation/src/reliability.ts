import { DOWN_MOVE, UP_MOVE } from '@pokewatch/contracts';
import { eligibleRows, isScored, type OutcomeRows } from './rows.ts';
import { wilsonInterval } from './wilson.ts';

/** Edges between which predicted chances are compared with what came true. */
const EDGES = [0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1] as const;

/** Rows whose predicted chance lies from `from` to below `to`: mean chance, share that came true, and its interval. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly n: number;
  readonly predicted: number;
  readonly came_true: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * What came of the chances of a gain (`p_up`) or of a loss (`p_down`) of at least 10 %. `intercept_error` is the mean
 * chance less the share that came true, `expected_calibration_error` the mean over rows of that distance bin by bin
 * (Naeini, Cooper and Hauskrecht 2015), `brier` the mean squared error of the chances and `brier_base` that of the base rate
 * said for all. Bins without rows are left out.
 */
export interface Reliability {
  readonly n: number;
  readonly base_rate: number | null;
  readonly brier: number | null;
  readonly brier_base: number | null;
  readonly intercept_error: number | null;
  readonly expected_calibration_error: number | null;
  readonly bins: readonly ReliabilityBin[];
}

const NOTHING: Reliability = {
  n: 0,
  base_rate: null,
  brier: null,
  brier_base: null,
  intercept_error: null,
  expected_calibration_error: null,
  bins: [],
};

/** The reliability table of one of the two chances over the given rows; without `rows`, those of cards of 5 or more. */
export function reliability(
  outcomes: OutcomeRows,
  chance: 'p_up' | 'p_down',
  rows: readonly number[] = eligibleRows(outcomes),
): Reliability {
  const used = rows.filter((row) => isScored(outcomes, row) && Number.isFinite(outcomes[chance][row]!));
  const hit = (row: number) =>
    (chance === 'p_up' ? outcomes.realised[row]! >= UP_MOVE : outcomes.realised[row]! <= DOWN_MOVE) ? 1 : 0;
  const n = used.length;
  if (n === 0) return NOTHING;
  const mean = (of: (row: number) => number) => used.reduce((sum, row) => sum + of(row), 0) / n;
  const base_rate = mean(hit);
  const bins: ReliabilityBin[] = [];
  for (let bin = 0; bin + 1 < EDGES.length; bin++) {
    const from = EDGES[bin]!;
    const to = EDGES[bin + 1]!;
    const inside = used.filter((row) => {
      const p = outcomes[chance][row]!;
      return p >= from && (p < to || (to === 1 && p === 1));
    });
    if (inside.length === 0) continue;
    const hits = inside.reduce((sum, row) => sum + hit(row), 0);
    const predicted = inside.reduce((sum, row) => sum + outcomes[chance][row]!, 0) / inside.length;
    const came_true = hits / inside.length;
    bins.push({ from, to, n: inside.length, predicted, came_true, ...wilsonInterval(hits, inside.length) });
  }
  return {
    n,
    base_rate,
    brier: mean((row) => (outcomes[chance][row]! - hit(row)) ** 2),
    brier_base: base_rate * (1 - base_rate),
    intercept_error: mean((row) => outcomes[chance][row]!) - base_rate,
    expected_calibration_error: bins.reduce((sum, bin) => sum + bin.n * Math.abs(bin.predicted - bin.came_true), 0) / n,
    bins,
  };
}
