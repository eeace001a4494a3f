import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KeyFileSchema, type KeyRecord } from '@pokewatch/contracts';
import { PokewatchError, type Settings, systemCode } from '@pokewatch/core';

/** Where the keys are stored. */
export function keyFilePath(settings: Settings): string {
  return settings.POKEWATCH_KEYS || join(settings.POKEWATCH_DATA, 'keys', 'keys.json');
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
    throw new PokewatchError('storage', `${path} cannot be read (${systemCode(error) ?? 'unknown'})`, {
      hint: 'The user that runs this must be able to read it.',
      cause: error,
    });
  }
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
