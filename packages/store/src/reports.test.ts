import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunReport } from '@pokewatch/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { layout } from './layout.ts';
import { lastReport, listRuns, readReport, saveReport } from './reports.ts';
import { clearStaging, readStaged, stagedParts, stagePart } from './staging.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-reports-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function report(run_id: string, part: Partial<RunReport> = {}): RunReport {
  return {
    run_id,
    job: 'import',
    status: 'ok',
    started_at: '2026-04-20T12:00:00.000Z',
    ended_at: null,
    duration_ms: null,
    exit_code: null,
    resumed: false,
    summary: '',
    counts: {},
    flags: {},
    notes: [],
    error: null,
    ...part,
  };
}

test('runs are listed by day and number, also past the thousandth of a day', () => {
  const ids = ['import-2026-04-02-001', 'import-2026-04-01-999', 'import-2026-04-01-1000', 'train-2026-04-01-002'];
  for (const id of ids) saveReport(root, report(id));
  expect(listRuns(root)).toEqual([
    'train-2026-04-01-002',
    'import-2026-04-01-999',
    'import-2026-04-01-1000',
    'import-2026-04-02-001',
  ]);
  expect(lastReport(root, 'import')?.run_id).toBe('import-2026-04-02-001');
  expect(lastReport(root, 'collector')).toBeUndefined();
});

test('files that are no reports are passed over', () => {
  saveReport(root, report('import-2026-04-01-001'));
  for (const name of [
    'import-notes.json',
    'import-2026-04-02-abc.json',
    '.unfinished-1-import-2026-04-03-001.json',
    'x.txt',
  ])
    writeFileSync(join(layout.runs(root), name), 'mine');
  expect(listRuns(root, 'import')).toEqual(['import-2026-04-01-001']);
});

test.each(['', '{', 'null', '{"run_id":"x"}', '[1,2', '\u0000'])(
  'a report of %j is a bad_data_file that names it',
  (text) => {
    saveReport(root, report('import-2026-04-01-001'));
    writeFileSync(layout.run(root, 'import-2026-04-01-001'), text);
    expect(() => readReport(root, 'import-2026-04-01-001')).toThrow(
      expect.objectContaining({
        code: 'bad_data_file',
        message: expect.stringContaining('import-2026-04-01-001.json'),
      }),
    );
  },
);

test('parts are staged whole under any name, and forgotten together', () => {
  stagePart(root, 'r-1', 'group 3/ü', { rows: [1, null] });
  stagePart(root, 'r-1', 'a', 1);
  stagePart(root, 'r-2', 'a', 2);
  expect(stagedParts(root, 'r-1')).toEqual(['a', 'group 3/ü']);
  expect(readStaged(root, 'r-1', 'group 3/ü')).toEqual({ rows: [1, null] });
  expect(readStaged(root, 'r-1', 'b')).toBeUndefined();
  clearStaging(root, 'r-1');
  expect(stagedParts(root, 'r-1')).toEqual([]);
  expect(readStaged(root, 'r-2', 'a')).toBe(2);
});

test('a damaged part is a bad_data_file', () => {
  stagePart(root, 'r-1', 'a', 1);
  writeFileSync(join(layout.staging(root, 'r-1'), 'a.json'), '{"rows":');
  expect(() => readStaged(root, 'r-1', 'a')).toThrow(expect.objectContaining({ code: 'bad_data_file' }));
});
