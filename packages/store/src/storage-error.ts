import { PokewatchError, systemCode } from '@pokewatch/core';

const SYSTEM_REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a file stands in its place',
  EISDIR: 'a folder stands in its place',
};

/** DuckDB gives the system's words for a failure, not its code. */
const DUCKDB_REASONS: readonly [RegExp, string][] = [
  [/No space left on device/, 'ENOSPC'],
  [/Disk quota exceeded/, 'EDQUOT'],
  [/Permission denied|Operation not permitted/, 'EACCES'],
  [/Read-only file system/, 'EROFS'],
  [/Not a directory/, 'ENOTDIR'],
];

/** A `storage` error when the system refused to read or write `path`; every other error as it is. */
export function storageError(path: string, error: unknown): unknown {
  if (error instanceof PokewatchError || !(error instanceof Error)) return error;
  const code = systemCode(error) ?? DUCKDB_REASONS.find(([words]) => words.test(error.message))?.[1];
  if (code === undefined || !/^E(?!RR_)/.test(code)) return error;
  return new PokewatchError('storage', `${path} cannot be used: ${SYSTEM_REASONS[code] ?? code}`, {
    hint: 'POKEWATCH_DATA names the data folder; it must be a folder that this user may write, with room on its disk.',
    cause: error,
  });
}
