import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunReport } from '@pokewatch/contracts';
import { createLogger, fixedClock, parseSettings } from '@pokewatch/core';
import { noProgress } from '@pokewatch/job';
import { fileList, listRaw, queryRows, withDuck } from '@pokewatch/store';
import { afterEach, beforeEach, expect } from 'vitest';
import { importFile } from '../import-file.ts';

export const HEADER = 'card_id,card_name,set,number,rarity,variant,date,market,low,mid,high';
const NOW = '2026-04-20T12:00:00Z';

/** A folder for each test, with a data folder in it. */
export let folder: string;
export let root: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pokewatch-import-'));
  root = join(folder, 'data');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Imports a file into the test's data folder. */
export function run(file: string, part: { partial?: boolean; source?: string; now?: string; stop?: AbortSignal } = {}) {
  return importFile({
    settings: parseSettings({ POKEWATCH_DATA: root }),
    clock: fixedClock(part.now ?? NOW),
    logger: createLogger({ service: 'test', level: 'silent' }),
    progress: noProgress,
    stop: part.stop ?? new AbortController().signal,
    file,
    partial: part.partial ?? false,
    ...(part.source === undefined ? {} : { source: part.source }),
  });
}

/** Writes a file into the test's folder. */
export function write(content: string | Uint8Array, name = 'prices.csv'): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** A file of rows under the usual header. */
export function csv(...rows: string[]): string {
  return `${[HEADER, ...rows].join('\n')}\n`;
}

/** Everything in raw, sorted. */
export function stored(kind: 'prices' | 'cards' = 'prices'): Promise<Record<string, unknown>[]> {
  const files = listRaw(root, kind).map((file) => file.path);
  if (files.length === 0) return Promise.resolve([]);
  const columns =
    kind === 'prices'
      ? '* replace (price_date::varchar as price_date, observed_at::varchar as observed_at)'
      : '* exclude (observed_at)';
  return withDuck((duck) =>
    queryRows(duck, `select ${columns} from read_parquet(${fileList(files)}, hive_partitioning = false) order by all`),
  );
}

/** A file was refused with these words, and nothing of it was imported. */
export function expectRefused(report: RunReport, ...words: (string | RegExp)[]): void {
  expect(report).toMatchObject({ status: 'failed', exit_code: 2, error: { code: 'bad_import_file' } });
  for (const word of words) expect(report.summary).toMatch(word);
  expect(report.summary).not.toMatch(/\n\s+at /);
  expect(listRaw(root)).toEqual([]);
}

/** A row as it should be. */
export const GOOD = '1,Pikachu,Base,25/102,Common,Normal,2026-01-02,1.50,1.20,1.40,9';
