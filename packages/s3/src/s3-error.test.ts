import { PokewatchError } from '@pokewatch/core';
import { expect, test } from 'vitest';
import { isConditionFailed, isNotThere, s3Error } from './s3-error.ts';

/** An error as the SDK throws it. */
function answered(name: string, httpStatusCode?: number, more: object = {}): Error {
  const error = new Error('words of the server with AKIA-SECRET in them');
  error.name = name;
  return Object.assign(
    error,
    { $metadata: { ...(httpStatusCode === undefined ? {} : { httpStatusCode }), attempts: 3 } },
    more,
  );
}

test.each([
  ['SignatureDoesNotMatch', 403, 'store_denied'],
  ['InvalidAccessKeyId', 403, 'store_denied'],
  ['XAdminUserNotFound', 404, 'store_denied'],
  ['ExpiredToken', 400, 'store_denied'],
  ['RequestTimeTooSkewed', 403, 'store_denied'],
  ['CredentialsProviderError', undefined, 'store_denied'],
  ['NoSuchBucket', 404, 'store_missing'],
  ['SlowDown', 503, 'store_unavailable'],
  ['InternalError', 500, 'store_unavailable'],
  ['TimeoutError', undefined, 'store_unavailable'],
  ['PermanentRedirect', 301, 'storage'],
  ['EntityTooLarge', 400, 'storage'],
])('%s with status %s is %s, says where, and repeats no word of the server', (name, status, code) => {
  const error = s3Error('s3://cards/a/b', answered(name, status)) as PokewatchError;
  expect(error).toMatchObject({ code, message: expect.stringContaining('s3://cards/a/b'), hint: expect.any(String) });
  expect(`${error.message} ${error.hint}`).not.toContain('AKIA');
  expect(error.cause).toBeUndefined();
});

test.each([
  'ECONNREFUSED',
  'ENOTFOUND',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'ERR_STREAM_PREMATURE_CLOSE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
])('a connection that breaks with %s is store_unavailable', (code) => {
  expect(s3Error('s3://cards', answered('Error', undefined, { code }))).toMatchObject({
    code: 'store_unavailable',
    message: expect.stringContaining(code),
  });
});

test('faults of the program and errors with a code stay what they are', () => {
  const own = new PokewatchError('bad_data_file', 'x');
  const fault = new TypeError('x is not a function');
  const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC', syscall: 'write' });
  expect(s3Error('s3://cards', full)).toBe(full);
  expect(s3Error('s3://cards', own)).toBe(own);
  expect(s3Error('s3://cards', fault)).toBe(fault);
});

test('conditions fail by 412, by 409, and where nothing is left to replace; not for lack of the bucket', () => {
  for (const [name, status] of [
    ['PreconditionFailed', 412],
    ['ConditionalRequestConflict', 409],
    ['NoSuchKey', 404],
  ] as const)
    expect(isConditionFailed(answered(name, status))).toBe(true);
  expect(isConditionFailed(answered('NoSuchBucket', 404))).toBe(false);
  expect(isNotThere(answered('NoSuchKey', 404))).toBe(true);
  expect(isNotThere(answered('NoSuchBucket', 404))).toBe(false);
});
