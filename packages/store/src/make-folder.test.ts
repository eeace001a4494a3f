import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolder } from './make-folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-folder-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('a folder is made with those above it, and making it again changes nothing', () => {
  makeFolder(join(root, 'a/b/c'));
  makeFolder(join(root, 'a/b/c'));
  expect(statSync(join(root, 'a/b/c')).isDirectory()).toBe(true);
});

test('a file in the way is an error', () => {
  writeFileSync(join(root, 'file'), '');
  expect(() => makeFolder(join(root, 'file'))).toThrow(/EEXIST/);
  expect(() => makeFolder(join(root, 'file/a/b'))).toThrow(/ENOTDIR/);
});

test.skipIf(!existsSync('/proc/self'))('a file system that cannot make folders is an error, and soon', () => {
  expect(() => makeFolder('/proc/pokewatch/a')).toThrow(/ENOENT/);
});
