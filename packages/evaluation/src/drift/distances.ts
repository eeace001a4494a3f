import type { Shares } from './shares.ts';

/** The population stability index: Σ (r − c) · ln(r / c), empty bins filled. */
export function psi(shares: Shares): number {
  const [r, c] = [filled(shares.reference), filled(shares.current)];
  return r.reduce((sum, p, i) => sum + (p - c[i]!) * Math.log(p / c[i]!), 0);
}

/** The Kullback-Leibler divergence of the current shares from those of the reference, empty bins filled, natural logs. */
export function klDivergence(shares: Shares): number {
  const [r, c] = [normed(filled(shares.reference)), normed(filled(shares.current))];
  return r.reduce((sum, p, i) => sum + p * Math.log(p / c[i]!), 0);
}

/** The Jensen-Shannon distance: the root of the divergence, natural logs; from 0 to √ln 2. */
export function jensenShannon(shares: Shares): number {
  const [r, c] = [normed(shares.reference), normed(shares.current)];
  let sum = 0;
  for (let i = 0; i < r.length; i++) {
    const middle = (r[i]! + c[i]!) / 2;
    for (const p of [r[i]!, c[i]!]) if (p > 0) sum += p * Math.log(p / middle);
  }
  return Math.sqrt(Math.max(0, sum) / 2);
}

/** The least standard deviation that a distance is divided by. */
const LEAST_DEVIATION = 0.001;

/**
 * Wasserstein's first distance, ∫ |F_r − F_c|, over the standard deviation of the reference (of the population, not less than
 * 0.001).
 */
export function normedWasserstein(reference: readonly number[], current: readonly number[]): number {
  const [a, b] = [Float64Array.from(reference).sort(), Float64Array.from(current).sort()];
  let [i, j] = [0, 0];
  let distance = 0;
  let before = Math.min(a[0]!, b[0]!);
  while (i < a.length || j < b.length) {
    const at = Math.min(
      i < a.length ? a[i]! : Number.POSITIVE_INFINITY,
      j < b.length ? b[j]! : Number.POSITIVE_INFINITY,
    );
    distance += Math.abs(i / a.length - j / b.length) * (at - before);
    while (i < a.length && a[i] === at) i++;
    while (j < b.length && b[j] === at) j++;
    before = at;
  }
  const mean = a.reduce((sum, value) => sum + value, 0) / a.length;
  const deviation = Math.sqrt(a.reduce((sum, value) => sum + (value - mean) ** 2, 0) / a.length);
  return distance / Math.max(deviation, LEAST_DEVIATION);
}

/** A share that stands for none: far below the smallest one that there is. */
function filled(shares: Float64Array): Float64Array {
  const smallest = shares.reduce((least, share) => (share > 0 && share < least ? share : least), 1);
  const fill = smallest <= 0.0001 ? smallest / 1e6 : 0.0001;
  return shares.map((share) => (share === 0 ? fill : share));
}

function normed(shares: Float64Array): Float64Array {
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}
