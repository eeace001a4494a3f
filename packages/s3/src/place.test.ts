import { expect, test } from 'vitest';
import { isS3, parsePlace } from './place.ts';

test.each([
  ['s3://cards', 'cards', ''],
  ['s3://cards/', 'cards', ''],
  ['s3://my.cards-1/prod', 'my.cards-1', 'prod/'],
  ['s3://cards/a/b/', 'cards', 'a/b/'],
  ['s3://cards/é', 'cards', 'é/'],
])('%s is the bucket %s and the prefix "%s"', (data, bucket, prefix) => {
  expect(isS3(data)).toBe(true);
  expect(parsePlace(data)).toEqual({ bucket, prefix });
});

test.each([
  's3://',
  's3:///a',
  's3://Cards',
  's3://a',
  's3://cards//a',
  's3://cards/../a',
  's3://cards/./a',
  's3://cards/a b',
])('%s is no place: bad_setting', (data) => {
  expect(() => parsePlace(data)).toThrow(expect.objectContaining({ code: 'bad_setting' }));
});

test('a folder is not in S3, whatever it is called', () => {
  for (const data of ['./data', '/data', 's3', 's3:/x', 'data/s3://x']) expect(isS3(data)).toBe(false);
});
