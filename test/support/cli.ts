import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'packages/cli/src/main.ts');

/** What a finished command left behind. */
export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves when standard output holds the pattern. @throws when the command ends before. */
  until(pattern: RegExp): Promise<string>;
}

interface Given {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The command line as a process of its own, with nothing of this process's environment but the path. */
export function startCli(args: readonly string[], given: Given): Running {
  return startProgram(process.execPath, [MAIN, ...args], given);
}

/** Runs a command to its end. */
export function runCli(args: readonly string[], given: Given): Promise<Finished> {
  return startCli(args, given).finished;
}

/** Any program as a child process. */
export function startProgram(command: string, args: readonly string[], { cwd, env }: Given): Running {
  const base = {
    PATH: process.env.PATH ?? '',
    HOME: cwd,
    NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/compiled'),
    POKEWATCH_CARDS: join(ROOT, 'config/cards.yaml'),
  };
  const child = spawn(command, args, { cwd, env: { ...base, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  const watchers = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    for (const look of watchers) look();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
  return {
    child,
    finished,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!pattern.test(out)) return;
          watchers.delete(look);
          resolve(out);
        };
        watchers.add(look);
        look();
        finished.then(({ code }) => reject(new Error(`ended with ${code} before ${pattern}:\n${out}\n${err}`)), reject);
      }),
  };
}
