import { middleInPlace } from '../median.ts';

/** The bracket around the median holds so many ranks on each side, in units of the root of the number of values. */
const BRACKET_ROOTS = 1.5;

/**
 * Medians over cards of each day: `values` holds one card's days after the other's, NaN where unknown. Writes the median
 * of day t to `median[at + t]` and the number of known values to `known[at + t]`.
 *
 * Medians move little from one day to the next, so a bracket around an earlier one mostly holds the next: then counting
 * what lies below it and selecting within it is enough. Counting without branches is what makes it fast.
 */
export function dailyMedians(
  values: Float64Array,
  cards: number,
  days: number,
  median: Float64Array,
  known: Int32Array,
  at: number,
): void {
  const all = new Float64Array(cards + 1);
  const near = new Float64Array(cards + 1);
  let low = Number.NaN;
  let high = Number.NaN;
  for (let t = 0; t < days; t++) {
    let count = 0;
    let below = 0;
    let inside = 0;
    for (let cell = t; cell < cards * days; cell += days) {
      const value = values[cell]!;
      all[count] = value;
      count += Number(!Number.isNaN(value));
      near[inside] = value;
      const is_below = Number(value < low);
      below += is_below;
      inside += Number(value <= high) - is_below;
    }
    known[at + t] = count;
    const single = count % 2 === 1;
    const rank = (count >> 1) - below;
    if (count > 0 && rank >= (single ? 0 : 1) && rank < inside) {
      median[at + t] = middleInPlace(near, inside, rank, single);
      continue;
    }
    const sorted = all.subarray(0, count).sort();
    const middle = count >> 1;
    median[at + t] = single ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
    const ranks = Math.ceil(BRACKET_ROOTS * Math.sqrt(count));
    low = sorted[Math.max(0, middle - ranks)] ?? Number.NaN;
    high = sorted[Math.min(count - 1, middle + ranks)] ?? Number.NaN;
  }
}
