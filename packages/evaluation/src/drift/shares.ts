import type { Value } from './column.ts';

/** From so many distinct reference values on, numbers are put into bins; fewer are a bin each. */
const MOST_SINGLE = 20;

/** Shares of the reference and of the current rows in the same bins. */
export interface Shares {
  readonly reference: Float64Array;
  readonly current: Float64Array;
}

/**
 * Shares by bin. Numbers with more than 20 distinct reference values: bins of one width over both samples, as many as
 * Sturges' rule gives (numpy's `histogram_bin_edges`; whole numbers are never split). All else: a bin for each value.
 */
export function sharesOf(
  reference: readonly Value[],
  current: readonly Value[],
  { numerical, whole }: { readonly numerical: boolean; readonly whole: boolean },
): Shares {
  const binned = numerical && new Set(reference).size > MOST_SINGLE;
  return binned ? byBin(reference as number[], current as number[], whole) : byValue(reference, current);
}

/** How often each value of either sample occurs in both, in the order of first occurrence. */
export function countsOf(
  reference: readonly Value[],
  current: readonly Value[],
): { readonly reference: number[]; readonly current: number[] } {
  const place = new Map<Value, number>();
  for (const value of [...reference, ...current]) if (!place.has(value)) place.set(value, place.size);
  const count = (values: readonly Value[]) => {
    const counts = Array.from(place, () => 0);
    for (const value of values) counts[place.get(value)!]!++;
    return counts;
  };
  return { reference: count(reference), current: count(current) };
}

function byValue(reference: readonly Value[], current: readonly Value[]): Shares {
  const counts = countsOf(reference, current);
  return {
    reference: Float64Array.from(counts.reference, (count) => count / reference.length),
    current: Float64Array.from(counts.current, (count) => count / current.length),
  };
}

function byBin(reference: readonly number[], current: readonly number[], whole: boolean): Shares {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const values of [reference, current])
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  const sturges = (high - low) / (Math.log2(reference.length + current.length) + 1);
  const width = whole ? Math.max(1, sturges) : sturges;
  const bins = width > 0 ? Math.max(1, Math.ceil((high - low) / width)) : 1;
  const step = (high - low) / bins;
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => (i === bins ? high : low + i * step));
  return { reference: histogram(reference, edges), current: histogram(current, edges) };
}

/** Shares of the values from each edge to below the next; the last bin holds the last edge too. */
function histogram(values: readonly number[], edges: Float64Array): Float64Array {
  const bins = edges.length - 1;
  const counts = new Float64Array(bins);
  const [low, high] = [edges[0]!, edges[bins]!];
  for (const value of values) {
    let bin = Math.min(bins - 1, Math.max(0, Math.floor(((value - low) / (high - low)) * bins)));
    // The division may land beside the edge.
    while (bin > 0 && value < edges[bin]!) bin--;
    while (bin < bins - 1 && value >= edges[bin + 1]!) bin++;
    counts[bin] = counts[bin]! + 1;
  }
  return counts.map((count) => count / values.length);
}
