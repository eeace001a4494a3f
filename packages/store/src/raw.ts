import { existsSync } from 'node:fs';
import type { CardRow, PriceRow } from '@pokewatch/contracts';
import { filesBelow } from './data-store.ts';
import { fillTable, withDuck } from './duck.ts';
import { layout } from './layout.ts';
import { cardColumns, priceColumns, publishCards, publishPrices } from './raw-table.ts';

/** Raw files hold prices, or what a source says of the cards. */
export type RawKind = 'prices' | 'cards';

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

/** Raw files of one kind in a folder, sorted by source, day and run. */
export function listRaw(root: string, kind: RawKind = 'prices'): RawFile[] {
  return rawFiles(filesBelow(layout.rawOf(root, kind)));
}

const RAW_FILE = /\/source=(?<source>[^/]+)\/collected=(?<collected>[^/]+)\/(?<run_id>[^/]+)\.parquet$/;

/** The raw files among some paths, sorted by source, day and run. */
export function rawFiles(paths: readonly string[]): RawFile[] {
  const order = ({ source, collected, run_id }: RawFile) => [source, collected, run_id];
  return paths
    .flatMap((path) => {
      const found = RAW_FILE.exec(path)?.groups as Omit<RawFile, 'path'> | undefined;
      return found === undefined ? [] : [{ ...found, path }];
    })
    .sort((a, b) => compare(order(a), order(b)));
}

function compare(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((part, i) => part !== b[i]);
  return at < 0 ? 0 : a[at]! < b[at]! ? -1 : 1;
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
export function rawPath(root: string, kind: RawKind, run: RawRun): string {
  return layout.rawFile(root, kind, run.source, run.collected, run.run_id);
}
