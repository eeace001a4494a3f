import type { Champion } from '@pokewatch/contracts';
import { PokewatchError } from '@pokewatch/core';
import { type LoadedModel, loadModel, readModelManifest } from '@pokewatch/store/models';

/** Loads the version that was promoted. @throws bad_data_file when anything is missing, damaged or not what was promoted */
export function loadChampion(root: string, { model_version, manifest_sha256 }: Champion): LoadedModel {
  if (readModelManifest(root, model_version).sha256 !== manifest_sha256)
    throw new PokewatchError('bad_data_file', `The manifest of model ${model_version} is not the one promoted`, {
      hint: 'Restore it from a backup, or run train again.',
    });
  return loadModel(root, model_version);
}
