import { type BigIntStats, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { KeyFileSchema, type KeyRecord } from '@pokewatch/contracts';
import { PokewatchError, type Settings, systemCode } from '@pokewatch/core';
import type { KeyPlace } from './key-place.ts';

/** How often the file is looked at: a revoked key is refused after this long at the latest. */
const POLL_MS = 1000;

/** The file of the keys, where it is one. */
export function keyFilePath(settings: Settings): string {
  return settings.POKEWATCH_KEYS || join(settings.POKEWATCH_DATA, 'keys', 'keys.json');
}

/** Keys in a file. */
export function filePlace(path: string): KeyPlace {
  let seen: string | undefined;
  return {
    path,
    poll_ms: POLL_MS,
    async load() {
      const now = identity(await statIfThere(path));
      if (now === seen) return 'unchanged';
      const records = readKeyFile(path);
      seen = now;
      return records;
    },
  };
}

async function statIfThere(path: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw unreadable(path, error);
  }
}

/** Changes with every write; a rename brings another inode even within one tick of the clock. */
function identity(stats: BigIntStats | undefined): string {
  if (stats === undefined) return 'none';
  return `${stats.ino} ${stats.mtimeNs} ${stats.ctimeNs} ${stats.size}`;
}

/**
 * The stored keys, or undefined when there is no key file.
 * @throws storage when it cannot be read, bad_data_file when it is damaged.
 */
export function readKeyFile(path: string): readonly KeyRecord[] | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw unreadable(path, error);
  }
  return parseKeys(path, text);
}

function unreadable(path: string, cause: unknown): PokewatchError {
  return new PokewatchError('storage', `${path} cannot be read (${systemCode(cause) ?? 'unknown'})`, {
    hint: 'The user that runs this must be able to read it.',
    cause,
  });
}

/** The keys that stand in the text of the file `path`. @throws bad_data_file */
export function parseKeys(path: string, text: string): readonly KeyRecord[] {
  const result = KeyFileSchema.safeParse(parse(text));
  if (result.success) return result.data.keys;
  // Only the place is told: what stands there may be a key that was pasted into the wrong file.
  const place = result.error.issues[0]?.path.join('.');
  throw new PokewatchError('bad_data_file', `${path} is not a key file${place ? ` (at ${place})` : ''}`, {
    hint: 'Restore it from a backup, or delete it and make new keys with `pokewatch keys create`.',
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
