import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** A running script, for tests of what happens between processes. */
export interface Child {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  /** Waits until the script has printed this word. */
  said(word: string): Promise<void>;
  /** Waits until it is gone. */
  ended: Promise<{ code: number | null; signal: string | null; out: string }>;
}

/** Starts a script that finds this package as `job`, the store as `store`, and prints. */
export function startScript(script: string, env: Record<string, string> = {}): Child {
  const [job, store] = [new URL('../index.ts', import.meta.url).href, import.meta.resolve('@pokewatch/store')];
  const text = `import * as job from ${JSON.stringify(job)};\nimport * as store from ${JSON.stringify(store)};\n${script}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  let out = '';
  const listeners: (() => void)[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part) => {
      out += part;
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<{ code: number | null; signal: string | null; out: string }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, out }));
  });
  const said = (word: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => out.includes(word) && resolve();
      listeners.push(look);
      look();
      void ended.then(() => reject(new Error(`ended without saying ${word}: ${out}`)));
    });
  return { process: child, said, ended };
}
