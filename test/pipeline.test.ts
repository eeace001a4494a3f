import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { POLICIES } from '../jobs/pipeline/src/index.ts';
import { type RunReport, RunReportSchema } from '../packages/contracts/src/index.ts';
import { fixedClock } from '../packages/core/src/index.ts';
import { startFake } from '../packages/fake-source/src/index.ts';
import { listRuns, readReport } from '../packages/store/src/index.ts';
import { readWatchlist } from '../packages/watchlist/src/index.ts';
import { ROOT, runCli, startCli } from './support/cli.ts';

// Each run fits a model, in a process of its own.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const NOW = '2026-04-20T12:00:00Z';
const folder = mkdtempSync(join(tmpdir(), 'pokewatch-pipeline-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Settings for a data folder of this name. Port 9 is discard: no model service listens there. */
function settings(name: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const env = { POKEWATCH_NOW: NOW, POKEWATCH_DEMO_DAYS: '120', MODEL_SERVICE_URL: 'http://127.0.0.1:9' };
  return { POKEWATCH_DATA: join(folder, name), ...env, ...more };
}

function pokewatch(args: readonly string[], env: Readonly<Record<string, string>>) {
  return runCli(['pipeline', ...args], { cwd: folder, env });
}

function reports(name: string, job: RunReport['job']): RunReport[] {
  const root = join(folder, name);
  return listRuns(root, job).map((id) => readReport(root, id)!);
}

describe('a run as processes', () => {
  let first: Awaited<ReturnType<typeof pokewatch>>;
  beforeAll(async () => {
    first = await pokewatch([], settings('whole'));
  });

  test('goes through the steps in order, a line each, and ends with the new champion', () => {
    expect(first).toMatchObject({ code: 0, err: '' });
    const words = first.out.split('\n').map((line) => line.split(/\s+/).slice(0, 2).join(' '));
    expect(words.slice(0, 5)).toEqual([
      'run pipeline-2026-04-20-001',
      'collector done',
      'preprocess done',
      'train done',
      'reload done',
    ]);
    expect(first.out).toMatch(/^pipeline: new champion .*; no replica of the model service is up/m);
  });

  test('leaves a report that names each step’s run, and is named in theirs', () => {
    const [report] = reports('whole', 'pipeline');
    expect(report).toMatchObject({
      status: 'ok',
      exit_code: 0,
      pipeline: { runner: 'processes', champion_before: null },
    });
    for (const job of ['collector', 'preprocess', 'train'] as const) {
      const [step] = reports('whole', job);
      expect(step).toMatchObject({ status: 'ok', pipeline_run: report?.run_id });
      const attempts = report?.pipeline?.steps.find(({ step: name }) => name === job)?.attempts;
      expect(attempts).toMatchObject([{ number: 1, outcome: 'ok', exit_code: 0, job_run_id: step?.run_id }]);
    }
    // train would have told the model service, and said so.
    expect(reports('whole', 'train')[0]?.notes.join()).not.toContain('model service');
  });

  test('again finds nothing new, and prints its report as JSON', async () => {
    const { code, out, err } = await pokewatch(['--json'], settings('whole'));
    expect(code).toBe(0);
    const report = RunReportSchema.parse(JSON.parse(out));
    expect(report.summary).toContain('no new champion');
    expect(report.pipeline?.champion_after).toBe(report.pipeline?.champion_before);
    expect(err).toContain('collector  done');
  });

  test('for a fresh installation does nothing when there is a model', async () => {
    const { code, out } = await pokewatch(['--first'], settings('whole'));
    expect(code).toBe(0);
    expect(out).toMatch(/^there is a model already: .*-2026-04-20-/);
    expect(reports('whole', 'pipeline')).toHaveLength(2);
  });

  test('is told by status, with its steps', async () => {
    const { code, out } = await pokewatch(['status'], settings('whole'));
    expect(code).toBe(0);
    expect(out).toMatch(/^pipeline-2026-04-20-002: ok, began 2026-04-20T12:00Z/);
    for (const step of ['collector', 'preprocess', 'train', 'reload'])
      expect(out).toMatch(new RegExp(`^ {2}${step} +done in`, 'm'));
    expect(out).toMatch(/Earlier runs\n {2}pipeline-2026-04-20-001 +ok/);
    expect(out).toContain('Next run: not scheduled');
    expect(out).toMatch(/127\.0\.0\.1:9 +absent/);
  });
});

test('a run that was killed is gone on with under its own id, and what was done is not done again', async () => {
  const env = settings('killed');
  const running = startCli(['pipeline'], { cwd: folder, env });
  await running.until(/^collector {2}done/m);
  running.child.kill('SIGKILL');
  await running.finished;
  expect(reports('killed', 'pipeline')).toMatchObject([{ status: 'running' }]);
  const { code, out } = await pokewatch([], env);
  expect(code).toBe(0);
  expect(out).toMatch(/^going on with pipeline-2026-04-20-001\n/);
  expect(reports('killed', 'pipeline')).toMatchObject([{ status: 'ok', resumed: true }]);
  expect(reports('killed', 'collector')).toHaveLength(1);
});

test('Ctrl-C ends it, and the next run goes on', async () => {
  const env = settings('stopped');
  const running = startCli(['pipeline'], { cwd: folder, env });
  await running.until(/^preprocess done/m);
  running.child.kill('SIGINT');
  expect(await running.finished).toMatchObject({ code: 143, err: expect.stringContaining('pipeline was stopped') });
  const { code, out } = await pokewatch([], env);
  expect(code).toBe(0);
  expect(out).not.toMatch(/^preprocess done/m);
});

test('a second run is told which process runs, and ends with 4; a first run waits for it', async () => {
  const env = settings('twice');
  const running = startCli(['pipeline'], { cwd: folder, env });
  await running.until(/^run pipeline-/m);
  const { code, err } = await pokewatch([], env);
  expect(code).toBe(4);
  expect(err).toContain(`process ${running.child.pid} on`);
  const waiting = startCli(['pipeline', '--first'], { cwd: folder, env });
  await waiting.until(/^waiting: pipeline is already running/m);
  expect(await running.finished).toMatchObject({ code: 0 });
  expect(await waiting.finished).toMatchObject({ code: 0, out: expect.stringContaining('there is a model already') });
});

test('what has to be put right is not tried twice, and ends the run with its code', async () => {
  const { code, err } = await pokewatch([], settings('bad', { POKEWATCH_CARDS: join(folder, 'none.yaml') }));
  expect(code).toBe(2);
  expect(err).toContain('collector failed: ');
  const [report] = reports('bad', 'pipeline');
  expect(report).toMatchObject({ status: 'failed', error: { code: 'bad_cards_file' } });
  expect(report?.pipeline?.steps[0]).toMatchObject({ state: 'failed', attempts: [{ cause: 'setup', exit_code: 2 }] });
  expect(report?.pipeline?.steps[1]?.state).toBe('pending');
});

test('a quota that is back after the deadline of the run is not waited for', async () => {
  const { cards } = readWatchlist(join(ROOT, 'config/cards.yaml'));
  const fake = await startFake('pokemon-price-tracker', { cards, clock: fixedClock(NOW), modes: { credits: 0 } });
  try {
    const source = {
      POKEWATCH_SOURCE: 'pokemon-price-tracker',
      POKEMON_PRICE_API_KEY: 'test-key',
      [fake.setting]: fake.url,
    };
    const { code, err } = await pokewatch([], settings('quota', source));
    expect(code).toBe(5);
    expect(err).toContain('another try at 2026-04-21T00:00:00.000Z would be after the deadline of the run');
    expect(reports('quota', 'pipeline')[0]?.pipeline?.steps[0]?.attempts).toMatchObject([
      { cause: 'quota', code: 'source_quota' },
    ]);
  } finally {
    await fake.close();
  }
});

test('a schedule says when the next run is due, status too, and Ctrl-C ends it well', async () => {
  const env = settings('scheduled', { POKEWATCH_NOW: '' });
  const running = startCli(['pipeline', '--schedule', '0 2 * * *'], { cwd: folder, env });
  for (;;) {
    const { out } = await pokewatch(['status', '--json'], env);
    const { next } = JSON.parse(out) as { next: { at: string; expression: string } | null };
    if (next === null) continue;
    expect(next).toMatchObject({ at: expect.stringMatching(/T02:00:00/), expression: '0 2 * * *' });
    break;
  }
  running.child.kill('SIGINT');
  const { code, err } = await running.finished;
  expect(code).toBe(0);
  expect(err).toMatch(/The next run is due at \d{4}-\d\d-\d\dT02:00Z/);
  expect((await pokewatch(['status'], env)).out).toContain('Next run: not scheduled');
});

test('a schedule that cannot be is refused by its field', async () => {
  expect(await pokewatch(['--schedule', '0 25 * * *'], settings('none'))).toMatchObject({
    code: 2,
    err: expect.stringContaining('"25" cannot be the hour (0–23)'),
  });
});

test('without a cluster, Kubernetes is refused with what to do', async () => {
  const { code, err } = await pokewatch(['--kubernetes'], settings('none'));
  expect(code).toBe(2);
  expect(err).toContain('there is no cluster to run on');
});

test('a job says in its termination message what came of it', async () => {
  const file = join(folder, 'termination.json');
  writeFileSync(file, '');
  const env = settings('message', { POKEWATCH_TERMINATION_LOG: file });
  expect((await runCli(['preprocess'], { cwd: folder, env })).code).toBe(2);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    job: 'preprocess',
    exit_code: 2,
    error: { code: 'nothing_to_do' },
  });
  expect((await runCli(['train'], { cwd: folder, env: { ...env, POKEWATCH_HORIZON_DAYS: 'x' } })).code).toBe(2);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    job: 'train',
    run_id: null,
    error: { code: 'bad_setting' },
  });
});

test('docs/pipeline.md has the causes and what is done about them', () => {
  const page = readFileSync(join(ROOT, 'docs/pipeline.md'), 'utf8');
  const seconds = (ms: number) => (ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1000} s`);
  for (const [cause, { means, tries, base_ms, cap_ms }] of Object.entries(POLICIES)) {
    const waits = base_ms === cap_ms ? seconds(base_ms) : `${seconds(base_ms)}, doubling to ${seconds(cap_ms)}`;
    const told = cause === 'quota' ? ', or as the source says' : '';
    expect(page).toContain(
      `| \`${cause}\` | ${means} | ${tries === 1 ? 'no' : tries} | ${tries === 1 ? '' : `${waits}${told}`} |`,
    );
  }
});
