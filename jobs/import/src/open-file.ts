import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { type Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { PokewatchError, systemCode } from '@pokewatch/core';
import { checkedText } from './checked-text.ts';

/** A file on its way in. Pipe `source` through `steps`, in order; then `sha256` is that of the bytes on disk. */
export interface OpenedFile {
  readonly source: Readable;
  readonly steps: readonly Transform[];
  readonly sha256: () => string;
}

const CHUNK = 1 << 18;

/** Beginnings of files that are mistaken for CSV, and what to do with them. */
const OTHER_KINDS: readonly [string, number[], string][] = [
  ['a zip archive (or a spreadsheet)', [0x50, 0x4b, 3, 4], 'Unpack it, or save the sheet as CSV.'],
  ['a Parquet file', [0x50, 0x41, 0x52, 0x31], 'Write it as CSV first.'],
  ['bzip2 data', [0x42, 0x5a, 0x68], 'Unpack it first; only gzip is understood.'],
  ['xz data', [0xfd, 0x37, 0x7a, 0x58, 0x5a], 'Unpack it first; only gzip is understood.'],
  ['zstd data', [0x28, 0xb5, 0x2f, 0xfd], 'Unpack it first; only gzip is understood.'],
  ['UTF-16 text', [0xff, 0xfe], 'Save it as UTF-8.'],
  ['UTF-16 text', [0xfe, 0xff], 'Save it as UTF-8.'],
];

/**
 * Opens a CSV file, gzipped or not; its first bytes tell, not its name.
 * @throws bad_import_file when there is no such file, or it is plainly something else.
 */
export function openFile(path: string, onRead: (read: number, of: number) => void): OpenedFile {
  const { file, bytes, start } = openStart(path);
  const hash = createHash('sha256');
  let read = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      read += chunk.length;
      onRead(read, bytes);
      done(null, chunk);
    },
  });
  const zipped = start[0] === 0x1f && start[1] === 0x8b;
  return {
    source: createReadStream(path, { fd: file, start: 0, highWaterMark: CHUNK }),
    steps: [meter, ...(zipped ? [createGunzip({ chunkSize: CHUNK })] : []), checkedText(path)],
    sha256: () => hash.digest('hex'),
  };
}

function openStart(path: string): { file: number; bytes: number; start: Buffer } {
  let file: number | undefined;
  try {
    const found = statSync(path);
    if (!found.isFile()) {
      throw new PokewatchError(
        'bad_import_file',
        `${path} is ${found.isDirectory() ? 'a folder' : 'not a regular file'}`,
        {
          hint: 'Name one CSV file, gzipped or not.',
        },
      );
    }
    file = openSync(path, 'r');
    const start = Buffer.alloc(8);
    refuseOthers(path, start.subarray(0, readSync(file, start, 0, start.length, 0)));
    return { file, bytes: found.size, start };
  } catch (error) {
    if (file !== undefined) closeSync(file);
    throw readError(path, error);
  }
}

function refuseOthers(path: string, start: Buffer): void {
  const refused = (what: string, hint: string) => new PokewatchError('bad_import_file', `${path} ${what}`, { hint });
  if (start.length === 0) throw refused('is empty', 'Name a CSV file with a header and a row for each card and day.');
  for (const [name, magic, hint] of OTHER_KINDS) {
    if (magic.every((byte, i) => start[i] === byte)) throw refused(`is ${name}, not CSV`, hint);
  }
}

/** What went wrong while a file was read, in words for the person who named it. */
export function readError(path: string, error: unknown): unknown {
  const code = systemCode(error);
  if (error instanceof PokewatchError || code === undefined) return error;
  const told = (detail: string, hint: string) =>
    new PokewatchError('bad_import_file', `${path} ${detail}`, { hint, cause: error });
  if (code === 'ENOENT') return told('does not exist', 'Check the path; it is taken from the current folder.');
  if (code === 'EACCES' || code === 'EPERM') return told('may not be read', 'Give this user the right to read it.');
  if (code === 'Z_BUF_ERROR') return told('is cut off: the gzip data ends too early', 'Copy or download it again.');
  if (code.startsWith('Z_')) return told('holds damaged gzip data', 'Copy or download it again.');
  return /^E(?!RR_)/.test(code) ? told(`cannot be read (${code})`, 'Check the path and the disk.') : error;
}
