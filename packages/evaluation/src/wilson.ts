/** The z of a two-sided 95 % interval. */
const Z_95 = 1.959963984540054;

/**
 * Wilson's interval for a share of `hits` among `n` (Wilson 1927): from 0 to 1 when `n` is 0. `z` is the normal quantile
 * of the confidence wanted; without it 95 %.
 */
export function wilsonInterval(hits: number, n: number, z = Z_95): { lower: number; upper: number } {
  if (!(n > 0)) return { lower: 0, upper: 1 };
  const share = hits / n;
  const zz = (z * z) / n;
  const centre = (share + zz / 2) / (1 + zz);
  const half = (z / (1 + zz)) * Math.sqrt((share * (1 - share)) / n + zz / (4 * n));
  return { lower: Math.max(0, centre - half), upper: Math.min(1, centre + half) };
}
