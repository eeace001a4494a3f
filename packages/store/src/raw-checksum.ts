import { readFileSync } from 'node:fs';
import { PokewatchError, systemCode } from '@pokewatch/core';
import { publishFile, sha256 } from './files.ts';

/** Where the SHA-256 of a raw file stands. */
export function checksumPath(path: string): string {
  return `${path.replace(/\.parquet$/, '')}.sha256`;
}

/** Notes the SHA-256 of what is about to become the raw file `path`. */
export function noteChecksum(path: string, unfinished: string): void {
  publishFile(checksumPath(path), `${sha256(readFileSync(unfinished))}\n`);
}

/**
 * The SHA-256 of a raw file, in hex. A flipped bit in a Parquet file may read as another price without an error.
 * @throws bad_data_file when it is not what was written; a file without a note is taken as it is.
 */
export function checkedChecksum(path: string): string {
  const found = sha256(readFileSync(path));
  const noted = readNote(path);
  if (noted !== undefined && noted !== found)
    throw new PokewatchError('bad_data_file', `${path} is damaged: these are not the bytes that were written`, {
      hint: 'Restore it from a backup, or remove it together with its .sha256 and collect or import again.',
    });
  return found;
}

function readNote(path: string): string | undefined {
  try {
    return readFileSync(checksumPath(path), 'utf8').trim();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
