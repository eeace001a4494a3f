/**
 * Turns terms in log return into amounts in hundredths of the currency (cents) that sum to
 * `round(fair × 100) − round(market × 100)` exactly, where fair = market × exp(Σ terms).
 *
 * The terms share the gap between fair and market in proportion to their log returns (so the order of terms does not
 * matter and the sign of each amount is that of its term: the factor (fair − market) / Σ is never negative). Then they
 * are rounded down and the cents left over go to the largest remainders, the earlier term first.
 */
export function explainAmounts(log_terms: readonly number[], market: number): number[] {
  const sum = log_terms.reduce((total, term) => total + term, 0);
  // expm1 keeps the factor exact where the terms cancel out: it tends to the market price.
  const factor = Math.abs(sum) > 1e-12 ? (market * Math.expm1(sum)) / sum : market;
  const target = Math.round(market * Math.exp(sum) * 100) - Math.round(market * 100);
  const exact = log_terms.map((term) => term * factor * 100);
  const cents = exact.map(Math.floor);
  let left = target - cents.reduce((total, amount) => total + amount, 0);
  const order = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (let i = 0; left !== 0 && order.length > 0; i = (i + 1) % order.length) {
    const step = Math.sign(left);
    // Too many cents were given out only when the target itself was rounded down: take from the smallest remainders.
    const { index } = order[step > 0 ? i : order.length - 1 - i]!;
    cents[index] = cents[index]! + step;
    left -= step;
  }
  return cents;
}
