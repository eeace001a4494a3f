import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that a test started. */
export interface Child {
  readonly process: ChildProcess;
  /** Standard output and error so far. */
  output(): string;
  /** Waits until the output matches. */
  until(pattern: RegExp, wait_ms?: number): Promise<RegExpMatchArray>;
  /** Exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
}

/** Starts a TypeScript program with this Node, in an environment of its own. */
export function startChild(program: string, env: Readonly<Record<string, string>> = {}, cwd?: string): Child {
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part) => (text += part));
  const ended = new Promise<number | string>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal ?? -1)),
  );
  return {
    process: child,
    output: () => text,
    ended,
    async until(pattern, wait_ms = 20_000) {
      for (const end = performance.now() + wait_ms; performance.now() < end; await sleep(10)) {
        const match = text.match(pattern);
        if (match !== null) return match;
        if (child.exitCode !== null) break;
      }
      throw new Error(`no ${pattern} in the output:\n${text}`);
    },
  };
}
