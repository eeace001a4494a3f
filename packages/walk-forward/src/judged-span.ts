/** Origins that are judged: the last so many days whose outcome is known. */
const JUDGED_DAYS = 70;

/**
 * The days that `train` judges a model on, as epoch days, both included: the last 70 whose outcome is known when the panel
 * ends on `last_day`. Nothing that is chosen (settings, a model's make-up) may have seen a price of `from_day` or later.
 */
export function judgedSpan(
  first_day: number,
  last_day: number,
  horizon_days: number,
): { from_day: number; to_day: number } {
  const to_day = last_day - horizon_days;
  return { from_day: Math.max(first_day, to_day - JUDGED_DAYS + 1), to_day };
}
