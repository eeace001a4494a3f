import type { Horizon } from '@pokewatch/contracts';
import { dayFromEpoch } from '@pokewatch/core';
import { roundChance, roundPrice } from '@pokewatch/fair-value';
import type { HorizonTable } from '@pokewatch/store';
import type { ServingModel } from './serving-model.ts';

/** What is expected of a card at all horizons from the day of its row, ascending; null unless that is its latest. */
export function horizonsOf({ table, manifest, horizons, horizon_ends }: ServingModel, card: number, row: number) {
  const from = card === 0 ? 0 : horizon_ends[card - 1]!;
  const to = horizon_ends[card]!;
  if (from === to || row !== table.cards[card]!.to - 1) return null;
  const day = table.day[row]!;
  const rows = [horizonAt(table, row, manifest.horizon_days, day)];
  for (let at = from; at < to; at++) rows.push(horizonAt(horizons, at, horizons.horizon_days[at]!, day));
  return rows.sort((a, b) => a.horizon_days - b.horizon_days);
}

function horizonAt(
  { fair, lower, upper, p_up, p_down }: Omit<HorizonTable, 'card' | 'horizon_days'>,
  row: number,
  horizon_days: number,
  day: number,
): Horizon {
  return {
    horizon_days,
    date: dayFromEpoch(day + horizon_days),
    fair_price: roundPrice(fair[row]!),
    lower: roundPrice(lower[row]!),
    upper: roundPrice(upper[row]!),
    p_up: roundChance(p_up[row]!),
    p_down: roundChance(p_down[row]!),
  };
}
