import { forecasterNamed, type Panel, type Predictions, truncatePanel, walkForward } from '@pokewatch/fair-value';
import { rowsBetween, type WalkRange } from '@pokewatch/walk-forward';
import type { BacktestPlan } from './request.ts';

/** A prediction that changed when later days were cut off: the model has looked ahead. */
export interface Leak {
  readonly card: number;
  readonly day: number;
  readonly column: string;
  readonly whole: number;
  readonly cut: number;
}

const COMPARED = ['log_return', 'fair', 'lower', 'upper', 'p_up', 'p_down'] as const;

/**
 * Recomputes the predictions of a range up to `cut_day` on a panel that ends there and compares them to the bit. The
 * range must be one that was walked in one go: bands learn from the errors since its start.
 * @returns the first leak found, or undefined.
 */
export function findLeak(
  panel: Panel,
  whole: Predictions,
  plan: BacktestPlan,
  range: WalkRange,
  cut_day: number,
): Leak | undefined {
  const { from_day } = range;
  const cut = walkForward(truncatePanel(panel, cut_day), forecasterNamed(plan.model), {
    ...plan,
    from_day,
    to_day: cut_day,
  });
  const known = rowsBetween(whole, from_day, cut_day);
  if (cut.rows !== known.rows) return { card: -1, day: cut_day, column: 'rows', whole: known.rows, cut: cut.rows };
  for (const column of COMPARED) {
    for (let row = 0; row < cut.rows; row++) {
      const [then, now] = [cut[column][row]!, known[column][row]!];
      if (!Object.is(then, now)) return { card: cut.card[row]!, day: cut.day[row]!, column, whole: now, cut: then };
    }
  }
  return undefined;
}

/** The day to cut a range at: two thirds of the way, seldom a refit day. */
export function cutDay({ from_day, to_day }: WalkRange): number {
  return from_day + Math.floor((2 * (to_day - from_day)) / 3);
}
