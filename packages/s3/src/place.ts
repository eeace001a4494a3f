import { PokewatchError, S3_PLACE } from '@pokewatch/core';

/** Where a store lies in S3: `prefix` is empty or ends with `/`. */
export interface Place {
  readonly bucket: string;
  readonly prefix: string;
}

/** True when `POKEWATCH_DATA` names a place in S3 rather than a folder. */
export function isS3(data: string): boolean {
  return data.startsWith('s3://');
}

/** The place that `s3://bucket/prefix` names. @throws bad_setting */
export function parsePlace(data: string): Place {
  const found = S3_PLACE.exec(data)?.groups;
  if (found === undefined) {
    throw new PokewatchError('bad_setting', 'POKEWATCH_DATA is no place in S3', {
      hint: 'It is s3://bucket or s3://bucket/prefix.',
    });
  }
  const prefix = (found.prefix ?? '').replace(/\/$/, '');
  return { bucket: found.bucket!, prefix: prefix === '' ? '' : `${prefix}/` };
}
