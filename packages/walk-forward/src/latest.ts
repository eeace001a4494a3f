import {
  concatPredictions,
  type Explanation,
  filterPredictions,
  forecasterNamed,
  hasMarket,
  lastDay,
  type Panel,
  type Predictions,
  type TermStore,
} from '@pokewatch/fair-value';
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
  const newest = panel.cards.map((_, card) => newestDay(panel, card));
  const parts: Predictions[] = [];
  const explained: TermOfCard[] = [];
  for (const day of [...new Set(newest)].filter((one) => one !== null).sort((a, b) => a - b)) {
    const rows = fitted.predict(panel, day, day, terms);
    parts.push(filterPredictions(rows, (row) => newest[rows.card[row]!] === day));
    for (const explanation of fitted.explainDay(panel, day, terms)) {
      if (newest[explanation.card] === day) explained.push(...termsOf(explanation));
    }
  }
  return { predictions: concatPredictions(parts, horizon_days), terms: explained };
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

function newestDay(panel: Panel, card: number): number | null {
  for (let day = lastDay(panel); day >= panel.first_day; day--) if (hasMarket(panel, card, day)) return day;
  return null;
}
