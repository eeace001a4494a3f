import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JobStanding, JobStandingSchema, type RunReport } from '@pokewatch/contracts';
import { createLogger, fixedClock, PokewatchError } from '@pokewatch/core';
import { folderStore, layout } from '@pokewatch/store';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { noProgress } from './progress.ts';
import { type JobOutcome, runJob } from './run.ts';
import { standingAfter } from './standing.ts';

let root: string;
let lines: string[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-standing-'));
  lines = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function run(now: string, work: () => Promise<JobOutcome>): Promise<RunReport> {
  return runJob(
    {
      job: 'collector',
      store: folderStore(root),
      clock: fixedClock(now),
      logger: createLogger({ service: 'test', level: 'warn', destination: { write: (line) => void lines.push(line) } }),
      progress: noProgress,
      limit_ms: 60_000,
      stop: new AbortController().signal,
      owns: [],
    },
    work,
  );
}

const standing = (): JobStanding =>
  JobStandingSchema.parse(JSON.parse(readFileSync(layout.standing(root, 'collector'), 'utf8')));

const good = async (): Promise<JobOutcome> => ({
  status: 'ok',
  summary: 'done',
  counts: { price_rows: 7 },
  flags: { outlier: 1 },
  source: { name: 'tcgcsv', newest_price: '2026-04-19' },
});
const bad = () => Promise.reject(new PokewatchError('source_unavailable', 'no answer'));

test('a run that did its work leaves how its job stands', async () => {
  await run('2026-04-20T02:00:00Z', good);
  expect(standing()).toMatchObject({
    job: 'collector',
    last: { run_id: 'collector-2026-04-20-001', status: 'ok', ended_at: '2026-04-20T02:00:00.000Z' },
    done: { run_id: 'collector-2026-04-20-001', counts: { price_rows: 7 }, flags: { outlier: 1 } },
    sources: { tcgcsv: { last_success_at: '2026-04-20T02:00:00.000Z', newest_price: '2026-04-19' } },
  });
});

test('after a run that failed, what the last good one did is still known', async () => {
  await run('2026-04-20T02:00:00Z', good);
  await run('2026-04-21T02:00:00Z', bad);
  expect(standing()).toMatchObject({
    last: { status: 'failed', ended_at: '2026-04-21T02:00:00.000Z' },
    done: { ended_at: '2026-04-20T02:00:00.000Z', counts: { price_rows: 7 } },
    sources: { tcgcsv: { last_success_at: '2026-04-20T02:00:00.000Z' } },
  });
});

test('a run that refused did its work', async () => {
  await run('2026-04-20T02:00:00Z', async () => ({ status: 'refused', summary: 'no' }));
  expect(standing()).toMatchObject({ last: { status: 'refused' }, done: { ended_at: '2026-04-20T02:00:00.000Z' } });
});

test('a run without a new price keeps the newest day of its source', async () => {
  await run('2026-04-20T02:00:00Z', good);
  const nothing = { status: 'ok', summary: 'nothing new', source: { name: 'tcgcsv', newest_price: null } } as const;
  await run('2026-04-20T03:00:00Z', async () => nothing);
  expect(standing().sources.tcgcsv).toEqual({
    last_success_at: '2026-04-20T03:00:00.000Z',
    newest_price: '2026-04-19',
  });
});

test.each([
  ['is missing', () => rmSync(layout.standing(root, 'collector'))],
  ['is damaged', () => writeFileSync(layout.standing(root, 'collector'), '{"job":')],
])('a standing that %s is made again from the reports', async (_name, harm) => {
  await run('2026-04-20T02:00:00Z', good);
  await run('2026-04-21T02:00:00Z', bad);
  harm();
  await run('2026-04-22T02:00:00Z', bad);
  expect(standing()).toMatchObject({
    last: { run_id: 'collector-2026-04-22-001', status: 'failed' },
    done: { run_id: 'collector-2026-04-20-001' },
    sources: { tcgcsv: { newest_price: '2026-04-19' } },
  });
});

test('where it cannot be written the run ends as it did, and the log says so', async () => {
  // A folder in its place cannot be replaced by a file.
  mkdirSync(join(layout.standing(root, 'collector'), 'x'), { recursive: true });
  expect(await run('2026-04-20T02:00:00Z', good)).toMatchObject({ status: 'ok', exit_code: 0 });
  expect(lines.join()).toContain('how the job stands could not be written down');
});

test('of many sources those are told that gave prices last', async () => {
  for (let i = 0; i < 25; i++) {
    const source = { name: `file-${i}`, newest_price: null };
    const now = `2026-04-20T02:00:${String(i).padStart(2, '0')}Z`;
    await run(now, async () => ({ status: 'ok', summary: '', source }));
  }
  const names = Object.keys(standing().sources);
  expect(names).toHaveLength(20);
  expect(names).toContain('file-24');
  expect(names).not.toContain('file-4');
});

test('in whatever order runs are told, how the job stands is the same', () => {
  const report = fc
    .record({
      hour: fc.integer({ min: 0, max: 23 }),
      status: fc.constantFrom('ok', 'refused', 'failed', 'stopped'),
      source: fc.constantFrom('tcgcsv', 'tcgdex'),
      newest_price: fc.constantFrom(null, '2026-04-18', '2026-04-19'),
    })
    .map(({ hour, status, source, newest_price }): RunReport => {
      const ended_at = `2026-04-20T${String(hour).padStart(2, '0')}:00:00.000Z`;
      return {
        run_id: `collector-2026-04-20-${String(hour).padStart(3, '0')}`,
        job: 'collector',
        status: status as RunReport['status'],
        started_at: ended_at,
        ended_at,
        duration_ms: hour,
        exit_code: 0,
        resumed: false,
        summary: '',
        counts: { rows: hour },
        flags: {},
        notes: [],
        error: null,
        source: { name: source, newest_price },
      };
    });
  const reports = fc.uniqueArray(report, { selector: ({ run_id }) => run_id, minLength: 1, maxLength: 8 });
  const after = (told: readonly RunReport[]) =>
    told.reduce<JobStanding | undefined>((before, each) => standingAfter(before, each), undefined);
  fc.assert(
    fc.property(
      reports.chain((told) => fc.tuple(fc.constant(told), fc.shuffledSubarray(told, { minLength: told.length }))),
      ([told, shuffled]) => {
        expect(after(shuffled)).toEqual(after(told));
      },
    ),
  );
});
