import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CardRow, PriceRow } from '@pokewatch/contracts';
import { fillTable, withDuck } from './duck.ts';
import { listFinished } from './files.ts';
import { layout } from './layout.ts';
import { cardColumns, priceColumns, publishCards, publishPrices } from './raw-table.ts';

/** One finished raw file: the rows of one run of a job. */
export interface RawFile {
  readonly source: string;
  readonly collected: string;
  readonly run_id: string;
  readonly path: string;
}

/** What names the file of a run. */
export interface RawRun {
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
  return existsSync(rawPath(root, 'prices', run));
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
  await withDuck(async (duck) => {
    await fillTable(duck, 'cards', cardColumns(cards), cards.length);
    await publishCards(duck, rawPath(root, 'cards', run), 'cards');
    await fillTable(duck, 'prices', priceColumns(prices), prices.length);
    await publishPrices(duck, rawPath(root, 'prices', run), 'prices');
  });
}

/** Where the rows of a run stand. */
export function rawPath(root: string, kind: 'prices' | 'cards', run: RawRun): string {
  return layout.rawFile(root, kind, run.source, run.collected, run.run_id);
}
