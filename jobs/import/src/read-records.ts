import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PokewatchError } from '@pokewatch/core';
import { CsvError, parse } from 'csv-parse';
import { type OpenedFile, readError } from './open-file.ts';

/** Longest record; a longer one is a quote that nobody closed, or no CSV. */
const RECORD_MAX = 1_000_000;

const LINE_END = /\r\n|\n|\r/g;

/**
 * Reads CSV records (RFC 4180; LF, CRLF or CR) and hands each to `take` with the line it begins on. Empty lines are
 * passed over. A quote inside an unquoted value is a plain character.
 * @throws bad_import_file when the file cannot be read as CSV.
 */
export async function readRecords(
  path: string,
  opened: OpenedFile,
  signal: AbortSignal,
  take: (record: string[], line: number) => void,
): Promise<void> {
  let line = 1;
  const parser = parse({
    bom: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: RECORD_MAX,
    on_record(record: string[]) {
      const begins = line;
      line += linesOf(record);
      if (record.length > 1 || record[0] !== '') take(record, begins);
      return null;
    },
  });
  try {
    await pipeline([opened.source, ...opened.steps, parser, new Writable({ objectMode: true })], { signal });
  } catch (error) {
    throw csvError(path, error, line);
  }
}

/** Lines that a record takes: one, and one more for each line end inside its values. */
function linesOf(record: readonly string[]): number {
  let lines = 1;
  for (const value of record) {
    if (value.includes('\n') || value.includes('\r')) lines += value.match(LINE_END)!.length;
  }
  return lines;
}

function csvError(path: string, error: unknown, line: number): unknown {
  if (!(error instanceof CsvError)) return readError(path, error);
  const told = (detail: string, hint: string) =>
    new PokewatchError('bad_import_file', `${path}: ${detail}`, { hint, cause: error });
  if (error.code === 'CSV_QUOTE_NOT_CLOSED')
    return told(
      `a quote that opens on line ${line} or below is never closed`,
      'Close it, or write a quote inside a value twice.',
    );
  if (error.code === 'CSV_MAX_RECORD_SIZE')
    return told(
      `the record on line ${line} has more than ${RECORD_MAX / 1_000_000} MB`,
      'A quote may not be closed there, or the file is no CSV.',
    );
  return told(`line ${line} is no CSV: ${error.message}`, 'Save the table as comma-separated UTF-8 text.');
}
