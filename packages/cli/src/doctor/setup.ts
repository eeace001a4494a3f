import { didYouMean, isPokewatchError, pause, type Settings } from '@pokewatch/core';
import { sourceToCollect } from '@pokewatch/job-collector';
import { checkKeys, readKeys } from '@pokewatch/keys';
import { createSource, judgeCard, SOURCE_NAMES } from '@pokewatch/sources';
import {
  type DataStore,
  fetchChampion,
  fetchCurrentFeatures,
  fetchModel,
  fetchRawList,
  loadModel,
  withStore,
} from '@pokewatch/store';
import { readWatchlist } from '@pokewatch/watchlist';
import type { Context } from '../context.ts';
import { serviceStates } from '../status/services.ts';
import { type Finding, finding } from './finding.ts';

/** Whether all settings can be read, and fit together. */
export function settingsCheck(context: Context): Promise<Finding> {
  return finding('settings', async () => {
    const settings = context.settings();
    await checkKeys(settings);
    const made = (await readKeys(settings))?.length ?? 0;
    if (!settings.AUTH_ENABLED && settings.API_KEYS.length + made > 0) {
      return { state: 'warn', text: 'there are API keys, but nobody is asked for one', todo: 'Set AUTH_ENABLED=true.' };
    }
    return { state: 'ok', text: 'all can be read' };
  });
}

/** Whether the watch-list can be read. */
export function cardsCheck(settings: Settings): Promise<Finding> {
  return finding('watch-list', () => {
    const { cards, path } = readWatchlist(settings.POKEWATCH_CARDS);
    return { state: 'ok', text: `${cards.length} cards in ${path}` };
  });
}

/** Whether features and champion can be loaded whole. */
export function storeCheck(settings: Settings): Promise<Finding> {
  return finding('stored model', () => withStore(settings, checkStored));
}

async function checkStored(store: DataStore): Promise<Omit<Finding, 'check'>> {
  const features = await fetchCurrentFeatures(store);
  const champion = await fetchChampion(store);
  if (champion === undefined) return { state: 'skip', text: 'there is no model yet' };
  await fetchModel(store, champion.model_version);
  const { manifest } = loadModel(store.root, champion.model_version);
  if (features !== undefined && manifest.features_version !== features.version) {
    return {
      state: 'warn',
      text: `${manifest.version} is from earlier features than the current ones`,
      todo: 'Run `pokewatch train` (a refused model leaves this one in place).',
    };
  }
  return { state: 'ok', text: `${manifest.version} is whole` };
}

/** Whether the source in use answers for a card that it certainly has. */
export function sourceCheck(context: Context, settings: Settings, asked: string | undefined): Promise<Finding> {
  return finding('price source', async () => {
    const name = await nameOfSource(settings, asked);
    if (!SOURCE_NAMES.includes(name)) return namelessSource(settings, name);
    const source = createSource(name, {
      settings,
      clock: context.clock(),
      logger: context.logger('doctor'),
      random: Math.random,
      wait: pause,
    });
    if (source.simulated) return { state: 'skip', text: `${name} is simulated and needs no network` };
    const [found] = await source.check([source.knownItem], context.stop);
    const { verdict, reasons } = judgeCard(source.knownItem, found ?? { card_id: source.knownItem.id, found: false });
    if (verdict === 'ok') return { state: 'ok', text: `${name} answers for ${source.knownItem.name}` };
    return {
      state: 'fail',
      text: `${name} answers oddly for ${source.knownItem.name}: ${reasons.join('; ')}`,
      todo: 'The source may have changed; try again later, or choose another with POKEWATCH_SOURCE.',
    };
  });
}

async function nameOfSource(settings: Settings, asked: string | undefined): Promise<string> {
  const named = asked ?? settings.POKEWATCH_SOURCE;
  try {
    return await withStore(settings, (store) => sourceToCollect(store, named));
  } catch (error) {
    if (isPokewatchError(error) && error.code === 'nothing_to_do') return '';
    throw error;
  }
}

async function namelessSource(settings: Settings, name: string): Promise<Omit<Finding, 'check'>> {
  const files = await withStore(settings, (store) => fetchRawList(store));
  const stored = [...new Set(files.map((file) => file.source))];
  if (name === '' || stored.includes(name)) return { state: 'skip', text: 'the prices are imported; nothing is asked' };
  return {
    state: 'fail',
    text: `there is no price source ${JSON.stringify(name)}`,
    todo: `${didYouMean(name, SOURCE_NAMES)} There are ${SOURCE_NAMES.join(', ')}.`.trim(),
  };
}

/** Whether the ports are free or held by our own services. */
export function serviceChecks(settings: Settings): Promise<Finding[]> {
  return serviceStates(settings).then((states) =>
    states.map(({ name, url, setting, state, text }): Finding => {
      const check = `${name} service`;
      if (state === 'up') return { check, state: 'ok', text: `up at ${url}: ${text}` };
      if (state === 'down') return { check, state: 'skip', text: `not running; ${url} is free` };
      return {
        check,
        state: 'fail',
        text: `${url}: ${text}`,
        todo: `Stop that program, or choose another port with ${setting}.`,
      };
    }),
  );
}

/** What is said of all other checks when the settings cannot be read. */
export const UNREADABLE: Finding = {
  check: 'others',
  state: 'skip',
  text: 'not looked at before the settings are right',
};
