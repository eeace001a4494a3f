import { ELIGIBLE_PRICE, eligibleRows, type OutcomeRows } from '@pokewatch/evaluation';
import type { Panel, Predictions } from '@pokewatch/fair-value';
import { outcomesOf } from '@pokewatch/walk-forward';
import { type Decisions, decide } from './decisions.ts';

/** Days after a call at which its outcome is looked up, beside the horizon. */
export const DAYS_AFTER = [7, 14, 21, 30] as const;

/** All that is judged: predictions, what was said of them on their day, and what became of them. */
export interface Subject {
  readonly panel: Panel & { readonly flags: Uint16Array };
  readonly predictions: Predictions;
  /** Outcomes at the horizon. */
  readonly outcomes: OutcomeRows;
  readonly decisions: Decisions;
  /** Rows of cards from the least price up, and of those below it. */
  readonly judged: readonly number[];
  readonly below: readonly number[];
}

/** Gathers what the figures are made of. Where no card reaches the least price, all rows are judged. */
export function subjectOf(
  panel: Panel & { readonly flags: Uint16Array },
  predictions: Predictions,
  thresholds: { readonly buy_threshold_pct: number; readonly sell_threshold_pct: number },
): Subject {
  const outcomes = outcomesOf(panel, predictions);
  const eligible = eligibleRows(outcomes);
  const all = eligibleRows(outcomes, 0);
  const below = all.filter((row) => outcomes.market[row]! < ELIGIBLE_PRICE);
  return {
    panel,
    predictions,
    outcomes,
    decisions: decide(panel, predictions, thresholds),
    judged: eligible.length > 0 ? eligible : all,
    below: eligible.length > 0 ? below : [],
  };
}
