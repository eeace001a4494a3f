/** Days within which what is known today has mostly worked itself into the price. */
const SETTLING_DAYS = 10;

/** From the log return of the anchor and those of the other horizons (NaN where nobody spoke) to the others' on the path. */
export type Path = (anchor: number, others: ArrayLike<number>) => number[];

/**
 * The path `a (1 − exp(−h / 10)) + b h` through the expected log return of one horizon, the anchor: what is known today
 * settles, and a drift goes on. Such a path turns once at most. Of all that lead through the anchor it is the one nearest to
 * what was expected for the `others` apart (least squares, weights 1 / h, as errors grow with the root of the horizon);
 * where nobody spoke for any of them, the one without drift. All in days; the anchor must not be among the others.
 */
export function pathThrough(anchor_days: number, others: readonly number[]): Path {
  /** What an anchor of 1 means for each horizon without drift, and what a drift adds that leaves the anchor as it is. */
  const settled = others.map((h) => Math.expm1(-h / SETTLING_DAYS) / Math.expm1(-anchor_days / SETTLING_DAYS));
  const drifted = others.map((h, k) => h / anchor_days - settled[k]!);
  return (anchor, returns) => {
    let product = 0;
    let square = 0;
    for (let k = 0; k < others.length; k++) {
      if (Number.isNaN(returns[k]!)) continue;
      product += (drifted[k]! / others[k]!) * (returns[k]! - anchor * settled[k]!);
      square += (drifted[k]! / others[k]!) * drifted[k]!;
    }
    const drift = square > 0 ? product / square : 0;
    return settled.map((share, k) => anchor * share + drift * drifted[k]!);
  };
}
