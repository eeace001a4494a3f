import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobName, RunReport } from '@pokewatch/contracts';
import { createLogger, fixedClock, PokewatchError } from '@pokewatch/core';
import { folderStore, lastReport, layout, listRuns, readReport, saveReport } from '@pokewatch/store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { noProgress } from './progress.ts';
import { type JobContext, type JobOutcome, runJob } from './run.ts';
import { startScript } from './testing/child.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-run-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

interface Given {
  readonly job?: JobName;
  readonly now?: string;
  readonly limit_ms?: number;
  readonly stop?: AbortSignal;
  readonly log?: string[];
}

function run(work: (context: JobContext) => Promise<JobOutcome>, given: Given = {}): Promise<RunReport> {
  const destination = { write: (line: string) => void given.log?.push(line) };
  return runJob(
    {
      job: given.job ?? 'train',
      store: folderStore(root),
      clock: fixedClock(given.now ?? '2026-04-20T12:00:00Z'),
      logger: createLogger({ service: 'test', level: 'info', destination }),
      progress: noProgress,
      limit_ms: given.limit_ms ?? 60_000,
      stop: given.stop ?? new AbortController().signal,
      owns: [layout.models(root)],
    },
    work,
  );
}

const fine = async (): Promise<JobOutcome> => ({ status: 'ok', summary: 'done' });

async function forever(context: JobContext): Promise<JobOutcome> {
  for (;;) await context.breathe();
}

test('a run that works is reported with its counts, and the lock is free again', async () => {
  const report = await run(async ({ run_id }) => {
    expect(readReport(root, run_id)?.status).toBe('running');
    return { status: 'ok', summary: 'done', counts: { rows: 3 }, notes: ['n'] };
  });
  expect(report).toMatchObject({
    run_id: 'train-2026-04-20-001',
    status: 'ok',
    exit_code: 0,
    counts: { rows: 3 },
    notes: ['n'],
    error: null,
  });
  expect(readReport(root, report.run_id)).toEqual(report);
  expect(readdirSync(layout.locks(root))).toEqual([]);
});

test('a refusal is an outcome with exit code 3', async () => {
  expect(await run(async () => ({ status: 'refused', summary: 'no' }))).toMatchObject({
    status: 'refused',
    exit_code: 3,
  });
});

test.each([
  [new PokewatchError('bad_import_file', 'a.csv is empty', { hint: 'Name another.' }), 2, 'bad_import_file'],
  [new PokewatchError('source_unavailable', 'no answer'), 5, 'source_unavailable'],
  [new PokewatchError('bad_data_file', 'x is damaged'), 1, 'bad_data_file'],
  [new TypeError('x is not a function'), 1, 'internal'],
])('work that throws %s ends failed with its own exit code', async (error, exit_code, code) => {
  const log: string[] = [];
  const report = await run(() => Promise.reject(error), { log });
  expect(report).toMatchObject({ status: 'failed', exit_code, error: { code } });
  expect(report.summary).not.toMatch(/\n\s+at /);
  expect(log).toHaveLength(code === 'internal' ? 1 : 0);
  expect(await run(fine)).toMatchObject({ run_id: 'train-2026-04-20-002', resumed: false });
});

test('past its time limit a run ends with exit code 6 and can be run again', async () => {
  const report = await run(forever, { limit_ms: 30 });
  expect(report).toMatchObject({ status: 'failed', exit_code: 6, error: { code: 'job_timed_out' } });
  expect(await run(fine)).toMatchObject({ status: 'ok' });
});

test('whatever breaks because of a stop counts as the stop', async () => {
  const stop = new AbortController();
  const report = await run(
    async () => {
      stop.abort();
      throw new Error('socket closed');
    },
    { stop: stop.signal },
  );
  expect(report).toMatchObject({ status: 'stopped', exit_code: 143, error: { code: 'job_stopped' } });
});

test.each(['running', 'stopped'] as const)('a run left %s is taken over under its own id and start', async (status) => {
  const first = await run(fine);
  saveReport(root, { ...first, status, ended_at: null, exit_code: null });
  const second = await run(async ({ resumed }) => ({ status: 'ok', summary: String(resumed) }), {
    now: '2026-04-21T00:00:00Z',
  });
  expect(second).toMatchObject({ run_id: first.run_id, started_at: first.started_at, resumed: true, summary: 'true' });
  expect(await run(fine, { now: '2026-04-21T00:00:00Z' })).toMatchObject({
    run_id: 'train-2026-04-21-001',
    resumed: false,
  });
});

test('runs of another job are neither counted nor taken over', async () => {
  const other = await run(fine, { job: 'collector' });
  saveReport(root, { ...other, status: 'running' });
  expect(await run(fine)).toMatchObject({ run_id: 'train-2026-04-20-001', resumed: false });
});

test('what a dead run left unfinished is swept, and what other jobs are writing is not', async () => {
  const mine = join(layout.models(root), 'deep', '.unfinished-7-m-1');
  mkdirSync(mine, { recursive: true });
  mkdirSync(layout.runs(root));
  for (const name of ['.unfinished-7-train-2026-04-20-001.json', '.unfinished-8-collector-2026-04-20-001.json'])
    writeFileSync(join(layout.runs(root), name), '');
  await run(fine);
  expect(readdirSync(join(layout.models(root), 'deep'))).toEqual([]);
  expect(readdirSync(layout.runs(root))).toEqual([
    '.unfinished-8-collector-2026-04-20-001.json',
    'train-2026-04-20-001.json',
  ]);
});

test('two at once: the second is refused and changes nothing', async () => {
  const started = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const first = run(async () => {
    started.resolve();
    await end.promise;
    return fine();
  });
  await started.promise;
  await expect(run(fine)).rejects.toMatchObject({ code: 'job_locked' });
  expect(listRuns(root)).toEqual(['train-2026-04-20-001']);
  end.resolve();
  expect((await first).status).toBe('ok');
});

test('a damaged report of the last run is named, not passed over', async () => {
  const { run_id } = await run(fine);
  writeFileSync(layout.run(root, run_id), '{');
  await expect(run(fine)).rejects.toMatchObject({ code: 'bad_data_file', message: expect.stringContaining(run_id) });
  expect(readdirSync(layout.locks(root))).toEqual([]);
});

const JOB = `
  process.exitCode = await job.runAsProcess('train', job.surroundings(process), (given) =>
    job.runJob({ job: 'train', store: store.folderStore(given.settings.POKEWATCH_DATA), owns: [], limit_ms: given.settings.POKEWATCH_JOB_LIMIT_MS, ...given }, async (context) => {
      console.log('working ' + context.run_id);
      for (;;) await context.breathe();
    }));`;

test('SIGTERM ends a process with 143 and a report that says stopped; the next run goes on under its id', async () => {
  const child = startScript(JOB, { POKEWATCH_DATA: root, LOG_LEVEL: 'error' });
  await child.said('working');
  child.process.kill('SIGTERM');
  const { code, out } = await child.ended;
  expect(code).toBe(143);
  expect(out).toMatch(/train: train was stopped\n {2}Run it again/);
  expect(lastReport(root, 'train')).toMatchObject({ status: 'stopped', exit_code: 143 });
  expect(readdirSync(layout.locks(root))).toEqual([]);
  const { run_id } = lastReport(root, 'train')!;
  expect(await run(fine)).toMatchObject({ run_id, resumed: true });
});

test('kill -9 leaves a running report; the next run takes lock and id over at once', async () => {
  const child = startScript(JOB, { POKEWATCH_DATA: root, LOG_LEVEL: 'error' });
  await child.said('working');
  child.process.kill('SIGKILL');
  await child.ended;
  const left = lastReport(root, 'train')!;
  expect(left.status).toBe('running');
  expect(await run(fine)).toMatchObject({ run_id: left.run_id, resumed: true, status: 'ok' });
});

test('a second process is told who runs, and ends with 4', async () => {
  const first = startScript(JOB, { POKEWATCH_DATA: root, LOG_LEVEL: 'error' });
  await first.said('working');
  const { code, out } = await startScript(JOB, { POKEWATCH_DATA: root, LOG_LEVEL: 'error' }).ended;
  first.process.kill('SIGKILL');
  await first.ended;
  expect(code).toBe(4);
  expect(out).toMatch(new RegExp(`train: train is already running \\(process ${first.process.pid} on `));
});

test('a reader that has seen enough of the output does not make the job fail', async () => {
  const child = startScript(JOB, { POKEWATCH_DATA: root, LOG_LEVEL: 'error' });
  await child.said('working');
  child.process.stdout.destroy();
  child.process.kill('SIGTERM');
  const { code, out } = await child.ended;
  expect(out).not.toMatch(/EPIPE/);
  expect(code).toBe(143);
});

test('a bad setting ends a process with 2, and a data folder that is a file too, without a stack trace', async () => {
  const file = join(root, 'file');
  writeFileSync(file, '');
  for (const env of [{ POKEWATCH_DATA: root, POKEWATCH_JOB_LIMIT_MS: 'soon' }, { POKEWATCH_DATA: file }]) {
    const { code, out } = await startScript(JOB, env).ended;
    expect(out).toMatch(/^train: (POKEWATCH_JOB_LIMIT_MS|.*file)/);
    expect(out).not.toMatch(/\n\s+at |soon/);
    expect(code).toBe(2);
  }
});
