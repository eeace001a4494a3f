import { linkSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { PokewatchError, systemCode } from '@pokewatch/core';
import { layout, makeFolder, storageError } from '@pokewatch/store';
import * as z from 'zod';

const BEAT_MS = 5_000;
/** A lock whose owner cannot be asked (another host) is dead when it has not beaten for this long. */
const DEAD_MS = 60_000;
/** How file systems without hard links say so. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/** `born` is the start of the owning process as the kernel counts it, so that a reused pid is not taken for the owner. */
export const OwnerSchema = z.object({ pid: z.int().positive(), host: z.string(), born: z.string() });
export type Owner = z.infer<typeof OwnerSchema>;

/** A held lock. */
export interface Lock {
  /** Fires when somebody else has taken it over, as can happen to locks in a bucket. */
  readonly lost?: AbortSignal;
  release(): void | Promise<void>;
}

/** A lock in a folder. */
export interface FileLock extends Lock {
  release(): void;
}

/** This process as the owner of a lock. */
export function ownerHere(): Owner {
  return { pid: process.pid, host: hostname(), born: bornAt(process.pid) };
}

/**
 * Takes the lock `name` of a data folder, or takes over one whose owner is dead.
 * @throws job_locked when a living process holds it, naming its process id and host.
 */
export function takeLock(root: string, name: string): FileLock {
  const path = join(layout.locks(root), `${name}.lock`);
  const mine = JSON.stringify(ownerHere());
  for (;;) {
    if (create(path, mine)) return hold(path, mine);
    const text = readText(path);
    if (text === undefined) continue;
    const owner = parseOwner(text);
    if (owner !== undefined && isAlive(path, owner)) {
      throw new PokewatchError('job_locked', `${name} is already running (process ${owner.pid} on ${owner.host})`, {
        hint: `Wait for it to end. If you are sure that it is gone, delete ${path}.`,
      });
    }
    bury(path, text);
  }
}

/** Makes the lock with its content in one step, so that nobody sees a lock without an owner. */
function create(path: string, mine: string): boolean {
  const draft = `${path}.draft-${process.pid}`;
  try {
    makeFolder(dirname(path));
    writeFileSync(draft, mine);
    linkOrWrite(draft, path, mine);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST' && ['link', 'open'].includes(systemCall(error))) return false;
    throw storageError(path, error);
  } finally {
    discard(draft);
  }
}

function linkOrWrite(draft: string, path: string, mine: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!NO_LINKS.includes(systemCode(error) ?? '')) throw error;
    writeFileSync(path, mine, { flag: 'wx' });
  }
}

function hold(path: string, mine: string): FileLock {
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
      // Another host may have taken the lock over while this process could not beat.
      if (readText(path) === mine) discard(path);
    },
  };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw storageError(path, error);
  }
}

function parseOwner(text: string): Owner | undefined {
  try {
    return OwnerSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function isAlive(path: string, owner: Owner): boolean {
  return owner.host === hostname() ? ownerRuns(owner) : Date.now() - modified(path) < DEAD_MS;
}

/** True when an owner on this host is still running. */
export function ownerRuns(owner: Owner): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
  return bornAt(owner.pid) === owner.born;
}

/** Somebody who buries a lock needs moments; a grave-digger's mark older than this was left by one that was killed. */
const BURIAL_MS = 5_000;
const RETRY_MS = 2;

/**
 * Removes a dead lock. Only the one contender that holds the mark beside it may: so nobody can remove the lock that a
 * faster contender has made in its place. The others wait a moment and look again.
 */
function bury(path: string, dead: string): void {
  const mark = `${path}.burial`;
  try {
    writeFileSync(mark, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw storageError(path, error);
    if (Date.now() - modified(mark) > BURIAL_MS) discard(mark);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    return;
  }
  try {
    if (readText(path) === dead) discard(path);
  } finally {
    discard(mark);
  }
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // A leftover file with a process id in its name does no harm.
  }
}

function systemCall(error: unknown): string {
  return error instanceof Error && 'syscall' in error ? String(error.syscall) : '';
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
