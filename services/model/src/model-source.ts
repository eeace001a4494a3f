import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type Champion, ERRORS, type ErrorCode } from '@pokewatch/contracts';
import { PokewatchError } from '@pokewatch/core';
import { type LoadedModel, readChampion } from '@pokewatch/store/models';
import { isS3, layout, type StoreSettings, withStore } from '@pokewatch/store/open';
import { loadChampion } from './load-champion.ts';
import type { LoadOrder, LoadResult } from './load-thread.ts';

/** Where model versions come from. */
export interface ModelSource {
  /** Which version is to serve, or undefined when none was ever promoted. */
  champion(): Promise<Champion | undefined>;
  /**
   * Loads that version whole; `serving` says that this process must go on answering meanwhile.
   * @throws bad_data_file when anything is missing, damaged or not what was promoted.
   */
  load(champion: Champion, serving: boolean): Promise<LoadedModel>;
}

/** The store that the settings name. While the process serves, loading is done by another thread. */
export function storeSource(settings: StoreSettings): ModelSource {
  const root = settings.POKEWATCH_DATA;
  const load = async (folder: string, champion: Champion, serving: boolean) =>
    serving ? loadInThread({ root: folder, champion }) : loadChampion(folder, champion);
  if (!isS3(root))
    return { champion: async () => readChampion(root), load: (champion, serving) => load(root, champion, serving) };
  let pointer: Promise<() => Promise<Champion | undefined>> | undefined;
  return {
    async champion() {
      pointer ??= import('@pokewatch/store/champion-pointer').then(({ championPointer }) => championPointer(settings));
      return (await pointer)();
    },
    load: (champion, serving) =>
      withStore(settings, async (store) => {
        await store.fetchFolder(layout.model(store.root, champion.model_version));
        return load(store.root, champion, serving);
      }),
  };
}

async function loadInThread(order: LoadOrder): Promise<LoadedModel> {
  const worker = new Worker(new URL('./load-worker.ts', import.meta.url), { workerData: order });
  try {
    const [result] = (await once(worker, 'message')) as [LoadResult];
    if ('loaded' in result) return result.loaded;
    const { code, message, hint } = result.failed;
    if (code === undefined || !(code in ERRORS)) throw new Error(message);
    throw new PokewatchError(code as ErrorCode, message, hint === undefined ? {} : { hint });
  } finally {
    void worker.terminate();
  }
}
