import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { layout } from '@pokewatch/store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeLock } from './lock.ts';
import { startScript } from './testing/child.ts';

let root: string;
let path: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-lock-'));
  path = join(layout.locks(root), 'train.lock');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const LOCKED = expect.objectContaining({ code: 'job_locked' });

function leaveLock(content: string, age_ms = 0): void {
  mkdirSync(layout.locks(root), { recursive: true });
  writeFileSync(path, content);
  const then = new Date(Date.now() - age_ms);
  utimesSync(path, then, then);
}

test('a held lock is refused with the owner’s process id, and is free after release', () => {
  const lock = takeLock(root, 'train');
  expect(() => takeLock(root, 'train')).toThrow(LOCKED);
  expect(() => takeLock(root, 'train')).toThrow(`process ${process.pid} on ${hostname()}`);
  takeLock(root, 'import').release();
  lock.release();
  takeLock(root, 'train').release();
  expect(readdirSync(layout.locks(root))).toEqual([]);
});

/** Takes the lock again and again; says BOTH when another process holds it too. Ends each turn as `end` says. */
function contender(end: string): string {
  return `
    import { readFileSync, rmSync, writeFileSync } from 'node:fs';
    const [root, path] = ${JSON.stringify([root, path])};
    const dead = JSON.stringify({ pid: process.pid, host: ${JSON.stringify(hostname())}, born: 'earlier' });
    let turns = 0;
    for (const until = Date.now() + 1500; Date.now() < until; ) {
      try {
        const lock = job.takeLock(root, 'train');
        try { writeFileSync(root + '/holder', '', { flag: 'wx' }); } catch { process.stdout.write('BOTH '); }
        turns += 1;
        rmSync(root + '/holder', { force: true });
        ${end};
      } catch (error) { if (error.code !== 'job_locked') process.stdout.write(String(error) + ' '); }
    }
    process.stdout.write(turns > 0 ? 'in turn' : 'never');`;
}

test.each([
  ['release it', 'lock.release()'],
  ['die over it', 'writeFileSync(path, dead)'],
])('of processes that take the lock and %s, no two ever hold it at once', async (_name, end) => {
  const children = Array.from({ length: 3 }, () => startScript(contender(end)));
  const said = (await Promise.all(children.map((child) => child.ended))).map(({ out }) => out);
  expect(said.join(' ')).toMatch(/^(in turn|never)( (in turn|never))*$/);
  expect(said).toContain('in turn');
});

test('the lock of a process that was killed is taken over at once', async () => {
  const child = startScript(
    `job.takeLock(${JSON.stringify(root)}, 'train'); console.log('got'); setInterval(() => {}, 1000);`,
  );
  await child.said('got');
  expect(() => takeLock(root, 'train')).toThrow(LOCKED);
  child.process.kill('SIGKILL');
  await child.ended;
  const started = performance.now();
  takeLock(root, 'train').release();
  expect(performance.now() - started).toBeLessThan(1000);
});

test('a lock whose process id now belongs to another process is taken over', () => {
  leaveLock(JSON.stringify({ pid: process.pid, host: hostname(), born: 'another start' }));
  takeLock(root, 'train').release();
});

test('a lock of another host holds while it is touched, and is taken over a minute later', () => {
  const elsewhere = JSON.stringify({ pid: 1, host: 'elsewhere', born: '1' });
  leaveLock(elsewhere, 30_000);
  expect(() => takeLock(root, 'train')).toThrow('process 1 on elsewhere');
  leaveLock(elsewhere, 61_000);
  takeLock(root, 'train').release();
});

test.each(['', 'null', '{}', '[]', '{"pid":0,"host":"x","born":""}', '\u0000'])(
  'a lock of %j has no owner and is taken over',
  (content) => {
    leaveLock(content);
    takeLock(root, 'train').release();
  },
);

test('a lock that another host took over is not released by the one that lost it', () => {
  const lock = takeLock(root, 'train');
  const other = JSON.stringify({ pid: 1, host: 'elsewhere', born: '1' });
  writeFileSync(path, other);
  lock.release();
  expect(readFileSync(path, 'utf8')).toBe(other);
});

test('a data folder that is a file is a storage error', () => {
  const file = join(root, 'file');
  writeFileSync(file, '');
  expect(() => takeLock(file, 'train')).toThrow(expect.objectContaining({ code: 'storage' }));
});
