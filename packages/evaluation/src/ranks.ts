import { sampleCorrelation } from 'simple-statistics';

/** Ranks from 0 in ascending order; equal values share the mean of their ranks. Values must not be NaN. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const n = values.length;
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  order.sort((a, b) => values[a]! - values[b]! || a - b);
  const out = new Float64Array(n);
  for (let start = 0; start < n; ) {
    let end = start;
    while (end < n && values[order[end]!] === values[order[start]!]) end++;
    for (let i = start; i < end; i++) out[order[i]!] = (start + end - 1) / 2;
    start = end;
  }
  return out;
}

/** Pearson's correlation of two columns of like length; 0 when one of them does not vary or there are fewer than two rows. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length < 2) return 0;
  const value = sampleCorrelation(Array.from(a), Array.from(b));
  return Number.isFinite(value) ? Math.max(-1, Math.min(1, value)) : 0;
}

/** Spearman's rank correlation: Pearson's of the ranks. */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return correlation(ranks(a), ranks(b));
}
