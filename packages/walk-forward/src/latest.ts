import { type Explanation, forecasterNamed, lastDay, type Panel, type TermStore } from '@pokewatch/fair-value';
import type { LatestTask, TaskResult, TermOfCard } from './messages.ts';

/** Terms smaller than this say nothing: a hundred-thousandth of a per cent. */
const LEAST_TERM = 1e-7;

/**
 * Fits on everything in the panel and predicts the newest priced day of every card, with all terms that are not zero.
 * Rows are sorted by card.
 */
export function latestPredictions(
  panel: Panel,
  { forecaster, horizon_days, history }: LatestTask,
  terms: TermStore,
): TaskResult {
  const as_of_day = lastDay(panel);
  // Without earlier predictions (a short panel) the fit makes its own.
  const known = history.rows === 0 ? {} : { history };
  const fitted = forecasterNamed(forecaster).fit(panel, { as_of_day, horizon_days, terms, ...known });
  const { predictions, explanations } = fitted.newest(panel, terms);
  return { predictions, terms: explanations.flatMap(termsOf) };
}

function termsOf({ card, day, terms }: Explanation): TermOfCard[] {
  return terms
    .filter(({ log_return }) => Math.abs(log_return) >= LEAST_TERM)
    .map(({ name, group, definition, value, log_return }) => ({
      card,
      day,
      group,
      term: name,
      definition,
      value,
      log_return,
    }));
}
