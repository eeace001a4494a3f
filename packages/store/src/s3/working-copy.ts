import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { PokewatchError, systemCode } from '@pokewatch/core';
import { makeFolder } from '../make-folder.ts';
import { storageError } from '../storage-error.ts';

/** A working copy whose owner cannot be asked (another host) counts as left behind after this long. */
const LEFT_MS = 86_400_000;

/**
 * Folder for what is fetched from S3: the one that was named, or one for this user among the temporary ones.
 * @throws storage when that belongs to somebody else, who could have put anything there
 */
export function cacheFolder(named: string): string {
  if (named !== '') return named;
  const user = process.getuid?.() ?? 0;
  const folder = join(tmpdir(), `pokewatch-s3-${user}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid } = statSync(folder);
  if (uid === user) return folder;
  throw new PokewatchError('storage', `${folder} belongs to another user`, {
    hint: 'Name a folder of your own with POKEWATCH_S3_CACHE.',
  });
}

/** Makes the working copy of this process below `folder`, and removes those whose processes are gone. @throws storage */
export function makeWorkingCopy(folder: string): string {
  try {
    makeFolder(folder);
    for (const name of readdirSync(folder))
      if (isLeft(folder, name)) rmSync(join(folder, name), { recursive: true, force: true });
    return mkdtempSync(join(folder, `${here()}-${process.pid}-`));
  } catch (error) {
    throw storageError(folder, error);
  }
}

function isLeft(folder: string, name: string): boolean {
  const [, host, pid] = /^(.*)-(\d+)-[^-]*$/.exec(name) ?? [];
  if (host !== here()) {
    const found = statSync(join(folder, name), { throwIfNoEntry: false });
    return found !== undefined && Date.now() - found.mtimeMs > LEFT_MS;
  }
  return !isRunning(Number(pid));
}

/** Names where process ids mean something: containers that share a cache count their processes each for itself. */
function here(): string {
  try {
    return `${hostname()}-${readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')}`;
  } catch {
    return hostname();
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}
