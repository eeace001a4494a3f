export { openBucket } from './bucket.ts';
export type { Bucket, BucketEntry, BucketText, Downloaded, Expected, FileToPut } from './bucket-shape.ts';
export type { S3Settings } from './client.ts';
export { isS3, type Place, parsePlace } from './place.ts';
export { type Probed, probeBucket } from './probe.ts';
