import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import {
  listFinished,
  publishFile,
  publishFileBy,
  publishFolder,
  readChecked,
  readJson,
  sha256,
  sweepUnfinished,
} from './files.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pokewatch-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const FILES = fileURLToPath(new URL('./files.ts', import.meta.url));

/** Runs a script that publishes without end, kills it at a moment of its work, and waits until it is gone. */
async function killWhilePublishing(script: string, after_ms: number): Promise<void> {
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import * as files from ${JSON.stringify(FILES)};\nprocess.stdout.write('ready');\n${script}`,
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const gone = new Promise((resolve) => child.on('close', resolve));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  await new Promise((resolve) => setTimeout(resolve, after_ms));
  child.kill('SIGKILL');
  await gone;
}

test('a file whose writer is killed at any moment is the old one or the new one, and leftovers are swept', async () => {
  const path = join(folder, 'pointer.json');
  for (let round = 0; round < 6; round++) {
    await killWhilePublishing(
      `for (let i = 0; ; i++) files.publishFile(${JSON.stringify(path)}, String(i % 10).repeat(3_000_000));`,
      40 + 17 * round,
    );
    const text = readFileSync(path, 'utf8');
    expect(text.length).toBe(3_000_000);
    expect(new Set(text).size).toBe(1);
    expect(listFinished(folder)).toEqual(['pointer.json']);
  }
  sweepUnfinished(folder);
  expect(readdirSync(folder)).toEqual(['pointer.json']);
});

test('a folder whose writer is killed at any moment is whole or is not there', async () => {
  for (let round = 0; round < 4; round++) {
    await killWhilePublishing(
      `for (let i = 0; ; i++) await files.publishFolder(${JSON.stringify(folder)} + '/v-' + ${round} + '-' + i, async (to) => {
         for (const name of ['a', 'b', 'c']) files.publishFile(to + '/' + name, 'x'.repeat(50_000));
       });`,
      40 + 17 * round,
    );
  }
  const versions = listFinished(folder);
  expect(versions.length).toBeGreaterThan(0);
  for (const version of versions) {
    expect(readdirSync(join(folder, version)).sort()).toEqual(['a', 'b', 'c']);
    for (const name of ['a', 'b', 'c']) expect(readFileSync(join(folder, version, name)).length).toBe(50_000);
  }
});

test('a published folder is not written again, but one that has lost a file is', async () => {
  const path = join(folder, 'v');
  const build = (text: string) => async (to: string) => {
    publishFile(join(to, 'a'), text);
    publishFile(join(to, 'b'), text);
  };
  await publishFolder(path, build('first'));
  await publishFolder(path, build('second'));
  expect(readFileSync(join(path, 'a'), 'utf8')).toBe('first');
  rmSync(join(path, 'b'));
  await publishFolder(path, build('third'));
  expect(readdirSync(path).map((name) => readFileSync(join(path, name), 'utf8'))).toEqual(['third', 'third']);
  expect(readdirSync(folder)).toEqual(['v']);
});

test('a writer that fails leaves the old file and nothing else', async () => {
  const path = join(folder, 'a');
  publishFile(path, 'old');
  await expect(
    publishFileBy(path, async (unfinished) => {
      writeFileSync(unfinished, 'half');
      throw new Error('broke');
    }),
  ).rejects.toThrow('broke');
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['a']);
});

test('a sweep for one job leaves the unfinished files of the others', () => {
  mkdirSync(join(folder, 'deep'));
  for (const name of ['.unfinished-7-import-x.parquet', '.unfinished-8-collector-y.parquet', 'import-z.parquet'])
    writeFileSync(join(folder, 'deep', name), '');
  sweepUnfinished(folder, 'import');
  expect(readdirSync(join(folder, 'deep'))).toEqual(['.unfinished-8-collector-y.parquet', 'import-z.parquet']);
  sweepUnfinished(folder);
  expect(readdirSync(join(folder, 'deep'))).toEqual(['import-z.parquet']);
});

test('a data folder that is a file is a storage error that names it and the setting', async () => {
  const root = join(folder, 'file');
  writeFileSync(root, '');
  const problem = { code: 'storage', hint: expect.stringContaining('POKEWATCH_DATA') };
  expect(() => publishFile(join(root, 'runs', 'a.json'), '')).toThrow(expect.objectContaining(problem));
  await expect(publishFileBy(join(root, 'a'), async () => {})).rejects.toMatchObject(problem);
  await expect(publishFolder(join(root, 'v'), async () => {})).rejects.toMatchObject(problem);
  expect(() => listFinished(root)).toThrow(expect.objectContaining(problem));
  expect(() => readJson(join(root, 'a.json'), z.object({}))).toThrow(expect.objectContaining(problem));
});

test('a fault of the program is not blamed on the disk', async () => {
  await expect(
    publishFileBy(join(folder, 'a'), async () => {
      Buffer.alloc(-1);
    }),
  ).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
});

test('JSON of any garbage is a bad_data_file that names the path, or the value that stands there', () => {
  const path = join(folder, 'a.json');
  const schema = z.object({ version: z.string() });
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), fc.constant('['.repeat(200_000)), fc.constant('')), (text) => {
      writeFileSync(path, text);
      try {
        const value = readJson(path, schema);
        expect(typeof value?.version).toBe('string');
      } catch (error) {
        expect(error).toMatchObject({
          code: 'bad_data_file',
          message: expect.stringContaining(path),
          hint: expect.any(String),
        });
      }
    }),
    { numRuns: 200 },
  );
});

test('a file that is not what its manifest says is a bad_data_file', () => {
  const entry = { name: 'a', bytes: 3, sha256: sha256('abc') };
  writeFileSync(join(folder, 'a'), 'abc');
  expect(readChecked(folder, entry).toString()).toBe('abc');
  for (const content of ['abd', 'ab', 'abcd', '']) {
    writeFileSync(join(folder, 'a'), content);
    expect(() => readChecked(folder, entry)).toThrow(expect.objectContaining({ code: 'bad_data_file' }));
  }
  rmSync(join(folder, 'a'));
  expect(() => readChecked(folder, entry)).toThrow(/a is missing/);
  expect(existsSync(join(folder, 'a'))).toBe(false);
});
