import { PokewatchError } from '@pokewatch/core';

/** One thing that is wrong in a watch-list. Line and column count from 1; both are absent for faults of the whole file. */
export interface WatchlistFault {
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

const MOST_SHOWN = 50;

/** One error that lists every fault, in the order of the file, as `path:line:column: message`. */
export function cardsFileError(path: string, faults: readonly WatchlistFault[], cause?: unknown): PokewatchError {
  const sorted = [...faults].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  const all = sorted.map((fault) => {
    const where = fault.line === undefined ? path : `${path}:${fault.line}:${fault.column ?? 1}`;
    return `${where}: ${fault.message}`;
  });
  const different = [...new Set(all)];
  const lines = different.slice(0, MOST_SHOWN);
  if (different.length > MOST_SHOWN) lines.push(`… and ${different.length - MOST_SHOWN} more`);
  return new PokewatchError('bad_cards_file', lines.join('\n'), {
    hint: 'config/cards.yaml explains its fields; POKEWATCH_CARDS names the file.',
    cause,
  });
}
