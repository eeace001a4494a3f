import { SIMULATED_SOURCE } from '@pokewatch/contracts';
import { PokewatchError } from '@pokewatch/core';
import { type DataStore, fetchRawList, type RawFile } from '@pokewatch/store';

/** Raw files to use, of one source: sources quote differently and are never mixed in one series. */
export interface ChosenSource {
  readonly source: string;
  readonly prices: readonly RawFile[];
  readonly cards: readonly RawFile[];
  /** Sources that have data too, but are not used. */
  readonly others: readonly string[];
}

/**
 * The source asked for, else the only one there is, else the one collected last (simulated data only when there is no
 * other).
 * @throws nothing_to_do when there are no raw prices (of the source asked for).
 */
export async function chooseSource(store: DataStore, asked: string): Promise<ChosenSource> {
  const files = await fetchRawList(store);
  const sources = [...new Set(files.map((file) => file.source))];
  const newest = (source: string) => files.filter((file) => file.source === source).at(-1)?.collected ?? '';
  const rank = (source: string) => `${source === SIMULATED_SOURCE ? 0 : 1} ${newest(source)} ${source}`;
  const source = asked || sources.sort((a, b) => (rank(a) < rank(b) ? 1 : -1))[0];
  if (source === undefined || !sources.includes(source)) {
    const have = sources.length === 0 ? 'nothing was collected yet' : `the data folder holds ${sources.join(', ')}`;
    throw new PokewatchError('nothing_to_do', `no raw prices${asked ? ` of source ${asked}` : ''}: ${have}`, {
      hint: 'Run `pokewatch collect` or `pokewatch import FILE` first.',
    });
  }
  return {
    source,
    prices: files.filter((file) => file.source === source),
    cards: await fetchRawList(store, 'cards', source),
    others: sources.filter((other) => other !== source),
  };
}
