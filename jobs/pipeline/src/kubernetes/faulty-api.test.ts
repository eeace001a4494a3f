import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger, parseSettings, systemClock } from '@pokewatch/core';
import { type JobProcess, noProgress } from '@pokewatch/job';
import { lastReport, layout, saveReport } from '@pokewatch/store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pipeline } from '../pipeline.ts';
import { FakeApi } from '../testing/fake-api.ts';
import { onCluster } from './index.ts';
import { takeLease } from './lease-lock.ts';
import { LEASE } from './names.ts';

let api: FakeApi;
let root: string;

beforeEach(async () => {
  api = await FakeApi.start();
  root = mkdtempSync(join(tmpdir(), 'pokewatch-faulty-'));
  const path = layout.champion(root);
  mkdirSync(dirname(path), { recursive: true });
  const promoted_at = new Date().toISOString();
  writeFileSync(
    path,
    JSON.stringify({ model_version: 'm', promoted_at, reason: 'test', manifest_sha256: '0'.repeat(64) }),
  );
});
afterEach(async () => {
  await api.close();
  rmSync(root, { recursive: true, force: true });
});

function run(env: Readonly<Record<string, string>> = {}, stop = new AbortController().signal) {
  const given: JobProcess = {
    settings: parseSettings({ POKEWATCH_DATA: root, POKEWATCH_POD: 'me', ...env }),
    clock: systemClock,
    logger: createLogger({ service: 'test', level: 'silent' }),
    progress: noProgress,
    stop,
  };
  const cluster = api.client();
  return pipeline(
    given,
    (ticking, store) => onCluster(cluster, ticking, store),
    () => undefined,
  );
}

const made = () => api.requests.filter((request) => request === 'POST jobs').length;
const STEPS = ['collector', 'preprocess', 'train'];

async function expectOneJobEach(): Promise<void> {
  const report = await run();
  expect(report).toMatchObject({ status: 'ok', exit_code: 0 });
  expect(report.pipeline!.steps.map(({ attempts }) => attempts.length)).toEqual([1, 1, 1, 1]);
  expect(api.names('jobs')).toEqual(STEPS.map((step) => `${report.run_id}-${step}-1`));
}

test('an API server that answers every other request with an error of its own', async () => {
  api.trouble = (_method, _path, count) => (count % 2 === 0 ? [500, 503, 429][count % 3] : undefined);
  await expectOneJobEach();
});

test('an API server that is away for a while in the middle of a step', async () => {
  api.job_ms = 300;
  let away = false;
  api.trouble = () => (away ? 'cut before' : undefined);
  const running = expectOneJobEach();
  while (api.names('jobs').length === 0) await sleep(20);
  away = true;
  api.disconnect();
  await sleep(4000);
  away = false;
  await running;
});

test.each(['cut', 'gone'] as const)('watches that are %s', async (mode) => {
  api.watching = mode;
  await expectOneJobEach();
});

test('a watch that says nothing although the Job has ended', async () => {
  api.watching = 'silent';
  api.jobEnds = () => {
    setTimeout(() => {
      api.watching = 'works';
    }, 1000);
    return { exit_code: 0 };
  };
  await expectOneJobEach();
});

test('watches that are refused', async () => {
  api.trouble = (_method, path) => (path.endsWith(' watch') ? 500 : undefined);
  await expectOneJobEach();
});

test('a Job whose making was not answered is found, not made again', async () => {
  let cut = 0;
  api.trouble = (method, path) => (method === 'POST' && path === 'jobs' && cut++ % 2 === 0 ? 'cut after' : undefined);
  await expectOneJobEach();
  expect(made()).toBe(6);
});

test('a right that is missing is told, with the Role that should give it', async () => {
  api.trouble = (method, path) => (method === 'POST' && path === 'jobs' ? 403 : undefined);
  const report = await run();
  expect(report).toMatchObject({ status: 'failed', exit_code: 2, error: { code: 'cluster_refused' } });
  expect(report.error?.detail).toMatch(/making Job pipeline-.*-collector-1: 403 made up\n.*Role `pipeline`/);
});

test('a template that is missing is told by name', async () => {
  api.things.delete('cronjobs/preprocess');
  expect((await run()).error).toMatchObject({
    code: 'cluster_refused',
    detail: expect.stringContaining('there is no CronJob preprocess in namespace test'),
  });
});

test('an ended Job of the same name, of data that was put away, makes way; a running one does not', async () => {
  const day = new Date().toISOString().slice(0, 10);
  const name = `pipeline-${day}-001-collector-1`;
  const old = { metadata: { name, labels: { 'pokewatch.io/run-id': `pipeline-${day}-001` } } };
  api.put(`jobs/${name}`, { ...old, status: { conditions: [{ type: 'Failed', status: 'True' }] } });
  await expectOneJobEach();

  rmSync(layout.runs(root), { recursive: true });
  api.put(`jobs/${name}`, { ...old, status: {} });
  expect((await run()).error).toMatchObject({ code: 'cluster_refused', detail: expect.stringContaining(name) });
});

test('a run whose Lease another one has taken makes no further Job, and leaves the report to the other', async () => {
  api.jobEnds = (name) => {
    if (name.includes('collector')) {
      const lease = api.things.get(`leases/${LEASE}`)!;
      api.put(`leases/${LEASE}`, { ...lease, spec: { ...lease.spec, holderIdentity: 'other/pod' } });
    }
    return { exit_code: 0 };
  };
  const report = await run();
  expect(report).toMatchObject({ status: 'failed', error: { code: 'store_conflict' } });
  expect(api.names('jobs')).toHaveLength(1);
  expect(lastReport(root, 'pipeline')?.status).toBe('running');
});

test('the word of a step that is lost is found in the store', async () => {
  api.jobEnds = (name) => {
    if (!name.includes('preprocess')) return { exit_code: 0 };
    const run_id = name.replace(/-preprocess-1$/, '');
    const now = new Date().toISOString();
    const empty = { duration_ms: 1, resumed: false, flags: {}, notes: [], error: null };
    const ends = { status: 'ok' as const, exit_code: 0, summary: 'from the store', counts: { rows: 7 }, ended_at: now };
    saveReport(root, {
      run_id: `preprocess-${now.slice(0, 10)}-001`,
      job: 'preprocess',
      started_at: now,
      ...ends,
      ...empty,
      pipeline_run: run_id,
    });
    api.remove(`jobs/${name}`);
    return { exit_code: 137 };
  };
  const report = await run();
  expect(report.pipeline!.steps[1]).toMatchObject({
    state: 'done',
    summary: 'from the store',
    counts: { rows: 7 },
    attempts: [{}],
  });
});

test('while the API server is away a holder keeps the Lease, and goes on renewing it afterwards', async () => {
  const cluster = api.client();
  const stop = new AbortController().signal;
  const lease = await takeLease({ cluster, me: 'me', job: 'job', stop, duration_ms: 600 });
  const version = () => api.things.get(`leases/${LEASE}`)!.metadata.resourceVersion;
  let away = true;
  api.trouble = () => (away ? 'cut before' : undefined);
  api.disconnect();
  await sleep(1500);
  away = false;
  await lease.confirm(stop);
  expect(lease.lost?.aborted).toBe(false);
  const before = version();
  while (version() === before) await sleep(20);
  await lease.release();
  expect(api.things.get(`leases/${LEASE}`)!.spec?.holderIdentity).toBe('');
});

test('two that want the same Lease: one gets it, and the other is told who', async () => {
  const stop = new AbortController().signal;
  api.put('pods/one', { metadata: { name: 'one' }, status: { phase: 'Running' } });
  api.put('pods/two', { metadata: { name: 'two' }, status: { phase: 'Running' } });
  const contend = (me: string) => takeLease({ cluster: api.client(), me, job: `job-${me}`, stop, duration_ms: 900 });
  const [one, two] = await Promise.allSettled([contend('one'), contend('two')]);
  const won = [one, two].filter((result) => result.status === 'fulfilled');
  const lost = [one, two].filter((result) => result.status === 'rejected');
  expect([won.length, lost.length]).toEqual([1, 1]);
  expect(lost[0]!.reason).toMatchObject({
    code: 'job_locked',
    message: expect.stringMatching(/pod (one|two) of Job job-(one|two), since 20/),
  });
  await won[0]!.value.release();
});
