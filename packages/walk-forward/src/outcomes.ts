import { ELIGIBLE_PRICE, eligibleRows, type OutcomeRows } from '@pokewatch/evaluation';
import {
  concatPredictions,
  filterPredictions,
  type Panel,
  type Predictions,
  realisedReturns,
} from '@pokewatch/fair-value';

/** Predictions beside what became of them. `realised` is NaN where the outcome is not known yet. */
export function outcomesOf(panel: Panel, predictions: Predictions): OutcomeRows {
  const labels = realisedReturns(panel, predictions.horizon_days);
  const realised = Float64Array.from(
    predictions.card,
    (card, row) => labels.log_return[card * panel.days + predictions.day[row]! - panel.first_day]!,
  );
  return { ...predictions, realised, spoke: predictions.speaker };
}

/** The same rows with "no change" as their prediction: the naive model that every other one has to beat. */
export function noChange(rows: Predictions): Predictions {
  const naive = concatPredictions([rows], rows.horizon_days);
  for (const column of [naive.log_return, naive.market_part, naive.set_part, naive.listings_part, naive.own_part])
    column.fill(0);
  for (let row = 0; row < naive.rows; row++) {
    // The band keeps its width and moves to the market price.
    naive.lower[row] = naive.lower[row]! * (naive.market[row]! / naive.fair[row]!);
    naive.upper[row] = naive.upper[row]! * (naive.market[row]! / naive.fair[row]!);
  }
  naive.fair.set(naive.market);
  return naive;
}

/** The rows of a span of epoch days, both ends included. */
export function rowsBetween(predictions: Predictions, from_day: number, to_day: number): Predictions {
  return filterPredictions(predictions, (row) => predictions.day[row]! >= from_day && predictions.day[row]! <= to_day);
}

/** Rows that are judged: cards of 5 or more; where there is no such card, all rows. */
export function judgedRows(outcomes: OutcomeRows): number[] {
  const eligible = eligibleRows(outcomes, ELIGIBLE_PRICE);
  return eligible.length > 0 ? eligible : eligibleRows(outcomes, 0);
}
