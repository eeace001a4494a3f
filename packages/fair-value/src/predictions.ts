/** Who made a prediction: nobody could (naive), the model without listings (history), or the whole model (full). */
export const SPEAKERS = ['naive', 'history', 'full'] as const;
export type Speaker = (typeof SPEAKERS)[number];

/**
 * Predictions by column, one entry a row. `card` indexes `panel.cards`, `day` is an epoch day, prices are in the card's
 * currency. `log_return` is log(fair / market) and equals `market_part + set_part + listings_part + own_part`, added in
 * that order. `lower` and `upper` are the 80 % band of the price at the horizon; `p_up` and `p_down` the chances of
 * a price at the horizon at least 10 % above or below today's. `speaker` indexes `SPEAKERS`.
 * `scale` is the expected size of the error in log return, as used for the band.
 */
export interface Predictions {
  readonly rows: number;
  readonly horizon_days: number;
  readonly card: Int32Array;
  readonly day: Int32Array;
  readonly market: Float64Array;
  readonly log_return: Float64Array;
  readonly fair: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly p_up: Float64Array;
  readonly p_down: Float64Array;
  readonly market_part: Float64Array;
  readonly set_part: Float64Array;
  readonly listings_part: Float64Array;
  readonly own_part: Float64Array;
  readonly scale: Float64Array;
  readonly speaker: Uint8Array;
}

/** Room for `rows` predictions, all zero. */
export function emptyPredictions(rows: number, horizon_days: number): Predictions {
  const column = () => new Float64Array(rows);
  return {
    rows,
    horizon_days,
    card: new Int32Array(rows),
    day: new Int32Array(rows),
    market: column(),
    log_return: column(),
    fair: column(),
    lower: column(),
    upper: column(),
    p_up: column(),
    p_down: column(),
    market_part: column(),
    set_part: column(),
    listings_part: column(),
    own_part: column(),
    scale: column(),
    speaker: new Uint8Array(rows),
  };
}

const COLUMNS = [
  'card',
  'day',
  'market',
  'log_return',
  'fair',
  'lower',
  'upper',
  'p_up',
  'p_down',
  'market_part',
  'set_part',
  'listings_part',
  'own_part',
  'scale',
  'speaker',
] as const satisfies readonly (keyof Predictions)[];

/** All rows of several predictions for the same horizon, in the order given. */
export function concatPredictions(parts: readonly Predictions[], horizon_days: number): Predictions {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const all = emptyPredictions(rows, horizon_days);
  let start = 0;
  for (const part of parts) {
    copyPredictions(part, all, start);
    start += part.rows;
  }
  return all;
}

/** Copies all rows of `from` into `to`, from row `start` on. */
export function copyPredictions(from: Predictions, to: Predictions, start: number): void {
  for (const name of COLUMNS) to[name].set(from[name], start);
}

/** The rows from `start` to below `end`, sharing their memory with `all`. */
export function rowsOf(all: Predictions, start: number, end: number): Predictions {
  const part = { ...all, rows: end - start };
  return Object.assign(part, Object.fromEntries(COLUMNS.map((name) => [name, all[name].subarray(start, end)])));
}

/** The rows whose number `keep` accepts, in the same order. */
export function filterPredictions(all: Predictions, keep: (row: number, all: Predictions) => boolean): Predictions {
  const rows: number[] = [];
  for (let row = 0; row < all.rows; row++) if (keep(row, all)) rows.push(row);
  const some = emptyPredictions(rows.length, all.horizon_days);
  for (const name of COLUMNS) {
    const from = all[name];
    const to = some[name];
    for (let i = 0; i < rows.length; i++) to[i] = from[rows[i]!]!;
  }
  return some;
}
