import { copyFileSync, linkSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '@pokewatch/core';
import { measureFile, sha256 } from '../files.ts';
import { makeFolder } from '../make-folder.ts';

/** Files younger than this are in use by somebody, whatever the bound says. */
const IN_USE_MS = 60_000;
const SHA = 64;

/**
 * Objects that were fetched before, as files in one folder: `<hash of store, key and ETag>-<SHA-256 of the content>`. A name
 * stands for one content for ever, so processes share the folder without a lock: files appear whole by rename, and whoever
 * uses one has a link of its own to it.
 */
export class Cache {
  readonly #folder: string;
  /** Content by object, as far as this process has seen. */
  readonly #names = new Map<string, string>();

  constructor(folder: string) {
    this.#folder = folder;
    makeFolder(folder);
    for (const name of readdirSync(folder)) this.#names.set(name.slice(0, SHA), name);
  }

  /**
   * Puts the object's file in the place `to`, unless it is not in the cache or is not what was fetched: then it is thrown
   * away. `shared` makes a link; otherwise it is a copy, which may be changed.
   */
  take(id: string, to: string, shared: boolean): boolean {
    const name = this.#names.get(sha256(id));
    if (name === undefined) return false;
    const path = join(this.#folder, name);
    try {
      rmSync(to, { force: true });
      place(path, to, shared);
      if (measureFile(to).sha256 === name.slice(SHA + 1)) {
        const now = new Date();
        utimesSync(path, now, now);
        return true;
      }
      rmSync(to, { force: true });
      rmSync(path, { force: true });
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
    }
    this.#names.delete(sha256(id));
    return false;
  }

  /** Keeps a file that has just been fetched or published under the name of its object. */
  keep(id: string, from: string, content_sha256: string): void {
    const name = `${sha256(id)}-${content_sha256}`;
    try {
      place(from, join(this.#folder, name), true);
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
    this.#names.set(sha256(id), name);
  }

  /** Removes what was not used for longest until at most `limit_bytes` are left. */
  sweep(limit_bytes: number): void {
    const files = readdirSync(this.#folder).flatMap((name) => {
      const found = statSync(join(this.#folder, name), { throwIfNoEntry: false });
      return found === undefined ? [] : [{ name, bytes: found.size, used_ms: found.mtimeMs }];
    });
    let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { name, bytes, used_ms } of files.sort((a, b) => a.used_ms - b.used_ms)) {
      if (total <= limit_bytes || Date.now() - used_ms < IN_USE_MS) return;
      rmSync(join(this.#folder, name), { force: true });
      total -= bytes;
    }
  }
}

/** A second name for a file; a copy where the file system has no links, or when it must not be shared. */
function place(from: string, to: string, shared: boolean): void {
  if (shared) {
    try {
      linkSync(from, to);
      return;
    } catch (error) {
      if (!['EPERM', 'EXDEV', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(systemCode(error) ?? ''))
        throw error;
    }
  }
  copyFileSync(from, to);
}
