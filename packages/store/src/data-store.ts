import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Bucket } from '@pokewatch/s3';
import { listFinished } from './files.ts';
import { storageError } from './storage-error.ts';

/**
 * The data that POKEWATCH_DATA names, as one process works on it: in the folder `root`, by the paths of `layout`. For a data
 * folder that is the folder itself, and fetching and publishing do nothing. For a bucket it is a working copy of this process
 * alone, empty at first: what is to be read is fetched before, and what was made is published afterwards.
 */
export interface DataStore {
  readonly root: string;
  /** What people call it: the folder, or `s3://bucket/prefix`. */
  readonly where: string;
  /** The bucket, where there is one. */
  readonly bucket: Bucket | undefined;
  /** Names of what a folder holds, sorted; none when it is not there. */
  names(folder: string): Promise<string[]>;
  /** Paths of all files below a folder, sorted, whether they were fetched or not. */
  files(folder: string): Promise<string[]>;
  /** Brings files up to date; those that are not in the store are not in the working copy either. */
  fetch(...files: string[]): Promise<void>;
  /** Brings a folder with all files below it. A version of features or models comes only when it was published whole. */
  fetchFolder(folder: string): Promise<void>;
  /**
   * Publishes files in this order, each whole. @throws store_conflict when one was changed since it was fetched; what the
   * other one wrote stays.
   */
  publish(...files: string[]): Promise<void>;
  /** Publishes a version of features or models; it is seen when its manifest is there, which comes last. */
  publishVersion(folder: string): Promise<void>;
  /** Forgets a folder and all below it. */
  discard(folder: string): Promise<void>;
  /** A text in which paths are those that people know. */
  say(text: string): string;
  /** Gives the working copy up. */
  close(): Promise<void>;
}

/** A data folder. */
export function folderStore(root: string): DataStore {
  return {
    root,
    where: root,
    bucket: undefined,
    names: async (folder) => listFinished(folder),
    files: async (folder) => filesBelow(folder),
    async fetch() {},
    async fetchFolder() {},
    async publish() {},
    async publishVersion() {},
    async discard() {},
    say: (text) => text,
    async close() {},
  };
}

/**
 * Finished files below a folder, sorted; none when it is not there. A folder in the place of a Parquet file is among them, so that
 * whoever reads it says what is wrong. @throws storage
 */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  try {
    return readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => !entry.isDirectory() || entry.name.endsWith('.parquet'))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter(
        (path) =>
          !relative(folder, path)
            .split('/')
            .some((part) => part.startsWith('.')),
      )
      .sort();
  } catch (error) {
    throw storageError(folder, error);
  }
}
