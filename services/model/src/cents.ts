/** A price as it is answered: to the cent from one cent up, as it is below. */
export function roundPrice(price: number): number {
  return price >= 0.01 ? Math.round(price * 100) / 100 : price;
}

/** A chance as it is answered: to the hundredth of a per cent. */
export function roundChance(chance: number): number {
  return Math.round(chance * 10_000) / 10_000;
}

/** A price in whole cents. */
export function cents(price: number): number {
  return Math.round(price * 100);
}

/**
 * Splits `total` whole cents into whole parts near `shares`, by largest remainders. What the shares miss of the total
 * is spread over them by size. The parts add up to `total` exactly; none when there are no shares.
 */
export function apportion(total: number, shares: readonly number[]): number[] {
  const sum = shares.reduce((a, b) => a + b, 0);
  const size = shares.reduce((a, b) => a + Math.abs(b), 0);
  const exact = shares.map((share) => share + (total - sum) * (size > 0 ? Math.abs(share) / size : 1 / shares.length));
  const parts = exact.map(Math.floor);
  const missing = total - parts.reduce((a, b) => a + b, 0);
  const byRemainder = exact.map((value, index) => ({ index, remainder: value - Math.floor(value) }));
  byRemainder.sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, missing)) parts[index]! += 1;
  return parts;
}
