import {
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { PokewatchError } from '@pokewatch/core';

export type { DuckDBConnection } from '@duckdb/node-api';

interface DuckOptions {
  readonly threads?: number;
  readonly memory?: string;
}

/**
 * Runs `work` on an in-memory DuckDB and closes it. Network extensions are off, and so are surprises: insertion order
 * is kept, so the same input gives the same bytes out.
 */
export async function withDuck<T>(work: (duck: DuckDBConnection) => Promise<T>, options: DuckOptions = {}): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(options.threads ?? 2),
    memory_limit: options.memory ?? '2GB',
    preserve_insertion_order: 'true',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const duck = await instance.connect();
  try {
    await duck.run("set timezone = 'UTC'");
    return await work(duck);
  } finally {
    duck.closeSync();
    instance.closeSync();
  }
}

/** A single-quoted SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A SQL list of file names for `read_parquet`. */
export function fileList(paths: readonly string[]): string {
  return `[${paths.map(literal).join(', ')}]`;
}

const CHUNK_ROWS = 2048;

/** One column of a table that is filled from JavaScript: its SQL type and the value of row `i`. */
export interface FilledColumn {
  readonly name: string;
  readonly type: DuckDBType;
  readonly value: (row: number) => DuckDBValue;
}

/** Creates `table` and fills it with `rows` rows, a chunk at a time. */
export async function fillTable(
  duck: DuckDBConnection,
  table: string,
  columns: readonly FilledColumn[],
  rows: number,
): Promise<void> {
  await duck.run(`create table ${table} (${columns.map((column) => `${column.name} ${column.type}`).join(', ')})`);
  const appender = await duck.createAppender(table);
  const types = columns.map((column) => column.type);
  for (let start = 0; start < rows; start += CHUNK_ROWS) {
    const size = Math.min(CHUNK_ROWS, rows - start);
    const chunk = DuckDBDataChunk.create(types, size);
    chunk.setColumns(columns.map((column) => Array.from({ length: size }, (_, i) => column.value(start + i))));
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

/** Columns of a query's result by name, as plain arrays of JavaScript values. */
export async function queryColumns(duck: DuckDBConnection, sql: string): Promise<Record<string, unknown[]>> {
  const result = await duck.runAndReadAll(sql);
  const names = result.columnNames();
  const columns = result.getColumnsJS();
  return Object.fromEntries(names.map((name, i) => [name, columns[i] as unknown[]]));
}

/** Rows of a query's result as objects of JavaScript values. */
export async function queryRows(duck: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  return (await duck.runAndReadAll(sql)).getRowObjectsJS() as Record<string, unknown>[];
}

/** Turns DuckDB's complaint about a damaged Parquet file into one a person can act on. */
export function parquetError(error: unknown, folder: string): unknown {
  const text = error instanceof Error ? error.message : String(error);
  if (/^Binder Error: Referenced column/.test(text)) return otherShape(text, folder, error);
  if (
    error instanceof PokewatchError ||
    !/parquet|magic|thrift|snappy|zstd|decompress|No files found|Could not read|too small|corrupt/i.test(text)
  )
    return error;
  const file = /'?((?:\/|\.{0,2}\/)?[^'"\s]+\.parquet)'?/.exec(text)?.[1];
  return new PokewatchError(
    'bad_data_file',
    `${file ?? folder} is not a readable Parquet file: ${text.split('\n')[0] ?? ''}`,
    {
      hint: 'Move the file away (or restore it from a backup) and run the job again; raw files are one per run.',
      cause: error,
    },
  );
}

function otherShape(text: string, folder: string, cause: unknown): PokewatchError {
  const column = /"([^"]+)"/.exec(text)?.[1] ?? '';
  return new PokewatchError('bad_data_file', `files in ${folder} have no column ${column}`, {
    hint: 'They come from another version or another program. Move them away and run the job that made them again.',
    cause,
  });
}
