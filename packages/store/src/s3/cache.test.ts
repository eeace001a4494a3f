import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sha256 } from '../files.ts';
import { Cache } from './cache.ts';

let folder: string;
let objects: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pokewatch-cache-'));
  objects = join(folder, 'objects');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function keep(cache: Cache, id: string, content: string): void {
  const path = join(folder, 'made');
  writeFileSync(path, content);
  cache.keep(id, path, sha256(content));
  rmSync(path);
}

const to = () => join(folder, 'taken');

test('what one keeps another one takes, by a link that a later change of the cache does not touch', () => {
  keep(new Cache(objects), 'key etag', 'prices');
  const other = new Cache(objects);
  expect(other.take('key etag', to(), true)).toBe(true);
  expect(statSync(to()).nlink).toBe(2);
  other.sweep(0);
  expect(readFileSync(to(), 'utf8')).toBe('prices');
});

test('what may be changed is a copy', () => {
  const cache = new Cache(objects);
  keep(cache, 'key etag', 'prices');
  expect(cache.take('key etag', to(), false)).toBe(true);
  writeFileSync(to(), 'changed');
  expect(cache.take('key etag', to(), true)).toBe(true);
  expect(readFileSync(to(), 'utf8')).toBe('prices');
});

test('another ETag is another object', () => {
  const cache = new Cache(objects);
  keep(cache, 'key etag', 'prices');
  expect(cache.take('key other', to(), true)).toBe(false);
});

test.each(['', 'priceS', 'prices and more'])('a file that holds "%s" instead is thrown away and not used', (damage) => {
  const cache = new Cache(objects);
  keep(cache, 'key etag', 'prices');
  writeFileSync(join(objects, readdirSync(objects)[0]!), damage);
  expect(cache.take('key etag', to(), true)).toBe(false);
  expect(readdirSync(objects)).toEqual([]);
  expect(readdirSync(folder)).toEqual(['objects']);
  keep(cache, 'key etag', 'prices');
  expect(cache.take('key etag', to(), true)).toBe(true);
});

test('a file that somebody else removed is not there', () => {
  const cache = new Cache(objects);
  keep(cache, 'key etag', 'prices');
  rmSync(objects, { recursive: true });
  expect(cache.take('key etag', to(), true)).toBe(false);
});

test('the sweep takes what was used longest ago, and nothing that was used within a minute', () => {
  const cache = new Cache(objects);
  for (const id of ['a', 'b', 'c']) keep(cache, id, id.repeat(100));
  for (const name of readdirSync(objects)) utimesSync(join(objects, name), 1, 1);
  expect(cache.take('a', to(), true)).toBe(true);
  cache.sweep(250);
  expect(readdirSync(objects)).toHaveLength(2);
  expect(cache.take('a', to(), true)).toBe(true);
  cache.sweep(0);
  expect(new Cache(objects).take('a', to(), true)).toBe(true);
});

test('a folder that cannot be written is told as storage by whoever opens the store', async () => {
  const { openStore } = await import('../open-store.ts');
  const { parseSettings } = await import('@pokewatch/core');
  const closed = join(folder, 'file');
  writeFileSync(closed, 'a file');
  chmodSync(closed, 0o400);
  const settings = parseSettings({
    POKEWATCH_DATA: 's3://cards',
    POKEWATCH_S3_ENDPOINT: 'http://127.0.0.1:9',
    POKEWATCH_S3_CACHE: closed,
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
  });
  await expect(openStore(settings)).rejects.toMatchObject({ code: 'storage' });
});
