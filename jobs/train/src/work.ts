import type { FeatureManifest, ModelManifest, TuningResult } from '@pokewatch/contracts';
import { PokewatchError } from '@pokewatch/core';
import type { JobContext } from '@pokewatch/job';
import { fetchCurrentFeatures, fetchPanel, type PanelData } from '@pokewatch/store';
import { readServing, whyNoChampion } from './champion.ts';
import { tuningFor } from './tuned.ts';
import { inputHash } from './versions.ts';

/** What one run works with. */
export interface Work {
  readonly context: JobContext;
  readonly features: FeatureManifest;
  readonly horizon_days: number;
  readonly tuning: TuningResult | undefined;
  readonly input_sha256: string;
  /** The model that serves. */
  readonly serving: ModelManifest | undefined;
  /** Version that new ones are compared with; null and why when there is none. */
  readonly champion: string | null;
  readonly why_none: string | undefined;
  /** The panel, read when it is needed first. */
  panel(): Promise<PanelData>;
}

/** Reads what a run works with. @throws nothing_to_do without features. */
export async function prepare(context: JobContext, horizon_days: number): Promise<Work> {
  const { store } = context;
  const features = await fetchCurrentFeatures(store);
  if (features === undefined)
    throw new PokewatchError('nothing_to_do', 'there are no features to train on', {
      hint: 'Run `pokewatch preprocess` first.',
    });
  const tuning = await tuningFor(store, features, horizon_days);
  const input_sha256 = inputHash(features, horizon_days, tuning);
  const read = await readServing(store);
  const serving = read.manifest;
  const why_none = whyNoChampion(read, features.source, horizon_days);
  // A champion that was carried to these very features stands for the version that it was carried from.
  const carried = serving?.refitted === false && serving.input_sha256 === input_sha256;
  const champion = why_none !== undefined ? null : carried ? serving.champion! : serving!.version;
  let panel: Promise<PanelData> | undefined;
  return {
    context,
    features,
    horizon_days,
    tuning,
    input_sha256,
    serving,
    champion,
    why_none,
    panel() {
      panel ??= fetchPanel(store, features);
      return panel;
    },
  };
}
