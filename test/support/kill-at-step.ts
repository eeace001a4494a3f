/**
 * Loaded with `--import` before a program: kills it with -9 just before its n-th change of the data folder
 * (KILL_AT_STEP), and tells at the end how many changes it made. Steps are the moments at which a kill can do harm.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import process from 'node:process';

/** What changes files by path, and what by a descriptor that `openSync` gave. */
const STEPS = ['openSync', 'renameSync', 'linkSync', 'mkdirSync', 'rmSync', 'writeFileSync', 'writeSync', 'fsyncSync'];

const killAt = Number(process.env.KILL_AT_STEP ?? Number.POSITIVE_INFINITY);
const data = process.env.POKEWATCH_DATA ?? '';
const functions = fs as unknown as Record<string, (...args: unknown[]) => unknown>;
const descriptors = new Set<unknown>();
let steps = 0;

for (const name of STEPS) {
  const original = functions[name]!;
  functions[name] = (...args) => {
    const [target] = args;
    const concerned = typeof target === 'string' ? target.startsWith(data) : descriptors.has(target);
    if (concerned) steps += 1;
    if (concerned && steps === killAt) process.kill(process.pid, 'SIGKILL');
    const result = original(...args);
    if (concerned && name === 'openSync') descriptors.add(result);
    return result;
  };
}
syncBuiltinESMExports();

process.on('exit', () => process.stderr.write(`steps=${steps}\n`));
