import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PokewatchError } from '@pokewatch/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { filesBelow, folderStore } from './data-store.ts';
import { toldBy } from './open-store.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-folder-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('a folder lists what is finished, sorted, at any depth, and nothing where nothing is', async () => {
  const store = folderStore(root);
  for (const path of ['b/2.json', 'b/1.json', 'a/deep/x', '.unfinished-1-b/y', 'b/.unfinished-1-z']) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), '');
  }
  expect(await store.files(root)).toEqual(['a/deep/x', 'b/1.json', 'b/2.json'].map((path) => join(root, path)));
  expect(await store.names(join(root, 'b'))).toEqual(['1.json', '2.json']);
  expect(await store.files(join(root, 'none'))).toEqual([]);
  expect(() => filesBelow(join(root, 'b/1.json'))).toThrow(expect.objectContaining({ code: 'storage' }));
});

test('errors are told with the paths that people know, and with all that they said', () => {
  const store = { ...folderStore('/tmp/copy'), say: (text: string) => text.replaceAll('/tmp/copy', 's3://cards') };
  const error = new PokewatchError('source_quota', '/tmp/copy/raw is full', {
    hint: 'See /tmp/copy.',
    retry_at: '2026-11-22T00:00:00Z',
  });
  expect(toldBy(store, error)).toMatchObject({
    code: 'source_quota',
    message: 's3://cards/raw is full',
    hint: 'See s3://cards.',
    retry_at: '2026-11-22T00:00:00Z',
  });
  const other = new TypeError('x');
  expect(toldBy(store, other)).toBe(other);
});
