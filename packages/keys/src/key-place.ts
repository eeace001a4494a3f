import type { KeyRecord } from '@pokewatch/contracts';
import type { Settings } from '@pokewatch/core';
import { isS3 } from '@pokewatch/s3/place';
import { filePlace, keyFilePath } from './key-file.ts';

/** Where keys are stored: a file, or an object in a bucket. */
export interface KeyPlace {
  /** What people call it. */
  readonly path: string;
  /** How often it is worth a look. */
  readonly poll_ms: number;
  /**
   * The stored keys; undefined when none were ever stored, `unchanged` when they are those of the last call.
   * @throws storage, store_unavailable and so on when they cannot be read, bad_data_file when they are damaged
   */
  load(): Promise<readonly KeyRecord[] | 'unchanged' | undefined>;
}

/** Where the settings say that keys are stored. */
export async function keyPlace(settings: Settings): Promise<KeyPlace> {
  if (settings.POKEWATCH_KEYS !== '' || !isS3(settings.POKEWATCH_DATA)) return filePlace(keyFilePath(settings));
  const { bucketPlace } = await import('./key-object.ts');
  return bucketPlace(settings);
}

/** The stored keys now, or undefined when none were ever stored. */
export async function readKeys(settings: Settings): Promise<readonly KeyRecord[] | undefined> {
  const records = await (await keyPlace(settings)).load();
  return records === 'unchanged' ? undefined : records;
}
