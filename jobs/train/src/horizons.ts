import type { Panel, Predictions } from '@pokewatch/fair-value';
import type { HorizonTable, PredictionTable } from '@pokewatch/store';
import { type Horizons, type Pool, predictBeside, type WalkedPoints } from '@pokewatch/walk-forward';
import type { Challenger } from './challengers.ts';

/**
 * What the candidate expects at other horizons, from each card's newest day; `walked` are its expected prices of earlier
 * days, `newest` its predictions. Undefined for "no change", which says the same of all of them.
 */
export function horizonsBeside(
  pool: Pool,
  { spec }: Challenger,
  walked: WalkedPoints,
  newest: Predictions,
): Promise<Horizons> | undefined {
  return spec.name === 'naive' ? undefined : predictBeside(pool, spec, walked, newest);
}

/**
 * Other horizons as they are published beside a table of predictions. `newest` are the predictions that they belong to, row
 * by row; a card whose newest row of the table is another (it was said by an earlier model) has none.
 */
export function horizonTable(
  panel: Panel,
  table: PredictionTable,
  newest: Predictions,
  horizons: readonly Predictions[],
): HorizonTable | undefined {
  const row_of = new Map(Array.from(newest.card, (card, row) => [panel.cards[card]!.card_id, row]));
  const places = table.cards.flatMap(({ card_id, to }, card) => {
    const row = row_of.get(card_id);
    return row !== undefined && sameRow(table, to - 1, newest, row) ? horizons.map((of) => ({ card, row, of })) : [];
  });
  if (places.length === 0) return undefined;
  const prices = (name: 'fair' | 'lower' | 'upper') => Float64Array.from(places, ({ of, row }) => of[name][row]!);
  const chances = (name: 'p_up' | 'p_down') => Float32Array.from(places, ({ of, row }) => of[name][row]!);
  return {
    card: Uint32Array.from(places, ({ card }) => card),
    horizon_days: Uint16Array.from(places, ({ of }) => of.horizon_days),
    fair: prices('fair'),
    lower: prices('lower'),
    upper: prices('upper'),
    p_up: chances('p_up'),
    p_down: chances('p_down'),
  };
}

const SAME = ['day', 'market', 'fair', 'lower', 'upper'] as const;

function sameRow(table: PredictionTable, at: number, newest: Predictions, row: number): boolean {
  return SAME.every((name) => table[name][at] === newest[name][row]);
}
