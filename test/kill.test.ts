import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeMarket } from '../bench/support/market.ts';
import { seededRandom } from '../packages/evaluation/src/index.ts';

const TOP = fileURLToPath(new URL('..', import.meta.url));

const STEP_KILLER = fileURLToPath(new URL('./support/kill-at-step.ts', import.meta.url));

/** In each folder a job is killed so many times, in turn at a random change of the data folder and at a random time. */
const KILLS_IN_TURN = 2;
const FOLDERS = 10;
const KILLS = KILLS_IN_TURN * FOLDERS;
/** The first run, which is measured, also compiles; later ones take about this part of its time. */
const WARM = 0.8;
/** Folders that are worked on at once. */
const AT_ONCE = 2;

let top: string;

beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'pokewatch-kill-'));
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

type Job = 'collector' | 'import' | 'preprocess' | 'train';

function start(job: Job, data: string, killAtStep?: number): ChildProcess {
  const args = job === 'import' ? [join(top, 'market.csv')] : [];
  const main = join(TOP, 'jobs', job, 'src', 'main.ts');
  return spawn(process.execPath, ['--import', STEP_KILLER, main, ...args], {
    cwd: top,
    env: {
      POKEWATCH_DATA: data,
      POKEWATCH_NOW: '2026-04-20T12:00:00Z',
      POKEWATCH_CARDS: join(TOP, 'config', 'cards.yaml'),
      POKEWATCH_DEMO_DAYS: '60',
      // Nobody listens there.
      MODEL_SERVICE_URL: 'http://127.0.0.1:9',
      LOG_LEVEL: 'error',
      // A third of a short run is compilation.
      NODE_COMPILE_CACHE: join(top, 'compiled'),
      ...(killAtStep === undefined ? {} : { KILL_AT_STEP: String(killAtStep) }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

interface Finished {
  readonly code: number | null;
  readonly out: string;
}

function ended(child: ChildProcess): Promise<Finished> {
  let out = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (part) => {
      out += part;
    });
  }
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out })));
}

/** Runs a job to its end. 3 is the outcome of `train` that refuses a model. */
async function runWhole(job: Job, data: string): Promise<void> {
  const { code, out } = await ended(start(job, data));
  expect([0, 3], out).toContain(code);
}

/** How long a job works, from its lock to its end, and how often it changes the file system. */
async function measureWork(job: Job, data: string): Promise<{ work_ms: number; steps: number }> {
  const child = start(job, data);
  const end = ended(child);
  await lockOf(job, data, child);
  const began = performance.now();
  const { out } = await end;
  return { work_ms: performance.now() - began, steps: Number(/steps=(\d+)/.exec(out)?.[1]) };
}

async function lockOf(job: Job, data: string, child: ChildProcess): Promise<void> {
  while (lockOwner(job, data) !== child.pid && child.exitCode === null) await sleep(1);
}

function lockOwner(job: Job, data: string): number | undefined {
  try {
    return (JSON.parse(readFileSync(join(data, 'locks', `${job}.lock`), 'utf8')) as { pid: number }).pid;
  } catch {
    return undefined;
  }
}

/** Kills a job after a part of its work. @returns true when it was still at work. */
async function killInTime(job: Job, data: string, after_ms: number): Promise<boolean> {
  const child = start(job, data);
  const end = ended(child);
  await lockOf(job, data, child);
  await sleep(after_ms);
  child.kill('SIGKILL');
  return (await end).code === null;
}

/** Lets a job kill itself before a change of the file system. @returns true when it came that far. */
async function killAtStep(job: Job, data: string, step: number): Promise<boolean> {
  return (await ended(start(job, data, step))).code === null;
}

/** Hash of every file under raw, features and models, leftovers included, by path. */
function hashes(data: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const part of ['raw', 'features', 'models']) {
    if (!existsSync(join(data, part))) continue;
    for (const entry of readdirSync(join(data, part), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      found[path.slice(data.length + 1)] = entry.isFile()
        ? createHash('sha256').update(readFileSync(path)).digest('hex')
        : 'folder';
    }
  }
  return found;
}

const CASES: { readonly job: Job; readonly before: readonly Job[] }[] = [
  { job: 'collector', before: [] },
  { job: 'import', before: [] },
  { job: 'preprocess', before: ['collector'] },
  { job: 'train', before: ['collector', 'preprocess'] },
];

test.each(CASES)(
  '$job, killed with -9 at twenty random moments and run again, leaves the same bytes as undisturbed',
  { timeout: 240_000 },
  async ({ job, before }) => {
    if (job === 'import') await writeMarket(join(top, 'market.csv'), 60, 380);
    const base = join(top, `${job}-base`);
    for (const earlier of before) await runWhole(earlier, base);
    const undisturbed = join(top, `${job}-undisturbed`);
    if (existsSync(base)) cpSync(base, undisturbed, { recursive: true });
    const { work_ms, steps } = await measureWork(job, undisturbed);
    const expected = hashes(undisturbed);
    expect(Object.keys(expected).length).toBeGreaterThan(Object.keys(hashes(base)).length);

    const random = seededRandom(CASES.findIndex((one) => one.job === job) + 1);
    const folders = Array.from({ length: FOLDERS }, (_, i) => ({
      data: join(top, `${job}-${i}`),
      moments: Array.from({ length: KILLS_IN_TURN }, (_, k) =>
        k % 2 === 0 ? { step: 1 + Math.floor(random() * steps) } : { after_ms: Math.round(random() * WARM * work_ms) },
      ),
    }));
    let hit = 0;
    const worker = async () => {
      for (let next = folders.shift(); next !== undefined; next = folders.shift()) {
        const { data, moments } = next;
        if (existsSync(base)) cpSync(base, data, { recursive: true });
        for (const moment of moments) {
          const killed = 'step' in moment ? killAtStep(job, data, moment.step) : killInTime(job, data, moment.after_ms);
          if (await killed) hit += 1;
        }
        await runWhole(job, data);
        expect(hashes(data), `killed at ${JSON.stringify(moments)} of ${steps} steps`).toEqual(expected);
        rmSync(data, { recursive: true });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    console.log(
      `${job}: ${hit} of ${KILLS} kills hit it within its ${steps} steps and ${Math.round(work_ms)} ms of work`,
    );
    expect(hit).toBeGreaterThanOrEqual(KILLS / 2);
  },
);
