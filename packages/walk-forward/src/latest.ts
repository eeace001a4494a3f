import {
  concatPredictions,
  filterPredictions,
  forecasterNamed,
  hasMarket,
  lastDay,
  type Panel,
  type Predictions,
  TermStore,
} from '@pokewatch/fair-value';
import type { TaskResult, TermOfCard } from './messages.ts';

/** Terms smaller than this say nothing: a hundred-thousandth of a per cent. */
const LEAST_TERM = 1e-7;

/**
 * Fits on everything in the panel and predicts the newest priced day of every card, with all terms that are not zero.
 * Rows are sorted by card.
 */
export function latestPredictions(panel: Panel, forecaster: string, horizon_days: number): TaskResult {
  const terms = new TermStore(panel);
  const fitted = forecasterNamed(forecaster).fit(panel, { as_of_day: lastDay(panel), horizon_days, terms });
  const newest = panel.cards.map((_, card) => newestDay(panel, card));
  const parts: Predictions[] = [];
  for (const day of [...new Set(newest)].filter((one) => one !== null).sort((a, b) => a - b)) {
    const rows = fitted.predict(panel, day, day, terms);
    parts.push(filterPredictions(rows, (row) => newest[rows.card[row]!] === day));
  }
  const explained: TermOfCard[] = [];
  for (const [card, day] of newest.entries()) {
    const explanation = day === null ? null : fitted.explain(panel, card, day, terms);
    if (explanation === null) continue;
    for (const { name, group, definition, value, log_return } of explanation.terms) {
      if (Math.abs(log_return) >= LEAST_TERM)
        explained.push({ card, day: explanation.day, group, term: name, definition, value, log_return });
    }
  }
  return { predictions: concatPredictions(parts, horizon_days), terms: explained };
}

function newestDay(panel: Panel, card: number): number | null {
  for (let day = lastDay(panel); day >= panel.first_day; day--) if (hasMarket(panel, card, day)) return day;
  return null;
}
