import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DATE, DOUBLE, DuckDBDateValue, DuckDBTimestampValue, TIMESTAMP, VARCHAR } from '@duckdb/node-api';
import type { CardRow, PriceRow } from '@pokewatch/contracts';
import { epochDay } from '@pokewatch/core';
import { type FilledColumn, fillTable, literal, withDuck } from './duck.ts';
import { listFinished, publishFileBy } from './files.ts';
import { layout } from './layout.ts';

/** One finished raw file: the rows of one run of a job. */
export interface RawFile {
  readonly source: string;
  readonly collected: string;
  readonly run_id: string;
  readonly path: string;
}

interface RawRun {
  readonly source: string;
  /** UTC day of the run. */
  readonly collected: string;
  readonly run_id: string;
}

/** Raw files of one kind, sorted by source, day and run. */
export function listRaw(root: string, kind: 'prices' | 'cards' = 'prices'): RawFile[] {
  const top = kind === 'prices' ? layout.rawPrices(root) : layout.rawCards(root);
  const files: RawFile[] = [];
  for (const sourceFolder of listFinished(top).filter((name) => name.startsWith('source='))) {
    const source = sourceFolder.slice('source='.length);
    for (const dayFolder of listFinished(join(top, sourceFolder)).filter((name) => name.startsWith('collected='))) {
      const collected = dayFolder.slice('collected='.length);
      for (const name of listFinished(join(top, sourceFolder, dayFolder)).filter((file) => file.endsWith('.parquet'))) {
        files.push({
          source,
          collected,
          run_id: name.slice(0, -'.parquet'.length),
          path: join(top, sourceFolder, dayFolder, name),
        });
      }
    }
  }
  return files;
}

/** True when the run's prices are published. They are the last file written, so then the run is whole. */
export function hasRaw(root: string, run: RawRun): boolean {
  return existsSync(layout.rawFile(root, 'prices', run.source, run.collected, run.run_id));
}

/**
 * Publishes the rows of one run: the cards first, then the prices, each atomically, sorted so that the same rows give
 * the same bytes. A run that was published before is not written again.
 */
export async function writeRaw(
  root: string,
  run: RawRun,
  prices: readonly PriceRow[],
  cards: readonly CardRow[],
): Promise<void> {
  if (hasRaw(root, run)) return;
  await writeSorted(
    layout.rawFile(root, 'cards', run.source, run.collected, run.run_id),
    cardColumns(cards),
    cards.length,
    'card_id, printing, observed_at, source, product_id, name, set_name, number, rarity, language',
  );
  await writeSorted(
    layout.rawFile(root, 'prices', run.source, run.collected, run.run_id),
    priceColumns(prices),
    prices.length,
    'card_id, printing, currency, price_date, observed_at, condition, language, market, low, mid, high, volume',
  );
}

async function writeSorted(path: string, columns: FilledColumn[], rows: number, order: string): Promise<void> {
  await withDuck(async (duck) => {
    await fillTable(duck, 'rows', columns, rows);
    await publishFileBy(path, async (unfinished) => {
      await duck.run(
        `copy (select * from rows order by ${order}) to ${literal(unfinished)} (format parquet, compression zstd)`,
      );
    });
  });
}

function textColumns<T>(rows: readonly T[], names: readonly (keyof T & string)[]): FilledColumn[] {
  return names.map((name) => ({ name, type: VARCHAR, value: (i) => rows[i]![name] as string }));
}

function momentColumn(rows: readonly { observed_at: string }[]): FilledColumn {
  return {
    name: 'observed_at',
    type: TIMESTAMP,
    value: (i) => new DuckDBTimestampValue(BigInt(Date.parse(rows[i]!.observed_at)) * 1000n),
  };
}

function priceColumns(rows: readonly PriceRow[]): FilledColumn[] {
  const figures = ['market', 'low', 'mid', 'high', 'volume'] as const;
  return [
    ...textColumns(rows, ['card_id', 'source', 'printing', 'condition', 'language', 'currency']),
    { name: 'price_date', type: DATE, value: (i) => new DuckDBDateValue(epochDay(rows[i]!.price_date)) },
    momentColumn(rows),
    ...figures.map((name): FilledColumn => ({ name, type: DOUBLE, value: (i) => rows[i]![name] })),
    ...textColumns(rows, ['run_id']),
  ];
}

function cardColumns(rows: readonly CardRow[]): FilledColumn[] {
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
