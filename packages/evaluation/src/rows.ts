/**
 * Predictions and what became of them, by column, one entry a row. `day` is an epoch day; `log_return` the predicted and
 * `realised` the realised log return over the horizon (NaN where there is none yet); prices are in the card's currency;
 * `spoke` is 0 where no model could speak and the row is "no change".
 */
export interface OutcomeRows {
  readonly rows: number;
  readonly horizon_days: number;
  readonly card: ArrayLike<number>;
  readonly day: ArrayLike<number>;
  readonly market: ArrayLike<number>;
  readonly log_return: ArrayLike<number>;
  readonly realised: ArrayLike<number>;
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
  readonly p_up: ArrayLike<number>;
  readonly p_down: ArrayLike<number>;
  readonly spoke: ArrayLike<number>;
}

/** Cards below this price are served but judged apart: their moves are steps of single cents. */
export const ELIGIBLE_PRICE = 5;

/** The rows with a market price of at least `least_price`, whether their outcome is known or not. */
export function eligibleRows(outcomes: OutcomeRows, least_price = ELIGIBLE_PRICE): number[] {
  const rows: number[] = [];
  for (let row = 0; row < outcomes.rows; row++) if (outcomes.market[row]! >= least_price) rows.push(row);
  return rows;
}

/** True where both the prediction and its outcome are numbers. */
export function isScored(outcomes: OutcomeRows, row: number): boolean {
  return Number.isFinite(outcomes.realised[row]!) && Number.isFinite(outcomes.log_return[row]!);
}
