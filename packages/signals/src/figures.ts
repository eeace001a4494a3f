/** A price as published, rounded down to the cent; as it is below one cent and above what cents can tell. */
export function centsDown(price: number): number {
  return hasCents(price) ? Math.floor(price * 100) / 100 : price;
}

/** A price as published, rounded up to the cent; as it is below one cent and above what cents can tell. */
export function centsUp(price: number): number {
  return hasCents(price) ? Math.ceil(price * 100) / 100 : price;
}

function hasCents(price: number): boolean {
  return price >= 0.01 && price < 1e12;
}

/**
 * How far a chance is from a coin flip, in its own direction: 0 at one half or less, 1 when it is certain. Rounded to the
 * third decimal.
 */
export function strengthOf(chance: number): number {
  return rounded(Math.max(0, 2 * chance - 1), 3);
}

/** A figure rounded to so many decimals (at most 4), and never −0; the largest double where it has none. */
export function rounded(value: number, decimals: number): number {
  const scale = SCALES[decimals]!;
  const scaled = value * scale;
  const whole = Math.round(scaled);
  // Multiplying may move a figure over a half only if it stands at one; there the exact decimal decides.
  if (Math.abs(scaled) < MOST_SCALED && Math.abs(Math.abs(scaled - whole) - 0.5) > 1e-6) return whole / scale + 0;
  const finite = Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
  return Number(finite.toFixed(decimals)) + 0;
}

const SCALES = [1, 10, 100, 1000, 10_000] as const;
/** Below this a scaled figure is exact to far less than a millionth. */
const MOST_SCALED = 1e8;

/** A price for a sentence. */
export function priceText(price: number): string {
  const cents = Math.round(price * 100);
  // Nearly all prices are whole cents, and whole numbers are written much faster than `toFixed` writes.
  if (cents / 100 === price && cents < MOST_SCALED && cents >= 0) {
    const rest = cents % 100;
    return `${(cents - rest) / 100}.${rest < 10 ? '0' : ''}${rest}`;
  }
  return price === 0 || price >= 0.01 ? price.toFixed(2) : price.toPrecision(2);
}

/** A fraction for a sentence, in whole per cent. */
export function percentText(fraction: number): string {
  return `${rounded(fraction * 100, 0)} %`;
}
