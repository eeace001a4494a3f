import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectations, type Fault } from '../support/fault.ts';
import { hashesOf, runJob } from '../support/job.ts';
import { rowsLost } from '../support/rows.ts';
import { smallDisk } from '../support/small-disk.ts';
import type { Stage } from '../support/stage.ts';
import { underLoad } from '../support/under-load.ts';

const DAY = '2026-04-20';
const probe = smallDisk(1);
probe?.remove();

/** Files that differ from an undisturbed run: rows that were lost or changed. */
function differences(found: Record<string, string>, expected: Record<string, string>): string[] {
  const names = new Set([...Object.keys(found), ...Object.keys(expected)]);
  return [...names].filter((name) => found[name] !== expected[name]);
}

/** The one Parquet file below a folder that holds daily rows. */
function parquetIn(folder: string): string {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.parquet'));
  return join(folder, found.sort().at(-1)!);
}

/** What jobs make when nothing is wrong: after collector, and after preprocess too. */
interface Undisturbed {
  readonly collected: string;
  readonly processed: string;
}

const made = new WeakMap<Stage, Promise<Undisturbed>>();

/** Made once for a stage; the stage removes it. */
function undisturbedOf(stage: Stage): Promise<Undisturbed> {
  const before = made.get(stage);
  if (before !== undefined) return before;
  const make = async (): Promise<Undisturbed> => {
    const collected = join(stage.root, 'undisturbed-collected');
    const processed = join(stage.root, 'undisturbed-processed');
    mkdirSync(collected);
    await runJob('collector', collected, DAY);
    cpSync(collected, processed, { recursive: true });
    await runJob('preprocess', processed, DAY);
    return { collected, processed };
  };
  const making = make();
  made.set(stage, making);
  return making;
}

const fullDisk: Fault = {
  name: 'a full disk',
  done: 'the disk of the data folder is filled up; collector runs; the disk is emptied and it runs again',
  expected:
    'the run fails and says so, nothing half-written stays, then the same bytes as undisturbed; services answer as before',
  missing: probe === undefined ? 'the right to mount a small disk' : undefined,
  async run(stage, scale) {
    const disk = smallDisk(6)!;
    try {
      const { collected: undisturbed } = await undisturbedOf(stage);
      let failed = { code: 0 as number | null, out: '' };
      let left: string[] = [];
      let second = failed;
      const seen = await underLoad(stage, stage.single, scale, {
        break: async () => {
          const filler = join(disk.folder, 'filler');
          fill(filler);
          failed = await runJob('collector', disk.folder, DAY);
          rmSync(filler);
          left = readdirSync(disk.folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
            name.endsWith('.parquet'),
          );
        },
        cure: async () => {
          second = await runJob('collector', disk.folder, DAY);
        },
        during_ms: 0,
      });
      const expected = expectations(seen.outcomes, scale, { outcomes: [], share: 0 });
      expected.that(
        failed.code === 2 && failed.out.includes('disk is full'),
        `it ended with ${failed.code}: ${failed.out.slice(-300)}`,
      );
      expected.that(left.length === 0, `left behind: ${left.join(', ')}`);
      expected.that(second.code === 0, `the second run ended with ${second.code}: ${second.out.slice(-300)}`);
      const lost = differences(hashesOf(join(disk.folder, 'raw')), hashesOf(join(undisturbed, 'raw')));
      expected.that(lost.length === 0, `other files than undisturbed: ${lost.join(', ')}`);
      const lost_rows = await rowsLost(disk.folder, undisturbed);
      expected.that(lost_rows === 0, `${lost_rows} rows lost`);
      return { ...seen, breaches: expected.breaches, lost_rows };
    } finally {
      disk.remove();
    }
  },
};

function fill(file: string): void {
  const part = Buffer.alloc(64 * 1024);
  try {
    for (;;) writeFileSync(file, part, { flag: 'a' });
  } catch {
    // Full.
  }
}

function broken(
  what: string,
  done: string,
  victim: (data: string) => string,
  job: 'preprocess' | 'train',
  spoil: (file: string) => void,
): Fault {
  return {
    name: what,
    done,
    expected:
      'the next job fails and names the file, nothing is published from it; with the file put back, the same bytes as undisturbed; services answer as before',
    async run(stage, scale) {
      const data = mkdtempSync(join(tmpdir(), 'pokewatch-parquet-'));
      const { collected, processed: undisturbed } = await undisturbedOf(stage);
      try {
        cpSync(job === 'train' ? undisturbed : collected, data, { recursive: true });
        const file = victim(data);
        const kept = readFileSync(file);
        spoil(file);
        const published = () => Object.keys(hashesOf(data)).filter((name) => /^(features|models)\//.test(name));
        const before = published();
        let ended = { code: 0 as number | null, out: '' };
        const seen = await underLoad(stage, stage.single, scale, {
          break: async () => {
            ended = await runJob(job, data, DAY);
          },
          during_ms: 0,
        });
        const expected = expectations(seen.outcomes, scale, { outcomes: [], share: 0 });
        const name = file.split('/').at(-1)!;
        expected.that(ended.code === 1, `it ended with ${ended.code}`);
        expected.that(ended.out.includes(name), `it does not name ${name}: ${ended.out.slice(-300)}`);
        expected.that(published().join() === before.join(), 'something was published');
        writeFileSync(file, kept);
        const again = await runJob(job, data, DAY);
        expected.that(
          [0, 3].includes(again.code ?? -1),
          `put back, it ended with ${again.code}: ${again.out.slice(-300)}`,
        );
        for (const part of ['raw', 'features']) {
          const other = differences(hashesOf(join(data, part)), hashesOf(join(undisturbed, part)));
          expected.that(other.length === 0, `other ${part} than undisturbed: ${other.join(', ')}`);
        }
        const lost_rows = await rowsLost(data, undisturbed);
        expected.that(lost_rows === 0, `${lost_rows} rows lost`);
        return { ...seen, breaches: expected.breaches, lost_rows };
      } finally {
        rmSync(data, { recursive: true, force: true });
      }
    },
  };
}

function flipByte(file: string): void {
  const bytes = readFileSync(file);
  const middle = bytes.length >> 1;
  bytes[middle] = bytes[middle]! ^ 0xff;
  writeFileSync(file, bytes);
}

/** Data that cannot be written or read. */
export const DATA: readonly Fault[] = [
  fullDisk,
  broken(
    'a half-written Parquet file',
    'a file of raw prices ends in the middle; preprocess runs',
    (data) => parquetIn(join(data, 'raw', 'prices')),
    'preprocess',
    (file) => truncateSync(file, readFileSync(file).length >> 1),
  ),
  broken(
    'a corrupt Parquet file of raw prices',
    'one byte in the middle is another; preprocess runs',
    (data) => parquetIn(join(data, 'raw', 'prices')),
    'preprocess',
    flipByte,
  ),
  broken(
    'a corrupt Parquet file of features',
    'one byte in the middle is another; train runs',
    (data) => parquetIn(join(data, 'features')),
    'train',
    flipByte,
  ),
];
