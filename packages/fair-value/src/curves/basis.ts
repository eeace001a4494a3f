import { sortedQuantile } from '../median.ts';

/** About so many values are sorted to place knots; more move them by less than the curves can show. */
const MOST_SAMPLES = 5_000;

/**
 * Knots of one curve: ascending, without repeats, at evenly spaced quantiles of the known values. Fewer than two mean
 * that the term does not vary: it gets no curve.
 */
export function placeKnots(column: Float32Array, count: number): number[] {
  const step = Math.max(1, Math.floor(column.length / MOST_SAMPLES));
  const sample = new Float64Array(Math.ceil(column.length / step));
  let known = 0;
  for (let row = 0; row < column.length; row += step) {
    const value = column[row]!;
    if (Number.isFinite(value)) sample[known++] = value;
  }
  const sorted = sample.subarray(0, known).sort();
  const knots: number[] = [];
  for (let i = 0; i < count; i++) {
    // The outer knots stand at the 1 % and 99 % quantiles: beyond them the curve is level.
    const p = i === 0 ? 0.01 : i === count - 1 ? 0.99 : i / (count - 1);
    const knot = Math.fround(sortedQuantile(sorted, p));
    if (Number.isFinite(knot) && (knots.length === 0 || knot > knots.at(-1)! + 1e-6)) knots.push(knot);
  }
  return knots.length >= 2 ? knots : [];
}

/** Where a value lies between knots: `place` of the knot below, and the `share` of the way to the next. NaN gives -1. */
function locate(knots: readonly number[], value: number): { place: number; share: number } {
  const last = knots.length - 1;
  if (Number.isNaN(value) || last < 1) return { place: -1, share: 0 };
  if (value <= knots[0]!) return { place: 0, share: 0 };
  if (value >= knots[last]!) return { place: last - 1, share: 1 };
  let left = 0;
  let right = last;
  while (right - left > 1) {
    const middle = (left + right) >> 1;
    if (knots[middle]! <= value) left = middle;
    else right = middle;
  }
  return { place: left, share: (value - knots[left]!) / (knots[right]! - knots[left]!) };
}

/** The value of a curve (heights at its knots, straight between them); 0 where the input is unknown. */
export function curveAt(knots: readonly number[], heights: readonly number[], value: number): number {
  const { place, share } = locate(knots, value);
  if (place < 0) return 0;
  return heights[place]! * (1 - share) + heights[place + 1]! * share;
}
