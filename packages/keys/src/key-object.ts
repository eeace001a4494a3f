import { openBucket, type S3Settings } from '@pokewatch/s3';
import { parseKeys } from './key-file.ts';
import type { KeyPlace } from './key-place.ts';

/** Every look is a request that may cost something. */
const POLL_MS = 5000;
const KEY = 'keys/keys.json';

/** Keys in the bucket of the data. */
export function bucketPlace(settings: S3Settings): KeyPlace {
  const bucket = openBucket(settings);
  const path = `${bucket.where}/${KEY}`;
  let etag: string | undefined;
  return {
    path,
    poll_ms: POLL_MS,
    async load() {
      const found = await bucket.read(KEY, etag);
      if (found === 'unchanged') return found;
      const records = found === undefined ? undefined : parseKeys(path, found.text);
      etag = found?.etag;
      return records;
    },
  };
}
