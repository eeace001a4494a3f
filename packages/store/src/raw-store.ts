import { dirname, join } from 'node:path';
import type { DataStore } from './data-store.ts';
import { layout } from './layout.ts';
import { type RawFile, type RawKind, type RawRun, rawFiles, rawPath } from './raw.ts';
import { checksumPath } from './raw-checksum.ts';

/** Raw files of one kind (and one source) in a store, sorted by source, day and run; `fetchRaw` brings them. */
export async function fetchRawList(store: DataStore, kind: RawKind = 'prices', source?: string): Promise<RawFile[]> {
  const top = layout.rawOf(store.root, kind);
  return rawFiles(await store.files(source === undefined ? top : join(top, `source=${source}`)));
}

/** Brings raw files and what their SHA-256 was when they were written. */
export function fetchRaw(store: DataStore, files: readonly RawFile[]): Promise<void> {
  return store.fetch(...files.flatMap(({ path }) => [checksumPath(path), path]));
}

/** True when the run's prices are published. They are the last file written, so then the run is whole. */
export async function isRawPublished(store: DataStore, run: RawRun): Promise<boolean> {
  const path = rawPath(store.root, 'prices', run);
  return (await store.files(dirname(path))).includes(path);
}

/** Publishes the raw files of a run, the prices last; when they are there already, nothing is written. */
export async function publishRaw(store: DataStore, run: RawRun): Promise<void> {
  if (store.bucket === undefined || (await isRawPublished(store, run))) return;
  const [cards, prices] = [rawPath(store.root, 'cards', run), rawPath(store.root, 'prices', run)];
  // Cards of an interrupted publication are written anew.
  await store.files(dirname(cards));
  await store.publish(checksumPath(cards), cards, checksumPath(prices), prices);
}
