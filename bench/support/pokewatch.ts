import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const MAIN = join(fileURLToPath(new URL('../..', import.meta.url)), 'packages', 'cli', 'src', 'main.ts');

/** Runs the `pokewatch` command on a data folder and gives what it wrote to stdout. @throws Error with its stderr when it failed. */
export function pokewatch(folder: string, args: readonly string[]): string {
  const run = spawnSync(process.execPath, [MAIN, ...args], {
    env: { ...process.env, POKEWATCH_DATA: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
  });
  if (run.status !== 0) throw new Error(`pokewatch ${args.join(' ')} failed: ${String(run.stderr)}`);
  return String(run.stdout);
}
