import type { Signal } from '@pokewatch/contracts';

/** Prices in one currency; thresholds as fractions, 0.10 is ten per cent. */
export interface SignalInput {
  readonly market_price: number;
  readonly fair_price: number;
  readonly buy_threshold_pct: number;
  readonly sell_threshold_pct: number;
}

export interface SignalResult {
  readonly signal: Signal;
  readonly deviation_pct: number;
}

/**
 * How far the market price is from the fair price: (market − fair) / fair, a fraction. Infinite when the quotient is
 * too large for a double.
 */
export function deviationPct(market_price: number, fair_price: number): number {
  return (market_price - fair_price) / fair_price;
}

/**
 * The verdict on a price: BUY when the deviation is at or below −`buy_threshold_pct`, SELL when it is at or above
 * `sell_threshold_pct`, else HOLD. When both hold, which needs two thresholds of 0, it is BUY.
 *
 * The deviation is compared as the double that is published, without tolerance, so that anybody who recomputes the
 * signal from a published answer gets the same one: 90 against 100 is −0.1 and a BUY at 0.10. Where the difference of
 * two prices has no exact double, the verdict may fall beside the decimal one: 0.9 against 1 is −0.09999999999999998
 * and a HOLD. The edge moves by less than 1e-15 times the price ratio.
 *
 * @throws RangeError when a price is not a positive number, a threshold is negative, or the deviation overflows.
 */
export function computeSignal(input: SignalInput): SignalResult {
  const { market_price, fair_price, buy_threshold_pct, sell_threshold_pct } = input;
  if (!isPrice(market_price) || !isPrice(fair_price)) throw new RangeError('prices must be positive numbers');
  if (!(buy_threshold_pct >= 0) || !(sell_threshold_pct >= 0)) throw new RangeError('thresholds must not be negative');
  const deviation_pct = deviationPct(market_price, fair_price);
  if (!Number.isFinite(deviation_pct)) throw new RangeError('the deviation is too large for a number');
  return { signal: verdict(deviation_pct, buy_threshold_pct, sell_threshold_pct), deviation_pct };
}

function verdict(deviation_pct: number, buy_threshold_pct: number, sell_threshold_pct: number): Signal {
  if (deviation_pct <= -buy_threshold_pct) return 'BUY';
  return deviation_pct >= sell_threshold_pct ? 'SELL' : 'HOLD';
}

function isPrice(value: number): boolean {
  return value > 0 && value < Number.POSITIVE_INFINITY;
}
