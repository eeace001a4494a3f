import type { ModelManifest, Paused } from '@pokewatch/contracts';
import { dayOf, describeError, isPokewatchError, type Settings } from '@pokewatch/core';
import { driftOf, WINDOW_DAYS } from '@pokewatch/drift';
import {
  type DataStore,
  fetchChampion,
  fetchDrift,
  fetchKpis,
  fetchModel,
  listPublications,
  loadModel,
  publicationId,
  saveDrift,
  saveKpis,
} from '@pokewatch/store';
import { computeKpis, publishCalls } from '@pokewatch/track-record';
import type { Work } from './work.ts';

/**
 * Compares the newest days with those that a version learned from, before it serves: services read the result with the version.
 * It is done once a version and settings of pauses.
 * @returns why its signals pause, null where they do not
 */
export async function lookForDrift(given: Work, settings: Settings, model: ModelManifest): Promise<Paused | null> {
  const { context, features } = given;
  const pause = { share: settings.POKEWATCH_PAUSE_DRIFT_SHARE, distance: settings.POKEWATCH_PAUSE_DRIFT_DISTANCE };
  const there = await fetchDrift(context.store, model.version);
  if (there?.pause.share === pause.share && there.pause.distance === pause.distance) return there.paused;
  await fetchModel(context.store, model.version);
  const found = driftOf({
    panel: await given.panel(),
    features,
    manifest: model,
    table: loadModel(context.root, model.version).table,
    thresholds: {
      buy_threshold_pct: settings.POKEWATCH_BUY_THRESHOLD_PCT,
      sell_threshold_pct: settings.POKEWATCH_SELL_THRESHOLD_PCT,
    },
    window_days: WINDOW_DAYS,
    pause,
    computed_at: context.clock.now().toISOString(),
  });
  if (found === undefined) return null;
  await saveDrift(context.store, found);
  return found.paused;
}

/**
 * Writes down what the promotion of the champion published, unless that was done, and judges all calls that were published before.
 * @returns what to say of it. Damaged records are said and keep nobody from serving.
 */
export async function recordCalls(
  given: Work,
  settings: Settings,
  model: ModelManifest,
  paused: Paused | null,
): Promise<string[]> {
  const { context, features } = given;
  const { store, root } = context;
  try {
    const champion = await fetchChampion(store);
    if (champion === undefined) return [];
    const id = publicationId(champion.promoted_at, model.version);
    const published = (await listPublications(store)).includes(id);
    if (published && (await judgedSince(store, champion.promoted_at))) return [];
    await fetchModel(store, model.version);
    const { table } = loadModel(root, model.version);
    if (!published) await publishCalls(store, { champion, manifest: model, table, paused }, settings);
    const now = context.clock.now();
    const kpis = await computeKpis(store, await given.panel(), features, { computed_at: now.toISOString() });
    await saveKpis(store, dayOf(now), kpis);
    const { judged, open } = kpis.states;
    return [`calls published so far: ${judged} judged, ${open} open (pokewatch kpis)`];
  } catch (error) {
    if (!isPokewatchError(error) || error.code !== 'bad_data_file') throw error;
    return [`the record of published calls could not be kept: ${describeError(error).replaceAll('\n', ' ')}`];
  }
}

/** Whether calls were judged since that moment: a run that died may have published without judging. */
async function judgedSince(store: DataStore, moment: string): Promise<boolean> {
  try {
    const kpis = await fetchKpis(store);
    return kpis !== undefined && kpis.computed_at >= moment;
  } catch (error) {
    if (isPokewatchError(error) && error.code === 'bad_data_file') return false;
    throw error;
  }
}
