import { SIMULATED_SOURCE } from '@pokewatch/contracts';
import { PokewatchError } from '@pokewatch/core';
import { SOURCE_NAMES } from '@pokewatch/sources';
import { type DataStore, fetchRawList } from '@pokewatch/store';

/**
 * Name of the source to collect from: the one asked for, else the one that the data folder was collected from last,
 * else `demo`.
 * @throws nothing_to_do when the folder holds imported prices only: nobody asked to mix them with simulated ones.
 */
export async function sourceToCollect(store: DataStore, asked: string): Promise<string> {
  if (asked !== '') return asked;
  const files = await fetchRawList(store);
  if (files.length === 0) return SIMULATED_SOURCE;
  const known = files.filter((file) => SOURCE_NAMES.includes(file.source));
  const rank = (file: (typeof files)[number]) =>
    `${file.source === SIMULATED_SOURCE ? 0 : 1} ${file.collected} ${file.source}`;
  const last = known.sort((a, b) => (rank(a) < rank(b) ? 1 : -1))[0];
  if (last !== undefined && (last.source !== SIMULATED_SOURCE || known.length === files.length)) return last.source;
  const imported = [...new Set(files.map((file) => file.source))].filter((name) => !SOURCE_NAMES.includes(name));
  throw new PokewatchError(
    'nothing_to_do',
    `the data folder holds imported prices (${imported.join(', ')}), and no source was named`,
    {
      hint: `Name one to collect from: --source or POKEWATCH_SOURCE, ${SOURCE_NAMES.join(', ')}.`,
    },
  );
}
