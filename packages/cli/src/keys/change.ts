import { KeyFileSchema, type KeyRecord } from '@pokewatch/contracts';
import { isPokewatchError, pause } from '@pokewatch/core';
import { type Lock, takeLock } from '@pokewatch/job';
import { keyFilePath, readKeyFile } from '@pokewatch/keys';
import { jsonText, publishFile } from '@pokewatch/store';
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
  const path = keyFilePath(settings);
  const lock = await patientLock(settings.POKEWATCH_DATA);
  try {
    const result = change(readKeyFile(path) ?? []);
    publishFile(path, jsonText(KeyFileSchema.parse({ keys: result.records })), MODE);
    return { ...result, path };
  } finally {
    lock.release();
  }
}

async function patientLock(root: string): Promise<Lock> {
  for (const until = performance.now() + WAIT_MS; ; await pause(RETRY_MS)) {
    try {
      return takeLock(root, 'keys');
    } catch (error) {
      if (!isPokewatchError(error) || error.code !== 'job_locked' || performance.now() > until) throw error;
    }
  }
}
