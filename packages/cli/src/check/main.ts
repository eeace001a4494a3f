import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';

const ROOT = join(import.meta.dirname, '../../../..');
const inBin = (name: string) => join(ROOT, 'node_modules/.bin', name);

/** Each check by what it looks at. */
const CHECKS: readonly (readonly [string, string, readonly string[]])[] = [
  ['format and lint', inBin('biome'), ['check', '.']],
  ['types', inBin('tsc'), ['-p', '.']],
  ['unused code and dependencies', inBin('knip'), []],
  [
    'architecture',
    process.execPath,
    [
      join(ROOT, 'node_modules/vitest/vitest.mjs'),
      'run',
      'test/architecture/architecture',
      'test/architecture/checkers',
    ],
  ],
  ['generated pages', process.execPath, [join(ROOT, 'packages/cli/src/main.ts'), 'docs', '--check']],
];

const failed = CHECKS.filter(([name, command, args]) => {
  console.log(`\n${name}`);
  return spawnSync(command, args, { cwd: ROOT, stdio: 'inherit' }).status !== 0;
});
console.log(failed.length === 0 ? '\nall checks passed' : `\nfailed: ${failed.map(([name]) => name).join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
