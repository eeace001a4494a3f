import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JobStanding } from '../../packages/contracts/src/index.ts';
import { parseSettings, type Settings } from '../../packages/core/src/index.ts';
import { followStandings, updateStanding, withStore } from '../../packages/store/src/index.ts';
import { NO_S3, S3_KEYS } from '../support/s3-server.ts';
import { useS3 } from '../support/use-s3.ts';

const s3 = useS3();
let stores = 0;

function freshStore(): Settings {
  return parseSettings({
    POKEWATCH_DATA: `s3://cards/standings-${stores++}`,
    POKEWATCH_S3_ENDPOINT: s3.door.url,
    POKEWATCH_S3_CACHE: join(s3.top, 'cache'),
    ...S3_KEYS,
  });
}

const standing = (job: JobStanding['job'], runs: string): JobStanding => ({
  job,
  last: { run_id: runs, status: 'ok', ended_at: '2026-04-20T02:00:00.000Z', duration_ms: 1 },
  done: null,
  sources: {},
});

/** Adds a run to how a job stands. */
const add = (settings: Settings, job: JobStanding['job'], run: string) =>
  withStore(settings, (store) =>
    updateStanding(store, job, async (before) => standing(job, [before?.last.run_id, run].filter(Boolean).join(' '))),
  );

describe.skipIf(NO_S3 !== '')(`how jobs stand on a real S3 server${NO_S3}`, () => {
  test('of runs that end at the same moment none is forgotten', async () => {
    const settings = freshStore();
    const runs = ['a', 'b', 'c', 'd'];
    await Promise.all(runs.map((run) => add(settings, 'train', run)));
    const { jobs, faults } = await followStandings(settings)();
    expect(jobs[0]!.last.run_id.split(' ').sort()).toEqual(runs);
    expect(faults).toEqual([]);
  });

  test('a look at them is one request, and one more for each job that has ended since', async () => {
    const settings = freshStore();
    for (const job of ['collector', 'preprocess', 'train'] as const) await add(settings, job, 'a');
    const follow = followStandings(settings);
    const requests = async () => {
      const from = s3.door.passed.length;
      const found = await follow();
      return { found, count: s3.door.passed.length - from };
    };
    const first = await requests();
    expect([first.found.jobs.length, first.count]).toEqual([3, 4]);
    const quiet = await requests();
    expect(quiet.count).toBe(1);
    expect(quiet.found).toBe(first.found);
    await add(settings, 'train', 'b');
    const changed = await requests();
    expect(changed.count).toBe(2);
    expect(changed.found.jobs.find(({ job }) => job === 'train')!.last.run_id).toBe('a b');
  });
});
