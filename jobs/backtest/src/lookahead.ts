import { forecasterNamed, type Panel, type Predictions, truncatePanel, walkForward } from '@pokewatch/fair-value';
import { rowsBetween } from '@pokewatch/walk-forward';
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
 * Recomputes the predictions up to `cut_day` on a panel that ends there and compares them to the bit.
 * @returns the first leak found, or undefined.
 */
export function findLeak(panel: Panel, whole: Predictions, plan: BacktestPlan, cut_day: number): Leak | undefined {
  const cut = walkForward(truncatePanel(panel, cut_day), forecasterNamed(plan.model), { ...plan, to_day: cut_day });
  const known = rowsBetween(whole, plan.from_day, cut_day);
  if (cut.rows !== known.rows) return { card: -1, day: cut_day, column: 'rows', whole: known.rows, cut: cut.rows };
  for (const column of COMPARED) {
    for (let row = 0; row < cut.rows; row++) {
      const [then, now] = [cut[column][row]!, known[column][row]!];
      if (!Object.is(then, now)) {
        return { card: cut.card[row]!, day: cut.day[row]!, column, whole: now, cut: then };
      }
    }
  }
  return undefined;
}

/** Days to cut at: a quarter and two thirds of the way, seldom refit days. */
export function cutDays({ from_day, to_day }: BacktestPlan): number[] {
  const span = to_day - from_day;
  return [...new Set([from_day + Math.floor(span / 4), from_day + Math.floor((2 * span) / 3)])];
}
