import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, type Running, startProgram } from './cli.ts';
import { S3_KEYS } from './s3-server.ts';

/** A machine that works on a store: jobs, commands and services started there share its cache. */
export class Node {
  readonly folder = mkdtempSync(join(tmpdir(), 'pokewatch-node-'));
  readonly env: Readonly<Record<string, string>>;

  constructor(endpoint: string, data: string, env: Readonly<Record<string, string>> = {}) {
    this.env = {
      POKEWATCH_DATA: data,
      POKEWATCH_S3_ENDPOINT: endpoint,
      POKEWATCH_S3_CACHE: join(this.folder, 'cache'),
      ...S3_KEYS,
      POKEWATCH_NOW: '2026-04-20T12:00:00Z',
      POKEWATCH_DEMO_DAYS: '60',
      // Nobody listens there.
      MODEL_SERVICE_URL: 'http://127.0.0.1:9',
      LOG_LEVEL: 'warn',
      ...env,
    };
  }

  /** Starts a job as a process of its own. */
  job(name: 'collector' | 'preprocess' | 'train', env: Readonly<Record<string, string>> = {}): Running {
    const clock = env.CLOCK_OFFSET_MS === undefined ? [] : ['--import', join(import.meta.dirname, 'wrong-clock.ts')];
    const main = join(ROOT, 'jobs', name, 'src/main.ts');
    return startProgram(process.execPath, [...clock, main], { cwd: this.folder, env: { ...this.env, ...env } });
  }

  /** Starts a command of the command line. */
  command(args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
    const main = join(ROOT, 'packages/cli/src/main.ts');
    return startProgram(process.execPath, [main, ...args], { cwd: this.folder, env: { ...this.env, ...env } });
  }

  /** Collects, preprocesses and trains. @returns the exit codes */
  async pipeline(env: Readonly<Record<string, string>> = {}): Promise<(number | null)[]> {
    const codes = [];
    for (const name of ['collector', 'preprocess', 'train'] as const)
      codes.push((await this.job(name, env).finished).code);
    return codes;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
