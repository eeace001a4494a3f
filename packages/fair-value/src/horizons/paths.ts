/** Days within which what is known today has mostly worked itself into the price. */
const SETTLING_DAYS = 10;

/**
 * How much the expected log return of each horizon counts in that of each other one, `weights[of][from]`, so that together
 * they lie on a path `a (1 − exp(−h / 10)) + b h`: what is known today settles, and a drift goes on. Such a path turns once
 * at most. It is the path nearest to what was expected for each horizon apart (least squares, weights 1 / h, as errors grow
 * with the root of the horizon). One or two horizons always lie on one and stay as they are.
 */
export function pathWeights(horizons: readonly number[]): readonly (readonly number[])[] {
  const n = horizons.length;
  const unchanged = horizons.map((_, of) => horizons.map((_, from) => (of === from ? 1 : 0)));
  if (n <= 2) return unchanged;
  const longest = Math.max(...horizons);
  const settled = horizons.map((h) => 1 - Math.exp(-h / SETTLING_DAYS));
  const drifted = horizons.map((h) => h / longest);
  const sum = (term: (k: number) => number) => horizons.reduce((total, h, k) => total + term(k) / h, 0);
  const aa = sum((k) => settled[k]! ** 2);
  const ab = sum((k) => settled[k]! * drifted[k]!);
  const bb = sum((k) => drifted[k]! ** 2);
  const determinant = aa * bb - ab * ab;
  return horizons.map((_, of) =>
    horizons.map((h, from) => {
      const a = (bb * settled[from]! - ab * drifted[from]!) / determinant;
      const b = (aa * drifted[from]! - ab * settled[from]!) / determinant;
      return (settled[of]! * a + drifted[of]! * b) / h;
    }),
  );
}

/** The nearest sequence that never falls: neighbours that fall are replaced by their mean (pool adjacent violators, Ayer 1955). */
export function neverFalling(values: readonly number[]): number[] {
  const pools: { sum: number; count: number }[] = [];
  for (const value of values) {
    let pool = { sum: value, count: 1 };
    for (let last = pools.at(-1); last && last.sum / last.count > pool.sum / pool.count; last = pools.at(-1)) {
      pool = { sum: last.sum + pool.sum, count: last.count + pool.count };
      pools.pop();
    }
    pools.push(pool);
  }
  return pools.flatMap(({ sum, count }) => new Array<number>(count).fill(sum / count));
}
