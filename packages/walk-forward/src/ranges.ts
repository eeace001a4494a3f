/** A range of days and how far apart the refits in it are. */
export interface WalkRange {
  readonly from_day: number;
  readonly to_day: number;
}

/**
 * Cuts a range of days into at most `parts` ranges for workers to share. Cuts fall on refit days counted from
 * `from_day`, so that the fits are the same as in one go.
 */
export function cutRange(from_day: number, to_day: number, refit_days: number, parts: number): WalkRange[] {
  const periods = Math.max(1, Math.ceil((to_day - from_day + 1) / refit_days));
  const size = Math.ceil(periods / Math.max(1, parts)) * refit_days;
  const ranges: WalkRange[] = [];
  for (let start = from_day; start <= to_day; start += size)
    ranges.push({ from_day: start, to_day: Math.min(to_day, start + size - 1) });
  return ranges;
}
