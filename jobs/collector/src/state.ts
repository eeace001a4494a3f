import { join } from 'node:path';
import { type DataStore, jsonText, publishFile, readJson } from '@pokewatch/store';
import * as z from 'zod';

/** `sources/<source>.json`: what the collector remembers of its last run with a source. */
const SourceStateSchema = z.object({
  /** What the source must keep to within this data folder. */
  variant: z.string(),
  /** UTC day of the last collection, its run, and how much it published. */
  collected: z.string(),
  run_id: z.string(),
  parts: z.int(),
  price_rows: z.int(),
  card_rows: z.int(),
  spent: z.number(),
  newest_price: z.iso.date().nullable().default(null),
  /** Ids of the watch-list that it was for. */
  watched: z.array(z.string()),
  /** Parts that it did not get. */
  failed: z.array(z.string()),
  notes: z.array(z.string()),
  /** The source must not be called before this moment, and why. */
  blocked: z
    .object({ until: z.iso.datetime(), code: z.enum(['source_refused', 'source_quota']), reason: z.string() })
    .nullable(),
});
export type SourceState = z.infer<typeof SourceStateSchema>;

/** Folder of all states. */
export function statesFolder(root: string): string {
  return join(root, 'sources');
}

/** The state of a source, or undefined before its first run. @throws bad_data_file */
export async function readState(store: DataStore, source: string): Promise<SourceState | undefined> {
  const path = statePath(store.root, source);
  await store.fetch(path);
  return readJson(path, SourceStateSchema);
}

/** Replaces the state of a source. */
export async function saveState(store: DataStore, source: string, state: SourceState): Promise<void> {
  const path = statePath(store.root, source);
  publishFile(path, jsonText(state));
  await store.publish(path);
}

function statePath(root: string, source: string): string {
  return join(statesFolder(root), `${source}.json`);
}
