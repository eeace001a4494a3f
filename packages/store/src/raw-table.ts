import { DATE, DOUBLE, DuckDBDateValue, DuckDBTimestampValue, TIMESTAMP, VARCHAR } from '@duckdb/node-api';
import { type CardRow, type PriceRow, priceOrNull } from '@pokewatch/contracts';
import { epochDay } from '@pokewatch/core';
import { type DuckDBConnection, type FilledColumn, literal } from './duck.ts';
import { publishFileBy } from './files.ts';
import { noteChecksum } from './raw-checksum.ts';

/** Orders that name every column that differs between the rows of a run, so that the same rows give the same bytes. */
const CARD_ORDER = 'card_id, printing, observed_at, source, product_id, name, set_name, number, rarity, language';
const PRICE_ORDER =
  'card_id, printing, currency, price_date, observed_at, condition, language, market, low, mid, high, volume';

/** Publishes a table of cards as a raw file. */
export function publishCards(duck: DuckDBConnection, path: string, table: string): Promise<void> {
  return publishSorted(duck, path, table, CARD_ORDER);
}

/** Publishes a table or view of prices as a raw file. */
export function publishPrices(duck: DuckDBConnection, path: string, table: string): Promise<void> {
  return publishSorted(duck, path, table, PRICE_ORDER);
}

function publishSorted(duck: DuckDBConnection, path: string, table: string, order: string): Promise<void> {
  return publishFileBy(path, async (unfinished) => {
    await duck.run(
      `copy (select * from ${table} order by ${order}) to ${literal(unfinished)} (format parquet, compression zstd)`,
    );
    noteChecksum(path, unfinished);
  });
}

/** A moment as DuckDB keeps it. */
function timestamp(iso: string): DuckDBTimestampValue {
  return new DuckDBTimestampValue(BigInt(Date.parse(iso)) * 1000n);
}

/** Columns of price rows, in the order of the files. */
export function priceColumns(rows: readonly PriceRow[]): FilledColumn[] {
  const prices = ['market', 'low', 'mid', 'high'] as const;
  return [
    ...textColumns(rows, ['card_id', 'source', 'printing', 'condition', 'language', 'currency']),
    { name: 'price_date', type: DATE, value: (i) => new DuckDBDateValue(epochDay(rows[i]!.price_date)) },
    momentColumn(rows),
    ...prices.map((name): FilledColumn => ({ name, type: DOUBLE, value: (i) => priceOrNull(rows[i]![name]) })),
    { name: 'volume', type: DOUBLE, value: (i) => rows[i]!.volume },
    ...textColumns(rows, ['run_id']),
  ];
}

/** Columns of card rows, in the order of the files. */
export function cardColumns(rows: readonly CardRow[]): FilledColumn[] {
  return [
    ...textColumns(rows, [
      'card_id',
      'source',
      'product_id',
      'name',
      'set_name',
      'number',
      'rarity',
      'printing',
      'language',
    ]),
    momentColumn(rows),
    ...textColumns(rows, ['run_id']),
  ];
}

function textColumns<T>(rows: readonly T[], names: readonly (keyof T & string)[]): FilledColumn[] {
  return names.map((name) => ({ name, type: VARCHAR, value: (i) => rows[i]![name] as string }));
}

function momentColumn(rows: readonly { observed_at: string }[]): FilledColumn {
  return { name: 'observed_at', type: TIMESTAMP, value: (i) => timestamp(rows[i]!.observed_at) };
}
