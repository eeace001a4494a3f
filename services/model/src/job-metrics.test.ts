import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobStanding } from '@pokewatch/contracts';
import { parseSettings } from '@pokewatch/core';
import { memoryLogger, serve } from '@pokewatch/http/testing';
import { folderStore, layout, updateStanding } from '@pokewatch/store';
import { followStandings } from '@pokewatch/store/standings';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createModelApp } from './index.ts';
import { JobWatch } from './job-watch.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-job-metrics-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const COLLECTOR: JobStanding = {
  job: 'collector',
  last: { run_id: 'c-2', status: 'failed', ended_at: '2026-04-21T02:00:10.000Z', duration_ms: 1500 },
  done: { run_id: 'c-1', ended_at: '2026-04-20T02:00:00.000Z', counts: { price_rows: 40, odd: 1 }, flags: {} },
  sources: { tcgcsv: { last_success_at: '2026-04-20T02:00:00.000Z', newest_price: '2026-04-19' } },
};
const PREPROCESS: JobStanding = {
  job: 'preprocess',
  last: { run_id: 'p-1', status: 'ok', ended_at: '2026-04-20T02:01:00.000Z', duration_ms: 900 },
  done: {
    run_id: 'p-1',
    ended_at: '2026-04-20T02:01:00.000Z',
    counts: { rows: 16_000 },
    flags: { outlier: 3, stale: 5 },
  },
  sources: {},
};

const write = (standing: JobStanding) => updateStanding(folderStore(root), standing.job, async () => standing);

/** Series that tell of jobs, features and sources. */
async function told(): Promise<string[]> {
  const settings = parseSettings({ POKEWATCH_DATA: root });
  const served = await serve(await createModelApp({ settings, logger: memoryLogger().logger }));
  try {
    const text = await (await fetch(`${served.url}/metrics`)).text();
    return text
      .split('\n')
      .filter((line) => /^pokewatch_(job|source|feature|flagged|suspect)_/.test(line))
      .map((line) => line.replace(/,?service="model"/, '').replace('{}', ''));
  } finally {
    await served.close();
  }
}

test('before the first run of a job there is nothing to tell', async () => {
  expect(await told()).toEqual([]);
});

test('how jobs, sources and features stand is told; counts with other names are not', async () => {
  await write(COLLECTOR);
  await write(PREPROCESS);
  const seconds = (moment: string) => Date.parse(moment) / 1000;
  const lines = await told();
  expect(lines).toEqual(
    expect.arrayContaining([
      `pokewatch_job_last_run_timestamp_seconds{pipeline_job="collector"} ${seconds('2026-04-21T02:00:10Z')}`,
      `pokewatch_job_last_success_timestamp_seconds{pipeline_job="collector"} ${seconds('2026-04-20T02:00:00Z')}`,
      'pokewatch_job_last_duration_seconds{pipeline_job="collector"} 1.5',
      'pokewatch_job_last_outcome{pipeline_job="collector",outcome="failed"} 1',
      'pokewatch_job_rows{pipeline_job="collector",kind="price_rows"} 40',
      'pokewatch_job_rows{pipeline_job="preprocess",kind="rows"} 16000',
      `pokewatch_source_newest_price_timestamp_seconds{source="tcgcsv"} ${seconds('2026-04-19T00:00:00Z')}`,
      `pokewatch_source_last_success_timestamp_seconds{source="tcgcsv"} ${seconds('2026-04-20T02:00:00Z')}`,
      'pokewatch_feature_rows 16000',
      'pokewatch_flagged_rows{flag="outlier"} 3',
      'pokewatch_flagged_rows{flag="no_market"} 0',
      'pokewatch_suspect_rows 3',
    ]),
  );
  expect(lines.filter((line) => line.includes('odd'))).toEqual([]);
  expect(lines.filter((line) => line.startsWith('pokewatch_job_last_outcome'))).toHaveLength(2);
});

test('a source that is collected and imported has one series, of what is newest', async () => {
  await write(COLLECTOR);
  const tcgcsv = { last_success_at: '2026-04-21T09:00:00.000Z', newest_price: '2026-03-31' };
  await write({ ...COLLECTOR, job: 'import', sources: { tcgcsv } });
  const lines = (await told()).filter((line) => line.startsWith('pokewatch_source_'));
  expect(lines).toEqual([
    `pokewatch_source_newest_price_timestamp_seconds{source="tcgcsv"} ${Date.parse('2026-04-19') / 1000}`,
    `pokewatch_source_last_success_timestamp_seconds{source="tcgcsv"} ${Date.parse(tcgcsv.last_success_at) / 1000}`,
  ]);
});

function watch() {
  const { logger, lines } = memoryLogger('warn');
  let ended = 0;
  let failed = false;
  const follow = followStandings(parseSettings({ POKEWATCH_DATA: root }));
  const onEnded = async () => {
    ended += 1;
  };
  const jobs = new JobWatch({ follow, logger, again: () => failed, onEnded });
  const fail = (now: boolean) => {
    failed = now;
  };
  return { watch: jobs, lines, ended: () => ended, fail };
}

test('a job that ends is seen at the next look, and nothing is read again while none has ended', async () => {
  const { watch: jobs, ended } = watch();
  await jobs.look();
  expect([jobs.jobs.length, ended()]).toEqual([0, 1]);
  await write(PREPROCESS);
  await jobs.look();
  expect([jobs.jobs, ended()]).toEqual([[PREPROCESS], 2]);
  const before = jobs.jobs;
  await jobs.look();
  expect(jobs.jobs).toBe(before);
  expect(ended()).toBe(2);
  await write({ ...PREPROCESS, last: { ...PREPROCESS.last, status: 'failed' } });
  await jobs.look();
  expect([jobs.jobs[0]!.last.status, ended()]).toEqual(['failed', 3]);
});

test('what could not be read is read again at the next look', async () => {
  const { watch: jobs, ended, fail } = watch();
  await jobs.look();
  fail(true);
  await jobs.look();
  expect(ended()).toBe(2);
  fail(false);
  await jobs.look();
  expect(ended()).toBe(2);
});

test('a standing that is damaged is logged once and does not hide the others', async () => {
  const { watch: jobs, lines } = watch();
  await write(COLLECTOR);
  writeFileSync(layout.standing(root, 'train'), '{"job":');
  await jobs.look();
  await jobs.look();
  expect(jobs.jobs).toEqual([COLLECTOR]);
  expect(lines).toHaveLength(1);
  expect(lines[0]!.reason).toContain('train.json');
});

test('a store that cannot be read is logged once, and what was known stays', async () => {
  const { watch: jobs, lines } = watch();
  await write(COLLECTOR);
  await jobs.look();
  const folder = layout.standings(root);
  rmSync(folder, { recursive: true });
  writeFileSync(folder, 'a file in its place');
  await jobs.look();
  await jobs.look();
  expect(jobs.jobs).toEqual([COLLECTOR]);
  expect(lines).toHaveLength(1);
  rmSync(folder);
  mkdirSync(folder);
  await jobs.look();
  expect(jobs.jobs).toEqual([]);
});
