import type { ComparedColumn, DriftColumn } from '@pokewatch/evaluation';
import { computeSignal } from '@pokewatch/signals';
import type { PredictionTable } from '@pokewatch/store';
import type { Days } from './data-columns.ts';

/** Fractions. */
export interface Thresholds {
  readonly buy_threshold_pct: number;
  readonly sell_threshold_pct: number;
}

/** What each column of predictions says. */
export const PREDICTION_MEANINGS: Readonly<Record<string, string>> = {
  expected_change: 'log of the fair price over the market price',
  band_width: 'log of the upper over the lower end of the band',
  p_up: 'chance of a gain of 10 % or more',
  p_down: 'chance of a loss of 10 % or more',
  signal: 'BUY, SELL or HOLD',
  speaker: 'which model spoke',
};

type Rows = Pick<
  PredictionTable,
  'day' | 'market' | 'fair' | 'lower' | 'upper' | 'p_up' | 'p_down' | 'model' | 'models'
>;

/** Columns of the predictions of two windows, and how many rows there are in each. */
export function predictionColumns(
  table: Rows,
  windows: { readonly reference: Days; readonly current: Days },
  thresholds: Thresholds,
): { readonly columns: ComparedColumn[]; readonly rows: { readonly reference: number; readonly current: number } } {
  const [before, now] = [rowsIn(table, windows.reference), rowsIn(table, windows.current)];
  const compared = (name: string, column: (rows: readonly number[]) => DriftColumn): ComparedColumn => ({
    name,
    reference: column(before),
    current: column(now),
  });
  const numbers = (name: string, of: (row: number) => number) =>
    compared(name, (rows) => ({ kind: 'float', values: Float64Array.from(rows, of) }));
  const words = (name: string, of: (row: number) => string) =>
    compared(name, (rows) => ({ kind: 'text', values: rows.map(of) }));
  return {
    columns: [
      numbers('expected_change', (row) => Math.log(table.fair[row]! / table.market[row]!)),
      numbers('band_width', (row) => Math.log(table.upper[row]! / table.lower[row]!)),
      numbers('p_up', (row) => table.p_up[row]!),
      numbers('p_down', (row) => table.p_down[row]!),
      words('signal', (row) => {
        const prices = { market_price: table.market[row]!, fair_price: table.fair[row]! };
        return computeSignal({ ...prices, ...thresholds }).signal;
      }),
      words('speaker', (row) => table.models[table.model[row]!]!),
    ],
    rows: { reference: before.length, current: now.length },
  };
}

function rowsIn({ day }: Rows, { from_day, to_day }: Days): number[] {
  const rows: number[] = [];
  for (let row = 0; row < day.length; row++) if (day[row]! >= from_day && day[row]! <= to_day) rows.push(row);
  return rows;
}
