import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fake, startFake } from '@pokewatch/fake-source';
import { readWatchlist } from '@pokewatch/watchlist';
import { afterAll, afterEach, describe, expect, it } from 'vitest';

const REPOSITORY = new URL('../../../', import.meta.url).pathname;
const MAIN = new URL('./main.ts', import.meta.url).pathname;
const NOW = '2026-11-21T10:00:00Z';
const KILLS = 20;
const { cards } = readWatchlist(join(REPOSITORY, 'config/cards.yaml'));
const folders: string[] = [];
let fake: Fake | undefined;

afterEach(async () => {
  await fake?.close();
  fake = undefined;
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pokewatch-kill-'));
  folders.push(folder);
  return folder;
}

/** Runs the collector as a process; kills it (signal 9) after `kill_ms`, when given. @returns its exit code, or null. */
function runProcess(root: string, env: Record<string, string>, kill_ms?: number): Promise<number | null> {
  const child = spawn(process.execPath, [MAIN], {
    cwd: REPOSITORY,
    env: { PATH: process.env.PATH, POKEWATCH_DATA: root, POKEWATCH_NOW: NOW, LOG_LEVEL: 'silent', ...env },
    stdio: 'ignore',
  });
  const timer = kill_ms === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), kill_ms);
  return new Promise((resolve) => {
    child.on('exit', (code) => {
      clearTimeout(timer);
      resolve(code);
    });
  });
}

function hashes(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || /\/(runs|jobs|locks)\//.test(path)) continue;
    found[path.slice(root.length)] = createHash('sha256').update(readFileSync(path)).digest('hex');
  }
  return found;
}

/** How long a whole run takes, from start to end, in milliseconds, and what it leaves behind. */
async function undisturbed(env: Record<string, string>) {
  const root = freshFolder();
  const start = performance.now();
  expect(await runProcess(root, env)).toBe(0);
  return { took_ms: performance.now() - start, files: hashes(root) };
}

describe('a collector that is killed at random moments', () => {
  it('leaves, after a rerun, the bytes of an undisturbed run', { timeout: 180_000 }, async () => {
    const env = { POKEWATCH_SOURCE: 'demo' };
    const { took_ms, files } = await undisturbed(env);
    let root = freshFolder();
    for (let kill = 0; kill < KILLS; kill++) {
      const code = await runProcess(root, env, Math.random() * took_ms);
      if (code !== 0) continue;
      expect(hashes(root)).toEqual(files);
      root = freshFolder();
    }
    expect(await runProcess(root, env)).toBe(0);
    expect(hashes(root)).toEqual(files);
  });

  it('spends no more than the one call that each kill cut off', { timeout: 180_000 }, async () => {
    const clock = { now: () => new Date(NOW) };
    fake = await startFake('pokemon-price-tracker', { cards, clock, modes: { plan: 'business' } });
    const env = {
      POKEWATCH_SOURCE: 'pokemon-price-tracker',
      POKEMON_PRICE_API_KEY: 'test-key-0123456789',
      [fake.setting]: fake.url,
    };
    const { took_ms, files } = await undisturbed(env);
    const before = fake.requests.length;
    const root = freshFolder();
    let kills = 0;
    for (; kills < 6; kills++) if ((await runProcess(root, env, took_ms * (0.3 + 0.5 * Math.random()))) === 0) break;
    await sleep(50);
    expect(await runProcess(root, env)).toBe(0);
    expect(hashes(root)).toEqual(files);
    expect(fake.requests.length - before).toBeLessThanOrEqual(cards.length + kills);
  });
});
