import { filterPredictions, type Predictions } from '../predictions.ts';

/**
 * Checks that predictions of other horizons belong to the anchor's rows and stand in ascending order of horizons, the
 * anchor's not among them.
 * @throws when they do not.
 */
export function checkAligned(anchor: Predictions, others: readonly Predictions[]): void {
  let longest = 0;
  for (const { horizon_days, rows, card, day } of others) {
    if (horizon_days <= longest || horizon_days === anchor.horizon_days)
      throw new Error('other horizons must be in ascending order, without the anchor');
    longest = horizon_days;
    const same =
      rows === anchor.rows && card.every((of, row) => of === anchor.card[row] && day[row] === anchor.day[row]);
    if (!same)
      throw new Error(
        `predictions ${anchor.horizon_days} and ${horizon_days} days ahead are not of the same card-days`,
      );
  }
}

/** The rows of `all` whose card-days are in `some`; both in the order of days, then cards. */
export function rowsAlso(all: Predictions, some: Pick<Predictions, 'rows' | 'card' | 'day'>): Predictions {
  let at = 0;
  return filterPredictions(all, (row) => {
    const [day, card] = [all.day[row]!, all.card[row]!];
    while (at < some.rows && (some.day[at]! < day || (some.day[at] === day && some.card[at]! < card))) at++;
    return at < some.rows && some.day[at] === day && some.card[at] === card;
  });
}
