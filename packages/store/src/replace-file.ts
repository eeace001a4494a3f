import { isPokewatchError } from '@pokewatch/core';
import type { DataStore } from './data-store.ts';
import { publishFile } from './files.ts';

/** How often it is tried again after somebody else wrote at the same moment. */
const MOST_CONFLICTS = 5;

/**
 * Writes a file in place of the one that is there, which is fetched before `text` makes the new one. In S3, where somebody else
 * may write at the same moment, it is made again from theirs; in a folder a lock keeps others away.
 * @throws storage, store_unavailable, or store_conflict when others write all the time
 */
export async function replaceFile(store: DataStore, path: string, text: () => string | Promise<string>): Promise<void> {
  for (let conflicts = 0; ; conflicts += 1) {
    await store.fetch(path);
    publishFile(path, await text());
    try {
      return await store.publish(path);
    } catch (error) {
      const again = isPokewatchError(error) && error.code === 'store_conflict' && conflicts < MOST_CONFLICTS;
      if (!again) throw error;
    }
  }
}
