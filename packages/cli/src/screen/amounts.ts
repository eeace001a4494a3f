/** A price with two decimals, or as many as a price below one cent needs. */
export function price(value: number): string {
  return value >= 0.01 ? value.toFixed(2) : value.toPrecision(2);
}

/** A fraction as per cent with its sign, `+3.4 %`. */
export function percent(fraction: number): string {
  const text = (fraction * 100).toFixed(1);
  return `${fraction > 0 && !text.startsWith('-') ? '+' : ''}${text === '-0.0' ? '0.0' : text} %`;
}

/** An amount of money with its sign, `+1.20`. */
export function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${value.toFixed(2)}`;
}
