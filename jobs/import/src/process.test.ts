import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listRaw } from '@pokewatch/store';
import { afterEach, beforeEach, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
let folder: string;
let root: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pokewatch-import-'));
  root = join(folder, 'data');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]): Promise<{ code: number | null; out: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: { POKEWATCH_DATA: root, LOG_LEVEL: 'error' },
  });
  let out = '';
  child.stdout.on('data', (part) => {
    out += part;
  });
  child.stderr.on('data', (part) => {
    out += part;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out })));
}

test('as a process it imports a file and ends with 0', async () => {
  writeFileSync(join(folder, 'a.csv'), 'card_id,card_name,set,variant,date,market\n1,A,S,Normal,2026-01-01,1\n');
  const { code, out } = await run('a.csv', '--source', 'mine');
  expect(out).toMatch(/^import: 1 rows of 1 cards imported from a.csv into source mine/);
  expect(code).toBe(0);
  expect(listRaw(root).map((file) => file.source)).toEqual(['mine']);
});

test('a bad file ends with 2 and a message without a stack trace', async () => {
  writeFileSync(join(folder, 'a.csv'), 'card_id,card_name,set,variant,date,market\n1,A,S,Normal,2026-01-01,x\n');
  const { code, out } = await run('a.csv');
  expect(out).toMatch(/^import: a.csv: 1 of 1 rows cannot be imported, so nothing was\n {2}line 2: market "x"/);
  expect(out).not.toMatch(/\n\s+at /);
  expect(code).toBe(2);
});

test.each([
  ['no file', []],
  ['two files', ['a.csv', 'b.csv']],
  ['an unknown option', ['a.csv', '--partail']],
])('%s is bad usage: exit code 2 and the usage line', async (_name, args) => {
  const { code, out } = await run(...args);
  expect(out).toMatch(/Usage: import FILE/);
  expect(out).not.toMatch(/\n\s+at /);
  expect(code).toBe(2);
});
