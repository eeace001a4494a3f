import { isUtf8 } from 'node:buffer';
import { Transform } from 'node:stream';
import { PokewatchError } from '@pokewatch/core';

const NEWLINE = 10;

/**
 * Passes bytes on as they are, as long as they are UTF-8 text without NUL.
 * The stream fails with bad_import_file, naming the line and byte of the first fault.
 */
export function checkedText(path: string): Transform {
  let line = 1;
  let offset = 0;
  /** The beginning of a character whose rest comes with the next chunk. */
  let split: Buffer = Buffer.alloc(0);
  const check = (bytes: Buffer): void => {
    if (bytes.includes(0)) throw fault(path, line, offset, bytes, bytes.indexOf(0), 'NUL');
    if (!isUtf8(bytes)) throw fault(path, line, offset, bytes, firstInvalid(bytes), 'UTF-8');
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        const bytes = split.length === 0 ? chunk : Buffer.concat([split, chunk]);
        const whole = bytes.length - unfinishedTail(bytes);
        check(bytes.subarray(0, whole));
        line += count(bytes.subarray(0, whole));
        offset += whole;
        split = bytes.subarray(whole);
        done(null, chunk);
      } catch (error) {
        done(error as Error);
      }
    },
    flush(done) {
      try {
        check(split);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

function fault(path: string, line: number, offset: number, bytes: Buffer, at: number, kind: 'NUL' | 'UTF-8') {
  const where = `line ${line + count(bytes.subarray(0, at))}, byte ${offset + at + 1} of the text`;
  return kind === 'NUL'
    ? new PokewatchError('bad_import_file', `${path} is not text: a NUL byte at ${where}`, {
        hint: 'Name a CSV file; save it as UTF-8.',
      })
    : new PokewatchError('bad_import_file', `${path} is not UTF-8 text at ${where}`, {
        hint: 'Save it as UTF-8 (in a spreadsheet: “CSV UTF-8”).',
      });
}

function count(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) lines += 1;
  return lines;
}

/** Bytes at the end that may begin a character of up to four bytes. */
function unfinishedTail(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needs > back ? back : 0;
    }
  }
  return 0;
}

/** Index of the first byte that is no UTF-8, by halving: a prefix is valid up to a character that it cuts. */
function firstInvalid(bytes: Buffer): number {
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    const prefix = bytes.subarray(0, middle);
    if (isUtf8(prefix.subarray(0, middle - unfinishedTail(prefix)))) valid = middle;
    else invalid = middle;
  }
  return Math.max(0, valid - unfinishedTail(bytes.subarray(0, valid)));
}
