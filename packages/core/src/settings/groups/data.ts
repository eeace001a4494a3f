import * as z from 'zod';
import { place, timer_ms, url } from '../kinds.ts';
import type { Setting } from '../setting.ts';

/** Settings of the group “Data”. */
export const DATA_SETTINGS = {
  POKEWATCH_DATA: {
    schema: place,
    fallback: './data',
    doc: 'Folder that holds raw prices, features, models and run reports, or `s3://bucket/prefix`.',
  },
  POKEWATCH_S3_ENDPOINT: {
    schema: z.union([z.literal(''), url]),
    fallback: '',
    doc: 'Address of an S3 server such as MinIO, `http://minio:9000`; buckets are parts of its paths. Empty: AWS.',
  },
  POKEWATCH_S3_REGION: {
    schema: z.string().min(1),
    fallback: 'us-east-1',
    doc: 'Region of the bucket.',
  },
  POKEWATCH_S3_CACHE: {
    schema: z.string(),
    fallback: '',
    doc: 'Folder for what was fetched from S3; several processes may share it. Empty: a folder for this user among the temporary ones.',
  },
  POKEWATCH_S3_CACHE_MB: {
    schema: z.coerce.number().int().min(0),
    fallback: '2000',
    doc: 'Size of that cache in megabytes; what was not used for longest goes first.',
  },
  AWS_ACCESS_KEY_ID: {
    schema: z.string(),
    fallback: '',
    secret: true,
    doc: 'Key id for S3. Empty without an endpoint: whatever AWS gives this machine or pod.',
  },
  AWS_SECRET_ACCESS_KEY: { schema: z.string(), fallback: '', secret: true, doc: 'Secret key for S3.' },
  AWS_SESSION_TOKEN: {
    schema: z.string(),
    fallback: '',
    secret: true,
    doc: 'Session token for S3, where the keys are temporary.',
  },
  POKEWATCH_CARDS: {
    schema: z.string().min(1),
    fallback: 'config/cards.yaml',
    doc: 'Path of the watch-list.',
  },
  POKEWATCH_NOW: {
    schema: z.union([z.literal(''), z.iso.datetime()]),
    fallback: '',
    doc: 'A fixed moment to use instead of the clock, `2026-04-20T12:00:00Z`; for replays and tests.',
  },
  POKEWATCH_JOB_LIMIT_MS: {
    schema: timer_ms,
    fallback: '3600000',
    doc: 'Time limit of one job run, in milliseconds.',
  },
} as const satisfies Record<string, Setting>;
