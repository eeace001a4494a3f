import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { PokewatchError, type Settings } from '@pokewatch/core';
import { type Bucket, type BucketEntry, openBucket, type S3Settings } from '@pokewatch/s3';
import pLimit from 'p-limit';
import type { DataStore } from '../data-store.ts';
import { filesBelow } from '../data-store.ts';
import { MANIFEST } from '../features.ts';
import { measureFile } from '../files.ts';
import { storageError } from '../storage-error.ts';
import { Cache } from './cache.ts';
import { cacheFolder, makeWorkingCopy } from './working-copy.ts';

/** Settings of a store in S3. */
export type BucketStoreSettings = S3Settings & Pick<Settings, 'POKEWATCH_S3_CACHE' | 'POKEWATCH_S3_CACHE_MB'>;

/** Transfers at once. */
const TRANSFERS = 8;
const MB = 1_000_000;
/** What is under these names is never changed once it is there. */
const IMMUTABLE = /^(?:raw|(?:features|models|calls)\/[^/]+)\//;
const VERSION = /^(?:features|models|calls)\/[^/]+$/;

/** A store in S3, with a working copy beside its cache. @throws store_denied, storage */
export function openBucketStore(settings: BucketStoreSettings): DataStore {
  return new BucketStore(settings);
}

class BucketStore implements DataStore {
  readonly root: string;
  readonly where: string;
  readonly bucket: Bucket;
  readonly #cache: Cache;
  readonly #cache_id: string;
  readonly #cache_bytes: number;
  readonly #limit = pLimit(TRANSFERS);
  /** ETag of each object as it was last seen; null when there was none. */
  readonly #seen = new Map<string, string | null>();
  /** SHA-256 of what was last published as an object. */
  readonly #published = new Map<string, string>();

  constructor(settings: BucketStoreSettings) {
    this.bucket = openBucket(settings);
    this.where = this.bucket.where;
    const folder = cacheFolder(settings.POKEWATCH_S3_CACHE);
    this.root = makeWorkingCopy(join(folder, 'work'));
    this.#cache = new Cache(join(folder, 'objects'));
    this.#cache_id = `${settings.POKEWATCH_S3_ENDPOINT} ${this.where}`;
    this.#cache_bytes = settings.POKEWATCH_S3_CACHE_MB * MB;
  }

  async names(folder: string): Promise<string[]> {
    const names = await this.bucket.names(this.#folderKey(folder));
    return names.filter((name) => !name.startsWith('.'));
  }

  async files(folder: string): Promise<string[]> {
    const entries = await this.bucket.list(this.#folderKey(folder));
    // What may be replaced has been seen only by who has read it.
    for (const { key, etag } of entries) if (IMMUTABLE.test(key)) this.#seen.set(key, etag);
    return entries.map(({ key }) => join(this.root, key));
  }

  async fetch(...files: string[]): Promise<void> {
    await this.#all(files, (path) => this.#fetchFile(this.#key(path)));
  }

  async fetchFolder(folder: string): Promise<void> {
    const entries = await this.bucket.list(this.#folderKey(folder));
    const below = (entry: BucketEntry) => entry.key.slice(this.#folderKey(folder).length);
    // Without its manifest a version was not published whole: for readers it is not there.
    if (VERSION.test(this.#key(folder)) && !entries.some((entry) => below(entry) === MANIFEST)) return;
    await this.#all(entries, async ({ key, etag }) => {
      this.#seen.set(key, etag);
      await this.#fetchFile(key);
    });
  }

  async publish(...files: string[]): Promise<void> {
    for (const path of files) await this.#limit(() => this.#publishFile(this.#key(path)));
  }

  async publishVersion(folder: string): Promise<void> {
    const top = this.#folderKey(folder);
    const manifest = `${top}${MANIFEST}`;
    const there = await this.bucket.list(top);
    // What an interrupted publication left is written anew; nobody has seen it. What is there whole stays as it is.
    if (!there.some(({ key }) => key === manifest)) {
      for (const { key, etag } of there) this.#seen.set(key, etag);
      const files = filesBelow(folder).map((path) => this.#key(path));
      await this.#all(
        files.filter((key) => key !== manifest),
        (key) => this.#publishFile(key),
      );
    }
    await this.#publishFile(manifest);
  }

  async discard(folder: string): Promise<void> {
    const entries = await this.bucket.list(this.#folderKey(folder));
    await this.#all(entries, async ({ key }) => {
      await this.bucket.remove(key);
      this.#seen.set(key, null);
      this.#published.delete(key);
    });
    rmSync(folder, { recursive: true, force: true });
  }

  say(text: string): string {
    return text.replaceAll(this.root, this.where);
  }

  async close(): Promise<void> {
    this.bucket.close();
    rmSync(this.root, { recursive: true, force: true });
    this.#cache.sweep(this.#cache_bytes);
  }

  /** Brings one object: from the cache when its ETag is known and it is there, else from the bucket. */
  async #fetchFile(key: string): Promise<void> {
    const path = join(this.root, key);
    const immutable = IMMUTABLE.test(key);
    if (immutable && existsSync(path)) return;
    mkdirSync(dirname(path), { recursive: true });
    const known = this.#seen.get(key);
    if (immutable && known && this.#cache.take(this.#id(key, known), path, true)) return;
    const arriving = `${path}.arriving`;
    try {
      const found = await this.bucket.download(key, arriving);
      if (found === undefined) {
        rmSync(path, { force: true });
        this.#seen.set(key, null);
        return;
      }
      if (found.noted_sha256 !== undefined && found.noted_sha256 !== found.sha256) throw this.#damaged(key);
      if (immutable) this.#cache.keep(this.#id(key, found.etag), arriving, found.sha256);
      renameSync(arriving, path);
      this.#seen.set(key, found.etag);
      this.#published.set(key, found.sha256);
    } catch (error) {
      rmSync(arriving, { force: true });
      throw storageError(path, error);
    }
  }

  async #publishFile(key: string): Promise<void> {
    const path = join(this.root, key);
    const { sha256: hash } = measureFile(path);
    if (this.#published.get(key) === hash) return;
    const known = this.#seen.get(key);
    const etag = await this.bucket.put(key, { path, sha256: hash }, known ? { etag: known } : 'nothing');
    if (etag === undefined) throw this.#conflict(key);
    this.#seen.set(key, etag);
    this.#published.set(key, hash);
    if (IMMUTABLE.test(key)) this.#cache.keep(this.#id(key, etag), path, hash);
  }

  /** Works on all with a bound on how many at once; the first error ends it, after those under way. */
  async #all<T>(of: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
    const results = await Promise.allSettled(of.map((one) => this.#limit(() => work(one))));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  #id(key: string, etag: string): string {
    return `${this.#cache_id} ${key} ${etag}`;
  }

  #key(path: string): string {
    return relative(this.root, path).split(sep).join('/');
  }

  #folderKey(folder: string): string {
    const key = this.#key(folder);
    return key === '' ? '' : `${key}/`;
  }

  #damaged(key: string): PokewatchError {
    return new PokewatchError('bad_data_file', `${this.where}/${key} is not what was written`, {
      hint: 'Restore it from a backup, or remove it and run the job that made it again.',
    });
  }

  #conflict(key: string): PokewatchError {
    return new PokewatchError(
      'store_conflict',
      `${this.where}/${key} was written by somebody else meanwhile; theirs stays`,
      {
        hint: 'Run it again: it goes on from what is there now.',
      },
    );
  }
}
