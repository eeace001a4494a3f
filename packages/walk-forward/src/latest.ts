import { forecasterOf, lastDay, modelCurves, modelFromJSON, type Panel, type TermStore } from '@pokewatch/fair-value';
import { CardTermsBuilder } from './card-terms.ts';
import type { CarryTask, LatestTask, TaskResult } from './messages.ts';

/**
 * Fits on everything in the panel and predicts the newest priced day of every card, with all its terms.
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
  const fitted = forecasterOf(forecaster).fit(panel, { as_of_day, horizon_days, terms, ...known });
  const explained = new CardTermsBuilder();
  const predictions = fitted.newestEach(panel, (one) => explained.add(one), terms);
  return {
    predictions,
    terms: explained.columns(),
    model: fitted.toJSON(),
    curves: modelCurves(fitted, terms),
  };
}

/** Predicts all days from `from_day` on by a model that was fitted before, with the terms of every card's newest row. */
export function carriedPredictions(panel: Panel, { model, from_day }: CarryTask, terms: TermStore): TaskResult {
  const fitted = modelFromJSON(model);
  const predictions = fitted.predict(panel, from_day, lastDay(panel), terms);
  const explained = new CardTermsBuilder();
  const newest = fitted.newestEach(panel, (one) => explained.add(one), terms);
  return { predictions, newest, terms: explained.columns(), curves: modelCurves(fitted, terms) };
}
