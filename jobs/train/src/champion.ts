import type { ModelManifest } from '@pokewatch/contracts';
import { isPokewatchError } from '@pokewatch/core';
import type { Panel, Predictions } from '@pokewatch/fair-value';
import {
  type DataStore,
  fetchChampion,
  fetchModelManifest,
  loadModel,
  type PredictionTable,
  readModelManifest,
  rowOfDay,
} from '@pokewatch/store';
import { type Comparison, compareForecasts, scoredRows } from '@pokewatch/walk-forward';
import { NAIVE } from './challengers.ts';

/** How the candidate differs from the champion, or why there is none to compare with. */
export type ChampionComparison =
  | { readonly version: string; readonly comparison: Comparison }
  | { readonly none: string };

/** What serves: the manifest of the champion, or why there is none to read. */
export interface Serving {
  readonly manifest: ModelManifest | undefined;
  readonly why: string;
}

/** A version's predictions; undefined when they are damaged. */
export function readTable(root: string, version: string): PredictionTable | undefined {
  return unlessDamaged(() => loadModel(root, version).table).read;
}

/** The model that serves. One whose folder is gone or damaged counts as none: training is how to get another. */
export async function readServing(store: DataStore): Promise<Serving> {
  const pointer = await fetchChampion(store);
  if (pointer === undefined) return { manifest: undefined, why: 'this is the first model' };
  await fetchModelManifest(store, pointer.model_version);
  const { read, why } = unlessDamaged(() => readModelManifest(store.root, pointer.model_version).manifest);
  return { manifest: read, why };
}

function unlessDamaged<T>(read: () => T): { read: T | undefined; why: string } {
  try {
    return { read: read(), why: '' };
  } catch (error) {
    if (!isPokewatchError(error) || error.code !== 'bad_data_file') throw error;
    return { read: undefined, why: error.message };
  }
}

/** Why a serving model cannot be compared with a new one for this source and horizon; undefined says that it can. */
export function whyNoChampion({ manifest, why }: Serving, source: string, horizon_days: number): string | undefined {
  if (manifest === undefined) return why;
  const { version } = manifest;
  if (manifest.model === NAIVE.name) return '“no change” serves';
  if (manifest.source !== source) return `${version} speaks for prices of ${manifest.source}`;
  if (manifest.horizon_days !== horizon_days) return `${version} looks ${manifest.horizon_days} days ahead`;
  if (manifest.input_sha256 === undefined) return `${version} was published by an older version of the program`;
  return undefined;
}

/**
 * Compares the candidate with what the champion published for the same card-days, each prediction of either made by a model
 * that had not seen the outcome. Errors are against the price as it is known today. `table` is the champion's.
 */
export function compareWithChampion(
  panel: Panel,
  candidate: Predictions,
  version: string,
  table: Pick<PredictionTable, 'cards' | 'day' | 'fair'>,
): ChampionComparison {
  const rows = scoredRows(panel, candidate);
  const card_of = new Map(table.cards.map((card) => [card.card_id, card]));
  const common: number[] = [];
  const of_champion: number[] = [];
  for (let row = 0; row < rows.day.length; row++) {
    const card = card_of.get(panel.cards[rows.card[row]!]!.card_id);
    const at = card && rowOfDay(table.day, card.from, card.to, rows.day[row]!);
    if (at === undefined) continue;
    common.push(row);
    of_champion.push(Math.log(table.fair[at]! / rows.market[row]!));
  }
  if (common.length === 0) return { none: `${version} has no prediction of the judged card-days` };
  const pick = (column: readonly number[]) => common.map((row) => column[row]!);
  const own = { day: pick(rows.day), realised: pick(rows.realised), predicted: pick(rows.predicted) };
  return { version, comparison: compareForecasts(own, of_champion, candidate.horizon_days) };
}
