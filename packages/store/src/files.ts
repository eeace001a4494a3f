import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { FileEntry, JobName } from '@pokewatch/contracts';
import { PokewatchError, systemCode } from '@pokewatch/core';
import type * as z from 'zod';
import { makeFolder } from './make-folder.ts';
import { storageError } from './storage-error.ts';

/** Names of unfinished files and folders start with this; readers pass over them and `sweepUnfinished` removes them. */
const UNFINISHED = '.unfinished-';

/** SHA-256 of bytes or text, in hex. */
export function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

/**
 * Writes a file so that a reader sees the old content or the new one, never a part: write beside it, sync, rename.
 * `mode` is who may use the file; the process's mask takes from it.
 * @throws storage when the folder cannot be written or is full.
 */
export function publishFile(path: string, data: Uint8Array | string, mode = 0o666): void {
  const unfinished = join(dirname(path), `${UNFINISHED}${process.pid}-${basename(path)}`);
  try {
    makeFolder(dirname(path));
    const file = openSync(unfinished, 'w', mode);
    try {
      const bytes = typeof data === 'string' ? Buffer.from(data) : data;
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, path);
  } catch (error) {
    discard(unfinished);
    throw storageError(path, error);
  }
}

/** Runs `write` on an unfinished path beside `path`, syncs the file it made and renames it into place. */
export async function publishFileBy(path: string, write: (unfinished: string) => Promise<void>): Promise<void> {
  const unfinished = join(dirname(path), `${UNFINISHED}${process.pid}-${basename(path)}`);
  try {
    makeFolder(dirname(path));
    await write(unfinished);
    syncPath(unfinished);
    renameSync(unfinished, path);
  } catch (error) {
    discard(unfinished);
    throw storageError(path, error);
  }
}

/**
 * Builds a folder that is immutable once it is there: `build` fills an unfinished folder, which is then renamed. When
 * the folder exists already (same version, so same content) it is left as it is, unless files are missing from it.
 */
export async function publishFolder(path: string, build: (unfinished: string) => Promise<void>): Promise<void> {
  const unfinished = join(dirname(path), `${UNFINISHED}${process.pid}-${basename(path)}`);
  try {
    rmSync(unfinished, { recursive: true, force: true });
    makeFolder(unfinished);
    await build(unfinished);
    for (const name of readdirSync(unfinished)) syncPath(join(unfinished, name));
    if (existsSync(path)) {
      if (readdirSync(unfinished).every((name) => existsSync(join(path, name)))) return discard(unfinished);
      rmSync(path, { recursive: true });
    }
    renameSync(unfinished, path);
  } catch (error) {
    discard(unfinished);
    throw storageError(path, error);
  }
}

/**
 * Removes what an interrupted writer left in a folder tree: everything, or only what is named after a run of `job`.
 * Call it under the job's lock only.
 */
export function sweepUnfinished(folder: string, job?: JobName): void {
  for (const entry of listFolder(folder)) {
    const path = join(folder, entry.name);
    if (isLeftover(entry.name, job)) remove(path);
    else if (entry.isDirectory() && !entry.name.startsWith(UNFINISHED)) sweepUnfinished(path, job);
  }
}

function isLeftover(name: string, job: JobName | undefined): boolean {
  if (!name.startsWith(UNFINISHED)) return false;
  const of = name.replace(/^\D*\d+-/, '');
  return job === undefined || of.startsWith(`${job}-`) || of.startsWith(`${job}.`);
}

function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    throw storageError(path, error);
  }
}

/** Clears away after a failure, whose own error is the one to tell. */
function discard(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // What cannot be removed now is swept by the next run.
  }
}

/** Finished entries of a folder, sorted by name; none when it is not there. */
export function listFinished(folder: string): string[] {
  return listFolder(folder)
    .map((entry) => entry.name)
    .filter((name) => !name.startsWith('.'))
    .sort();
}

function listFolder(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw storageError(folder, error);
  }
}

/** Name, size and hash of the files of a folder, sorted by name. */
export function fileEntries(folder: string, names: readonly string[]): FileEntry[] {
  return [...names].sort().map((name) => ({ name, ...measureFile(join(folder, name)) }));
}

/** Size and hash of a file, read a piece at a time: features of a large catalogue are hundreds of megabytes. */
export function measureFile(path: string): { bytes: number; sha256: string } {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(1 << 20);
  const file = openSync(path, 'r');
  let bytes = 0;
  try {
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) {
      hash.update(piece.subarray(0, read));
      bytes += read;
    }
  } finally {
    closeSync(file);
  }
  return { bytes, sha256: hash.digest('hex') };
}

/**
 * The bytes of a file that a manifest lists, checked against its size and hash.
 * @throws bad_data_file when it is missing or is not what was published.
 */
export function readChecked(folder: string, entry: FileEntry): Buffer {
  const path = join(folder, entry.name);
  const bytes = orThrow(path, () => readFileSync(path));
  expectEntry(path, entry, { bytes: bytes.length, sha256: sha256(bytes) });
  return bytes;
}

/** The same check without holding the file in memory. @returns its path */
export function checkFile(folder: string, entry: FileEntry): string {
  const path = join(folder, entry.name);
  const found = orThrow(path, () => measureFile(path));
  expectEntry(path, entry, found);
  return path;
}

function expectEntry(path: string, entry: FileEntry, found: Omit<FileEntry, 'name'>): void {
  if (found.bytes === entry.bytes && found.sha256 === entry.sha256) return;
  throw new PokewatchError(
    'bad_data_file',
    `${path} is not the file that was published (${found.bytes} of ${entry.bytes} bytes, or another hash)`,
    {
      hint: 'Restore it from a backup, or delete its folder and run the job that made it again.',
    },
  );
}

/** A JSON file checked by a schema, or undefined when there is none. @throws bad_data_file when it is damaged. */
export function readJson<T extends z.ZodType>(path: string, schema: T): z.output<T> | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw storageError(path, error);
  }
  return parseJson(path, text, schema);
}

/** JSON text of the file at `path`, checked by a schema. @throws bad_data_file */
export function parseJson<T extends z.ZodType>(path: string, text: string, schema: T): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new PokewatchError('bad_data_file', `${path} is not JSON`, {
      hint: 'Restore it, or delete it and run the job that made it again.',
      cause: error,
    });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new PokewatchError(
    'bad_data_file',
    `${path} has an unknown shape at ${issue?.path.join('.') || 'the top'}: ${issue?.message ?? ''}`,
    {
      hint: 'It may come from another version of the program. Delete it and run the job that made it again.',
    },
  );
}

/** Pretty JSON with a final line end; key order is that of the object. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function orThrow<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') {
      throw new PokewatchError('bad_data_file', `${path} is missing`, {
        hint: 'Restore it, or run the job that made it again.',
        cause: error,
      });
    }
    throw storageError(path, error);
  }
}

function syncPath(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
