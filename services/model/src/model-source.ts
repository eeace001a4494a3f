import type { Champion } from '@pokewatch/contracts';
import { PokewatchError } from '@pokewatch/core';
import { type LoadedModel, loadModel, readChampion, readModelManifest } from '@pokewatch/store';

/** Where model versions come from. */
export interface ModelSource {
  /** Which version is to serve, or undefined when none was ever promoted. */
  champion(): Promise<Champion | undefined>;
  /** Loads that version whole. @throws bad_data_file when anything is missing, damaged or not what was promoted. */
  load(champion: Champion): Promise<LoadedModel>;
}

/** The store under `root`. */
export function storeSource(root: string): ModelSource {
  return {
    champion: async () => readChampion(root),
    async load({ model_version, manifest_sha256 }) {
      if (readModelManifest(root, model_version).sha256 !== manifest_sha256)
        throw new PokewatchError('bad_data_file', `The manifest of model ${model_version} is not the one promoted`, {
          hint: 'Restore it from a backup, or run train again.',
        });
      return loadModel(root, model_version);
    },
  };
}
