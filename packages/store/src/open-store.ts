import { isPokewatchError, PokewatchError } from '@pokewatch/core';
import { isS3 } from '@pokewatch/s3/place';
import { type DataStore, folderStore } from './data-store.ts';
import type { BucketStoreSettings } from './s3/bucket-store.ts';

export { layout } from './layout.ts';
export { isS3 };

/** Settings that say where the data is. */
export type StoreSettings = BucketStoreSettings;

/**
 * The store that the settings name; close it when done. Nothing is asked of S3 yet.
 * @throws bad_setting, store_denied without keys, storage when the cache cannot be used
 */
export async function openStore(settings: StoreSettings): Promise<DataStore> {
  if (!isS3(settings.POKEWATCH_DATA)) return folderStore(settings.POKEWATCH_DATA);
  // The SDK takes a while to load; whoever works in a folder does not wait for it.
  const { openBucketStore } = await import('./s3/bucket-store.ts');
  return openBucketStore(settings);
}

/** Works with the store that the settings name, and closes it. Errors speak of the paths that people know. */
export async function withStore<T>(settings: StoreSettings, work: (store: DataStore) => Promise<T>): Promise<T> {
  const store = await openStore(settings);
  try {
    return await work(store);
  } catch (error) {
    throw toldBy(store, error);
  } finally {
    await store.close();
  }
}

/** The error with the paths that people know. */
export function toldBy(store: DataStore, error: unknown): unknown {
  if (!isPokewatchError(error) || store.say(error.message) === error.message) return error;
  const { code, hint, message, retry_at } = error;
  return new PokewatchError(code, store.say(message), {
    ...(hint === undefined ? {} : { hint: store.say(hint) }),
    ...(retry_at === undefined ? {} : { retry_at }),
    cause: error,
  });
}
