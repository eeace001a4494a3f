import { KeyFileSchema, type KeyRecord } from '@pokewatch/contracts';
import { isPokewatchError, pause } from '@pokewatch/core';
import { type Lock, lockStore } from '@pokewatch/job';
import { keyFilePath, readKeyFile } from '@pokewatch/keys';
import { type DataStore, jsonText, publishFile, withStore } from '@pokewatch/store';
import type { Context } from '../context.ts';

/** Only the user that runs the services may read the file. */
const MODE = 0o600;
/** How long a change waits for another one. */
const WAIT_MS = 5000;
const RETRY_MS = 50;

/**
 * Changes the key file under a lock, so that no change is lost; services see the old file or the new one.
 * @throws bad_data_file, storage, job_locked, and whatever `change` throws; nothing is written then.
 */
export async function changeKeys<T extends { readonly records: readonly KeyRecord[] }>(
  context: Context,
  change: (records: readonly KeyRecord[]) => T,
): Promise<T & { path: string }> {
  const settings = context.settings();
  return withStore(settings, async (store) => {
    const path = keyFilePath({ ...settings, POKEWATCH_DATA: store.root });
    const stored = settings.POKEWATCH_KEYS === '' ? [path] : [];
    const lock = await patientLock(store);
    try {
      await store.fetch(...stored);
      const result = change(readKeyFile(path) ?? []);
      publishFile(path, jsonText(KeyFileSchema.parse({ keys: result.records })), MODE);
      await store.publish(...stored);
      return { ...result, path: store.say(path) };
    } finally {
      await lock.release();
    }
  });
}

async function patientLock(store: DataStore): Promise<Lock> {
  for (const until = performance.now() + WAIT_MS; ; await pause(RETRY_MS)) {
    try {
      return await lockStore(store, 'keys');
    } catch (error) {
      if (!isPokewatchError(error) || error.code !== 'job_locked' || performance.now() > until) throw error;
    }
  }
}
