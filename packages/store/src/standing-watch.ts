import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type JobStanding, JobStandingSchema } from '@pokewatch/contracts';
import { describeError, isPokewatchError, systemCode } from '@pokewatch/core';
import { isS3 } from '@pokewatch/s3/place';
import { listFinished, parseJson } from './files.ts';
import { layout } from './layout.ts';
import type { StoreSettings } from './open-store.ts';
import { storageError } from './storage-error.ts';

/** How all jobs stand; the same object as before while nothing has changed. */
export interface Standings {
  readonly jobs: readonly JobStanding[];
  /** What cannot be read, in words. */
  readonly faults: readonly string[];
}

/** Where standings lie: their names, each with a mark that changes with the content. */
interface Place {
  marks(): Promise<ReadonlyMap<string, string>>;
  /** The text of one; undefined when it has gone since. */
  text(name: string): Promise<string | undefined>;
  where(name: string): string;
}

/**
 * Follows how jobs stand. Each call costs one listing, and a reading of those that changed since the call before: in S3 one
 * request where nothing happened. @throws storage, store_denied, store_missing, store_unavailable
 */
export function followStandings(settings: StoreSettings): () => Promise<Standings> {
  let opened: Promise<Place> | undefined;
  let known = new Map<string, { readonly mark: string; readonly standing: JobStanding | string }>();
  let last: Standings = { jobs: [], faults: [] };
  return async () => {
    opened ??= openPlace(settings);
    const place = await opened;
    const marks = await place.marks();
    const next: typeof known = new Map();
    for (const [name, mark] of marks) {
      const before = known.get(name);
      const standing = before?.mark === mark ? before.standing : await readOne(place, name);
      if (standing !== undefined) next.set(name, { mark, standing });
    }
    const same = next.size === known.size && [...next].every(([name, { mark }]) => known.get(name)?.mark === mark);
    known = next;
    if (same) return last;
    const all = [...next.values()].map(({ standing }) => standing);
    last = {
      jobs: all.filter((standing) => typeof standing !== 'string'),
      faults: all.filter((standing) => typeof standing === 'string'),
    };
    return last;
  };
}

async function readOne(place: Place, name: string): Promise<JobStanding | string | undefined> {
  const text = await place.text(name);
  if (text === undefined) return undefined;
  try {
    return parseJson(place.where(name), text, JobStandingSchema);
  } catch (error) {
    if (isPokewatchError(error)) return describeError(error);
    throw error;
  }
}

async function openPlace(settings: StoreSettings): Promise<Place> {
  const root = settings.POKEWATCH_DATA;
  if (!isS3(root)) return folderPlace(layout.standings(root));
  // The SDK takes a while to load; whoever works in a folder does not wait for it.
  const { openBucket } = await import('@pokewatch/s3');
  const bucket = openBucket(settings);
  const folder = `${layout.standings('')}/`;
  return {
    async marks() {
      const entries = await bucket.list(folder);
      return new Map(entries.map(({ key, etag }) => [key.slice(folder.length), etag]));
    },
    async text(name) {
      const found = await bucket.read(folder + name);
      return found === undefined || found === 'unchanged' ? undefined : found.text;
    },
    where: (name) => `${bucket.where}/${folder}${name}`,
  };
}

function folderPlace(folder: string): Place {
  const orGone = <T>(path: string, read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw storageError(path, error);
    }
  };
  return {
    async marks() {
      const marks = new Map<string, string>();
      for (const name of listFinished(folder)) {
        const path = join(folder, name);
        const found = orGone(path, () => statSync(path));
        if (found?.isFile()) marks.set(name, `${found.ino} ${found.mtimeMs} ${found.size}`);
      }
      return marks;
    },
    text: async (name) => orGone(join(folder, name), () => readFileSync(join(folder, name), 'utf8')),
    where: (name) => join(folder, name),
  };
}
