import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { PokewatchError, systemCode } from '@pokewatch/core';
import { layout } from '@pokewatch/store';

const BEAT_MS = 5_000;
/** A lock whose owner cannot be asked (another host) is dead when it has not beaten for this long. */
const DEAD_MS = 60_000;

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** Start of the owning process as the kernel counts it, so that a reused pid is not taken for the owner. */
  readonly born: string;
}

/** A held lock. */
export interface Lock {
  release(): void;
}

/**
 * Takes the lock `name` of a data folder, or takes over one whose owner is dead.
 * @throws job_locked when a living process holds it, naming its process id and host.
 */
export function takeLock(root: string, name: string): Lock {
  const path = join(layout.locks(root), `${name}.lock`);
  mkdirSync(layout.locks(root), { recursive: true });
  for (;;) {
    if (create(path)) return hold(path);
    const owner = readOwner(path);
    if (owner !== undefined && isAlive(path, owner)) {
      throw new PokewatchError('job_locked', `${name} is already running (process ${owner.pid} on ${owner.host})`, {
        hint: `Wait for it to end. If you are sure that it is gone, delete ${path}.`,
      });
    }
    bury(path);
  }
}

function create(path: string): boolean {
  try {
    const file = openSync(path, 'wx');
    writeSync(file, JSON.stringify({ pid: process.pid, host: hostname(), born: bornAt(process.pid) } satisfies Owner));
    closeSync(file);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw new PokewatchError('storage', `${path} cannot be written (${systemCode(error) ?? 'unknown'})`, {
      hint: 'POKEWATCH_DATA names the data folder; it must be a folder that this user may write.',
      cause: error,
    });
  }
}

function hold(path: string): Lock {
  const beat = setInterval(() => {
    try {
      const now = new Date();
      utimesSync(path, now, now);
    } catch {
      // The folder may be gone while a test or a person removes it; the job's own writes will say so.
    }
  }, BEAT_MS);
  beat.unref();
  return {
    release() {
      clearInterval(beat);
      rmSync(path, { force: true });
    },
  };
}

function readOwner(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

function isAlive(path: string, owner: Owner): boolean {
  if (owner.host !== hostname()) return Date.now() - modified(path) < DEAD_MS;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
  return bornAt(owner.pid) === owner.born;
}

/** Moves a dead lock away by rename, which only one of several contenders can do. */
function bury(path: string): void {
  const grave = `${path}.dead-${process.pid}`;
  try {
    renameSync(path, grave);
    rmSync(grave, { force: true });
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}

function modified(path: string): number {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

/** Field 22 of /proc/<pid>/stat; empty where there is no /proc, and then only the pid counts. */
function bornAt(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
