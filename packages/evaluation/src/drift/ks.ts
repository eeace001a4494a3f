import { kolmogorovAbove } from './kolmogorov.ts';

/** Up to this size of the larger sample the exact law is used. */
const EXACT_ROWS = 10_000;

/**
 * The two-sided two-sample Kolmogorov-Smirnov test: the largest distance of the two distribution functions, and the chance of
 * one at least as large from one distribution. As scipy's `ks_2samp`: exact by counting lattice paths (Hodges 1958) up to
 * 10,000 rows a side; above that the one-sample law of n₁n₂ / (n₁ + n₂) rows. Both samples must have rows.
 */
export function ksTest(reference: ArrayLike<number>, current: ArrayLike<number>): { distance: number; p: number } {
  const [a, b] = [Float64Array.from(reference).sort(), Float64Array.from(current).sort()];
  const [n1, n2] = [a.length, b.length];
  const divisor = gcd(n1, n2);
  const [step1, step2] = [n2 / divisor, n1 / divisor];
  let farthest = 0;
  for (let i = 0, j = 0; i < n1 || j < n2; ) {
    const at = j >= n2 || (i < n1 && a[i]! <= b[j]!) ? a[i]! : b[j]!;
    while (i < n1 && a[i] === at) i++;
    while (j < n2 && b[j] === at) j++;
    farthest = Math.max(farthest, Math.abs(i * step1 - j * step2));
  }
  const distance = farthest / (step1 * n1);
  if (farthest === 0) return { distance, p: 1 };
  if (Math.max(n1, n2) > EXACT_ROWS)
    return { distance, p: kolmogorovAbove(distance, roundHalfEven((n1 * n2) / (n1 + n2))) };
  return { distance, p: n1 === n2 ? equalSizes(n1, farthest) : otherSizes(n1, n2, divisor, farthest) };
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** As numpy rounds. */
function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  return x - below === 0.5 ? below + (below % 2) : Math.round(x);
}

/** The share of lattice paths from (0, 0) to (n, n) that touch or pass the lines x − y = ±h. */
function equalSizes(n: number, h: number): number {
  let share = 0;
  for (let k = Math.floor(n / h); k >= 0; k--) {
    let p = 1;
    for (let j = 0; j < h; j++) p = ((n - k * h - j) * p) / (n + k * h + j + 1);
    share = p * (1 - share);
  }
  return 2 * share;
}

/** The share of lattice paths from (0, 0) to (m, n) that leave the band |x/m − y/n| < h / lcm(m, n). */
function otherSizes(n1: number, n2: number, divisor: number, h: number): number {
  const [m, n] = [Math.max(n1, n2), Math.min(n1, n2)];
  const [mg, ng] = [m / divisor, n / divisor];
  let from = 0;
  let to = Math.min(Math.ceil(h / mg), n + 1);
  const column = new Float64Array(Math.min(2 * to + 2, n + 1)).fill(1);
  column.fill(0, 0, to);
  for (let i = 1; i <= m; i++) {
    const [before, length_before] = [from, to - from];
    from = Math.max(0, Math.min(n, Math.floor((ng * i - h) / mg) + 1));
    to = Math.min(Math.ceil((ng * i + h) / mg), n + 1);
    if (to <= from) return 1;
    let value = from === 0 ? 0 : 1;
    for (let j = from; j < to; j++) {
      value = (column[j - before]! * i + value * j) / (i + j);
      column[j - from] = value;
    }
    if (length_before > to - from) column.fill(1, to - from, length_before);
  }
  return column[to - from - 1]!;
}
