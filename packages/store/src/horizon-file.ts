import { PokewatchError } from '@pokewatch/core';
import { tableFromIPC, tableToIPC } from 'apache-arrow';
import { typedColumn, typedTable } from './arrow-columns.ts';
import type { PredictionTable } from './prediction-table.ts';

/**
 * What is expected at other horizons than a model's own from the newest day of its cards, as columns: rows are sorted by
 * card, then by horizon, both ascending. A card may have none.
 */
export interface HorizonTable {
  /** Number of the card in `PredictionTable.cards`. */
  readonly card: Uint32Array;
  readonly horizon_days: Uint16Array;
  /** Prices and chances as in `PredictionTable`. */
  readonly fair: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly p_up: Float32Array;
  readonly p_down: Float32Array;
}

/** No row at all, as in versions that were published without. */
export function noHorizons(): HorizonTable {
  return {
    card: new Uint32Array(),
    horizon_days: new Uint16Array(),
    fair: new Float64Array(),
    lower: new Float64Array(),
    upper: new Float64Array(),
    p_up: new Float32Array(),
    p_down: new Float32Array(),
  };
}

/** Arrow IPC bytes; the same rows give the same bytes. @throws when they do not belong to the predictions */
export function encodeHorizons(table: PredictionTable, horizons: HorizonTable): Uint8Array {
  checkHorizons(table, horizons);
  const { card, horizon_days, fair, lower, upper, p_up, p_down } = horizons;
  return tableToIPC(typedTable({ card, horizon_days, fair, lower, upper, p_up, p_down }), 'file');
}

/**
 * Decodes what `encodeHorizons` made.
 * @throws bad_data_file when the bytes are no such file or do not belong to the predictions
 */
export function decodeHorizons(table: PredictionTable, bytes: Uint8Array, where: string): HorizonTable {
  try {
    const rows = tableFromIPC(bytes);
    const horizons: HorizonTable = {
      card: typedColumn(rows, 'card'),
      horizon_days: typedColumn(rows, 'horizon_days'),
      fair: typedColumn(rows, 'fair'),
      lower: typedColumn(rows, 'lower'),
      upper: typedColumn(rows, 'upper'),
      p_up: typedColumn(rows, 'p_up'),
      p_down: typedColumn(rows, 'p_down'),
    };
    checkHorizons(table, horizons);
    return horizons;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PokewatchError('bad_data_file', `${where} holds no readable horizons: ${reason}`, {
      hint: 'Delete the folder and run train again.',
      cause: error,
    });
  }
}

function checkHorizons({ cards }: PredictionTable, horizons: HorizonTable): void {
  const { card, horizon_days, fair, lower, upper, p_up, p_down } = horizons;
  for (let row = 0; row < card.length; row++) {
    if (card[row]! >= cards.length) throw new Error(`row ${row} is of no card`);
    const follows =
      row === 0 ||
      card[row]! > card[row - 1]! ||
      (card[row] === card[row - 1] && horizon_days[row]! > horizon_days[row - 1]!);
    if (!follows || horizon_days[row] === 0) throw new Error(`row ${row} does not follow by card and horizon`);
    const prices = lower[row]! > 0 && lower[row]! <= fair[row]! && fair[row]! <= upper[row]!;
    if (!prices || upper[row] === Number.POSITIVE_INFINITY)
      throw new Error(`row ${row} has no band around its fair price`);
    for (const chance of [p_up[row]!, p_down[row]!])
      if (!(chance >= 0 && chance <= 1)) throw new Error(`row ${row} has a chance that is not between 0 and 1`);
  }
}
