import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
let folder: string;

// Inside the repository, so that the checkers find its configuration and its modules.
beforeEach(() => {
  folder = mkdtempSync(join(ROOT, 'test', 'planted-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(command: string, args: string[], cwd = ROOT) {
  const { status, stdout, stderr } = spawnSync(join(ROOT, 'node_modules/.bin', command), args, {
    cwd,
    encoding: 'utf8',
  });
  return { status, output: `${stdout}${stderr}` };
}

function plant(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test.each([
  ['a default export', 'export default 1;\n', 'noDefaultExport'],
  ['any', 'export function f(x: any) {\n  return x;\n}\n', 'noExplicitAny'],
  [
    'a type that is imported as a value',
    "import { Stats } from 'node:fs';\n\nexport type A = Stats;\n",
    'useImportType',
  ],
  ['wrong formatting', 'export const a   =  "b"\n', 'format'],
])('biome finds %s', (_name, text, rule) => {
  const { status, output } = run('biome', ['check', plant('planted.ts', text)]);
  expect(status).toBe(1);
  expect(output).toContain(rule);
});

test.each([
  ['an index that may be missing', 'export const a: number = [1][0];\n', 'TS2322'],
  ['syntax that Node cannot strip', 'export enum A {\n  b,\n}\n', 'TS1294'],
  ['a name that is not used', 'const a = 1;\n', 'TS6133'],
])('the type checker finds %s', (_name, text, code) => {
  plant('planted.ts', text.includes('export') ? text : `${text}export {};\n`);
  plant('tsconfig.json', JSON.stringify({ extends: '../../tsconfig.base.json', include: ['planted.ts'] }));
  const { status, output } = run('tsc', ['-p', folder]);
  expect(status).not.toBe(0);
  expect(output).toContain(code);
});

test('knip finds a file, an export and a dependency that nobody uses', () => {
  mkdirSync(join(folder, 'src'));
  plant(
    'package.json',
    JSON.stringify({ name: 'planted', type: 'module', main: 'src/main.ts', dependencies: { zod: '*' } }),
  );
  plant('src/main.ts', "import { used } from './used.ts';\n\nused();\n");
  plant('src/used.ts', 'export function used() {}\nexport function unused() {}\n');
  plant('src/orphan.ts', 'export const a = 1;\n');
  plant('knip.json', JSON.stringify({ entry: ['src/main.ts'], project: ['src/**/*.ts'] }));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const { status, output } = run('knip', ['--directory', folder, '--config', 'knip.json'], folder);
  expect(status).toBe(1);
  expect(output).toContain('orphan.ts');
  expect(output).toContain('unused');
  expect(output).toContain('zod');
});

// In this file, not beside it: while a violation is planted, the tree does not pass.
test.each([
  ['format and lint', 'biome', ['check', '.']],
  ['types', 'tsc', ['-p', '.']],
  ['no unused file, export or dependency', 'knip', []],
])('the tree passes: %s', (_name, command, args) => {
  rmSync(folder, { recursive: true, force: true });
  const { status, output } = run(command, args);
  expect(status, output).toBe(0);
});
