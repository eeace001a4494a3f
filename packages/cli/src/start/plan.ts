import { SIMULATED_SOURCE } from '@pokewatch/contracts';
import { didYouMean, PokewatchError } from '@pokewatch/core';
import { SOURCE_NAMES } from '@pokewatch/sources';
import {
  type DataStore,
  fetchChampion,
  fetchCurrentFeatures,
  fetchModelManifest,
  fetchRawList,
  type RawFile,
  readModelManifest,
} from '@pokewatch/store';

/** What `start` does before it serves. */
export interface Plan {
  readonly source: string;
  /** `nothing`: only models are there, and they are served as they stand. */
  readonly work: 'collect' | 'process' | 'nothing';
  /** Why it is so, for the person who starts. */
  readonly why: string;
}

/**
 * Decides by what was asked for and what the store holds: a source that was named is collected from; else what is there
 * of other sources than the simulated market is served without collecting; else the simulated market is collected.
 * @throws bad_usage for an unknown source, nothing_to_do when there is nothing to serve and collecting is not wanted.
 */
export async function planStart(store: DataStore, asked: string, mayCollect: boolean): Promise<Plan> {
  const files = await fetchRawList(store);
  const stored = [...new Set(files.map((file) => file.source))];
  if (asked !== '') return planNamed(asked, stored, mayCollect);

  const real = await realSource(store, files, stored);
  if (real !== undefined) {
    const more = SOURCE_NAMES.includes(real) ? `; --source ${real} collects` : '';
    return { source: real, work: 'process', why: `data of ${real} is there, nothing is collected${more}` };
  }
  const champion = await fetchChampion(store);
  if (champion !== undefined && stored.length === 0) {
    await fetchModelManifest(store, champion.model_version);
    const { source } = readModelManifest(store.root, champion.model_version).manifest;
    if (source !== SIMULATED_SOURCE || !mayCollect)
      return { source, work: 'nothing', why: 'there are models, but no raw prices: they serve as they stand' };
  }
  if (mayCollect)
    return { source: SIMULATED_SOURCE, work: 'collect', why: 'no source was named, and there is no other data' };
  return stored.includes(SIMULATED_SOURCE)
    ? { source: SIMULATED_SOURCE, work: 'process', why: 'nothing is collected, as asked' }
    : nothingThere(stored);
}

function planNamed(source: string, stored: readonly string[], mayCollect: boolean): Plan {
  if (SOURCE_NAMES.includes(source) && mayCollect) return { source, work: 'collect', why: 'this source was named' };
  if (stored.includes(source)) return { source, work: 'process', why: 'this source was named; nothing is collected' };
  if (SOURCE_NAMES.includes(source)) return nothingThere(stored);
  const known = [...new Set([...SOURCE_NAMES, ...stored])];
  throw new PokewatchError('bad_usage', `there is no price source ${JSON.stringify(source.slice(0, 60))}`, {
    hint: `${didYouMean(source, known)} There are ${known.join(', ')}.`.trim(),
  });
}

function nothingThere(stored: readonly string[]): never {
  const have = stored.length === 0 ? 'the data folder is empty' : `the data folder holds ${stored.join(', ')}`;
  throw new PokewatchError('nothing_to_do', `there is nothing to serve: ${have}, and --no-collect was asked for`, {
    hint: 'Leave --no-collect out, or run `pokewatch import FILE` first.',
  });
}

/** The stored source that is not simulated: the one last preprocessed, else the one collected last. */
async function realSource(
  store: DataStore,
  raw: readonly RawFile[],
  stored: readonly string[],
): Promise<string | undefined> {
  const current = (await fetchCurrentFeatures(store))?.source;
  if (current !== undefined && current !== SIMULATED_SOURCE && stored.includes(current)) return current;
  const files = raw.filter((file) => file.source !== SIMULATED_SOURCE);
  return files.sort((a, b) =>
    a.collected < b.collected || (a.collected === b.collected && a.source < b.source) ? 1 : -1,
  )[0]?.source;
}
