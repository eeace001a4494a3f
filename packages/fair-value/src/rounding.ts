import { wholeCents } from './amounts.ts';

/** A price as it is answered: to the cent from one cent up, as it is below. */
export function roundPrice(price: number): number {
  return price >= 0.01 ? wholeCents(price) / 100 : price;
}

/** A chance as it is answered: to the hundredth of a per cent. */
export function roundChance(chance: number): number {
  return Math.round(chance * 10_000) / 10_000;
}
