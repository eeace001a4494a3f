/** The median of the first `count` values of `values`, which are reordered; NaN when there are none. Quickselect. */
export function medianInPlace(values: Float64Array, count: number): number {
  if (count === 0) return Number.NaN;
  return middleInPlace(values, count, count >> 1, count % 2 === 1);
}

/**
 * The value of rank `k` (0 is the least) among the first `count` values, which are reordered, or where `single` is false
 * the mean of it and the one below it.
 */
export function middleInPlace(values: Float64Array, count: number, k: number, single: boolean): number {
  const upper = select(values, count, k);
  if (single) return upper;
  // After the selection everything before the middle is at most the middle: its greatest is the lower neighbour.
  let lower = values[0]!;
  for (let i = 1; i < k; i++) if (values[i]! > lower) lower = values[i]!;
  return (lower + upper) / 2;
}

/** The value of rank `k` (0 is the least) among the first `count`; values of lower rank end up before it. */
function select(values: Float64Array, count: number, k: number): number {
  let left = 0;
  let right = count - 1;
  while (left < right) {
    const pivot = values[(left + right) >> 1]!;
    let i = left;
    let j = right;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i <= j) {
        const swap = values[i]!;
        values[i++] = values[j]!;
        values[j--] = swap;
      }
    }
    if (k <= j) right = j;
    else if (k >= i) left = i;
    else break;
  }
  return values[k]!;
}

/** The quantile `p` of values sorted in ascending order, linear between neighbours; NaN when there are none. */
export function sortedQuantile(sorted: Float64Array | readonly number[], p: number): number {
  const n = sorted.length;
  if (n === 0) return Number.NaN;
  const place = Math.max(0, Math.min(n - 1, p * (n - 1)));
  const below = Math.floor(place);
  const above = Math.min(n - 1, below + 1);
  return sorted[below]! + (sorted[above]! - sorted[below]!) * (place - below);
}
