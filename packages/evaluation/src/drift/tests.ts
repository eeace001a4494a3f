import type { Value } from './column.ts';
import { normalBelow, upperGamma } from './gamma.ts';
import { countsOf } from './shares.ts';

/**
 * The p-value of a chi-square test that the current values come from the distribution of the reference: a value that the
 * reference does not have makes it 0.
 */
export function chiSquareTest(reference: readonly Value[], current: readonly Value[]): number {
  const counts = countsOf(reference, current);
  const ratio = current.length / reference.length;
  const statistic = counts.current.reduce((sum, observed, i) => {
    const expected = counts.reference[i]! * ratio;
    return sum + (observed - expected) ** 2 / expected;
  }, 0);
  const freedom = counts.current.length - 1;
  return freedom === 0 ? 1 : upperGamma(freedom / 2, statistic / 2);
}

/**
 * The two-sided p-value of a z-test that the share of the values other than the lowest is the same in both samples. 1 where
 * both hold one and the same value.
 */
export function shareTest(reference: readonly Value[], current: readonly Value[]): number {
  const [first, ...others] = [...new Set<Value>([...reference, ...current])].sort(byValue);
  if (others.length === 0) return 1;
  const hits = (values: readonly Value[]) => values.reduce<number>((sum, value) => sum + (value === first ? 0 : 1), 0);
  const [n1, n2] = [reference.length, current.length];
  const [p1, p2] = [hits(reference) / n1, hits(current) / n2];
  const pooled = (p1 * n1 + p2 * n2) / (n1 + n2);
  const z = (p1 - p2) / Math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2));
  return 2 * (1 - normalBelow(Math.abs(z)));
}

function byValue(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
