import type { Settings } from '@pokewatch/core';
import { type Finding, finding } from './finding.ts';

/** More than this between the clocks of this machine and of the server is worth a look; from 15 minutes S3 refuses. */
const WARN_SKEW_MS = 60_000;

/** Whether the bucket can be listed, read and written, and keeps to the conditions of writes. */
export function bucketCheck(settings: Settings): Promise<Finding> {
  return finding('data bucket', async () => {
    const { openBucket, probeBucket } = await import('@pokewatch/s3');
    const bucket = openBucket(settings);
    try {
      const { conditional, skew_ms } = await probeBucket(bucket);
      if (!conditional) {
        return {
          state: 'fail',
          text: `${bucket.where} can be written, but its server does not keep to If-Match and If-None-Match`,
          todo: 'Two jobs could overwrite each other. Use a server that does: AWS, MinIO, versitygw.',
        };
      }
      if (Math.abs(skew_ms) > WARN_SKEW_MS) {
        return {
          state: 'warn',
          text: `${bucket.where} can be used, but this clock is ${Math.round(Math.abs(skew_ms) / 1000)} s ${skew_ms > 0 ? 'ahead of' : 'behind'} the server’s`,
          todo: 'Set the clock of this machine right.',
        };
      }
      return { state: 'ok', text: `${bucket.where} can be listed, read and written, also on condition` };
    } finally {
      bucket.close();
    }
  });
}
