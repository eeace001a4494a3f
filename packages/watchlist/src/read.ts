import { readFileSync, statSync } from 'node:fs';
import { systemCode } from '@pokewatch/core';
import { cardsFileError } from './fault.ts';
import { parseWatchlist } from './parse.ts';
import type { Watchlist } from './schema.ts';

/** A watch-list is a file that people write; more than this is something else. */
export const MOST_BYTES = 1_000_000;

/** Reads and parses the watch-list at `path`. @throws bad_cards_file that lists every fault with line and column. */
export function readWatchlist(path: string): Watchlist {
  return parseWatchlist(decodeWatchlist(readBytes(path), path), path);
}

/** The text of a watch-list's bytes. @throws bad_cards_file when they are too many or are not UTF-8 text. */
export function decodeWatchlist(bytes: Uint8Array, path: string): string {
  if (bytes.length > MOST_BYTES) throw tooLarge(path, bytes.length);
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw cardsFileError(path, [{ line: 1, column: 1, message: 'is UTF-16 text; save it as UTF-8' }]);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    const [line, column] = placeOfBadByte(bytes);
    throw cardsFileError(path, [{ line, column, message: 'is not UTF-8 text; save it as UTF-8' }], error);
  }
}

function readBytes(path: string): Uint8Array {
  try {
    const { size } = statSync(path);
    if (size > MOST_BYTES) throw tooLarge(path, size);
    return readFileSync(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined || !code.startsWith('E')) throw error;
    const meaning: Record<string, string> = {
      ENOENT: 'there is no such file',
      EACCES: 'no permission',
      EISDIR: 'it is a folder',
      ENOTDIR: 'a part of the path is a file',
    };
    throw cardsFileError(path, [{ message: `the watch-list cannot be read: ${meaning[code] ?? code}` }], error);
  }
}

function tooLarge(path: string, bytes: number) {
  return cardsFileError(path, [{ message: `has ${bytes} bytes; a watch-list has at most ${MOST_BYTES}` }]);
}

/** Line and column of the first byte that is not UTF-8. */
function placeOfBadByte(bytes: Uint8Array): [number, number] {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (startsWell(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  const before = new TextDecoder().decode(bytes.subarray(0, good), { stream: true });
  const lines = before.split('\n');
  return [lines.length, (lines.at(-1) ?? '').length + 1];
}

function startsWell(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
