import type { Panel, Predictions } from '@pokewatch/fair-value';
import type { ScoredRows } from './compare.ts';
import { judgedRows, outcomesOf } from './outcomes.ts';

/** The judged card-days whose outcome is known: `card` is the index in the panel, the rest as in `ScoredRows`. */
export interface JudgedRows extends ScoredRows {
  readonly card: readonly number[];
  readonly market: readonly number[];
  /** Index into `SPEAKERS`. */
  readonly speaker: readonly number[];
}

/**
 * The rows by which models are compared, in the order of the predictions. Models that were walked over the same days of
 * the same panel give the same card-days in the same order, whoever spoke.
 */
export function scoredRows(panel: Panel, predictions: Predictions): JudgedRows {
  const outcomes = outcomesOf(panel, predictions);
  const rows = judgedRows(outcomes).filter((row) => Number.isFinite(outcomes.realised[row]!));
  return {
    card: rows.map((row) => predictions.card[row]!),
    day: rows.map((row) => predictions.day[row]!),
    market: rows.map((row) => predictions.market[row]!),
    realised: rows.map((row) => outcomes.realised[row]!),
    predicted: rows.map((row) => predictions.log_return[row]!),
    speaker: rows.map((row) => predictions.speaker[row]!),
  };
}
