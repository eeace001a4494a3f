import * as z from 'zod';

/** A port; 0 is any that is free. */
export const port = z.coerce.number().int().min(0).max(65_535);
/** Yes or no, in the words that people use. */
export const flag = z
  .enum(['true', 'false', '1', '0', 'yes', 'no', 'on', 'off'])
  .transform((v) => ['true', '1', 'yes', 'on'].includes(v));
/** An HTTP address, without a slash at its end. */
export const url = z.url({ protocol: /^https?$/ }).transform((v) => v.replace(/\/+$/, ''));
/** Parts separated by commas. */
export const list = z.string().transform((v) =>
  v
    .split(',')
    .map((s) => s.trim())
    .filter((s) => s !== ''),
);
/** Addresses of one machine or a range of them, or a name for ranges that are never routed. */
export const range = z.union(
  [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6(), z.enum(['loopback', 'linklocal', 'uniquelocal'])],
  {
    error: 'each must be an address, a range such as 10.0.0.0/8, or loopback, linklocal or uniquelocal',
  },
);
/** A whole number from 1. */
export const count = z.coerce.number().int().min(1);
/** A folder, or `s3://bucket/prefix`. */
export const place = z
  .string()
  .min(1)
  .refine((v) => !/^[a-z][a-z0-9+.-]+:\/\//i.test(v) || S3_PLACE.test(v), {
    error: 'must be a folder or s3://bucket/prefix (small letters, digits, - and . in the bucket)',
  });
/** Milliseconds of a timer; Node fires timers of more than 2^31 − 1 at once. */
export const timer_ms = z.coerce.number().int().min(1).max(2_147_483_647);
/** A share from 0 to 1. */
export const fraction = z.coerce.number().min(0).max(1);

/** `s3://bucket/prefix`; the prefix may be absent, has no empty parts and no `.` or `..` among them. */
export const S3_PLACE =
  /^s3:\/\/(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(?<prefix>(?:(?!\.{1,2}(?:\/|$))[^/\s]+(?:\/|$))*))?$/;
