import type { KeyRecord } from '@pokewatch/contracts';
import type { Settings } from '@pokewatch/core';
import { isS3 } from '@pokewatch/s3/place';
import { filePlace, keyFilePath } from './key-file.ts';
import type { KeyPlace } from './key-place.ts';

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
