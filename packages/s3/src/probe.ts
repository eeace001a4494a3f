import { randomUUID } from 'node:crypto';
import type { Bucket } from './bucket-shape.ts';

/** What a trial in a bucket has shown. */
export interface Probed {
  /** False when a write passed although its condition did not hold. */
  readonly conditional: boolean;
  /** How far this clock is ahead of the server's. */
  readonly skew_ms: number;
}

/** Lists, writes, reads and removes a trial object. @throws store_denied, store_missing, store_unavailable */
export async function probeBucket(bucket: Bucket): Promise<Probed> {
  const key = `.doctor-${randomUUID()}`;
  await bucket.names('');
  const first = await bucket.put(key, 'first', 'nothing');
  try {
    const found = await bucket.read(key);
    const again = await bucket.put(key, 'second', 'nothing');
    const stale = await bucket.put(key, 'third', { etag: '"00000000000000000000000000000000"' });
    const replaced = first === undefined ? undefined : await bucket.put(key, 'fourth', { etag: first });
    const now_ms = found === undefined || found === 'unchanged' ? Date.now() : found.now_ms;
    return {
      conditional: again === undefined && stale === undefined && replaced !== undefined,
      skew_ms: Date.now() - now_ms,
    };
  } finally {
    await bucket.remove(key);
  }
}
