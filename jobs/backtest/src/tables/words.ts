import type { BacktestFigures } from '@pokewatch/contracts';

/** The least price of cards that are judged, `5 USD`. */
export function leastPrice({ least_price, currency }: Pick<BacktestFigures, 'least_price' | 'currency'>): string {
  return currency === null ? String(least_price) : `${least_price} ${currency}`;
}
