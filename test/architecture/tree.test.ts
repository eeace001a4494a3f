import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

test.each([
  ['format and lint', 'biome', ['check', '.']],
  ['types', 'tsc', ['-p', '.']],
  ['no unused file, export or dependency', 'knip', []],
])('the tree passes: %s', (_name, command, args) => {
  const { status, stdout, stderr } = spawnSync(join(ROOT, 'node_modules/.bin', command), args, {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(status, `${stdout}${stderr}`).toBe(0);
});
