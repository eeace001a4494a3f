import { type Champion, ChampionSchema } from '@pokewatch/contracts';
import { openBucket, type S3Settings } from '@pokewatch/s3';
import { parseJson } from '../files.ts';
import { layout } from '../layout.ts';

/**
 * Follows `models/champion.json` in a bucket: each call asks whether it is still the one of the call before, and reads it
 * only when it is not. @throws store_denied, store_missing, store_unavailable, bad_data_file
 */
export function championPointer(settings: S3Settings): () => Promise<Champion | undefined> {
  const bucket = openBucket(settings);
  const key = layout.champion('');
  let known: { readonly etag: string; readonly champion: Champion } | undefined;
  return async () => {
    const found = await bucket.read(key, known?.etag);
    if (found === 'unchanged') return known?.champion;
    known =
      found === undefined
        ? undefined
        : { etag: found.etag, champion: parseJson(`${bucket.where}/${key}`, found.text, ChampionSchema) };
    return known?.champion;
  };
}
