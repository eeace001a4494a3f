import type { ModelManifest } from '@pokewatch/contracts';
import { CODE_VERSION } from '@pokewatch/core';
import { type FittedModelJSON, TERMS } from '@pokewatch/fair-value';
import { readModelFile, sha256 } from '@pokewatch/store';
import { MODEL_FORMAT } from './versions.ts';

/** The fitted models of a version, so that it can speak for newer days. */
export const FITTED_FILE = 'fitted.json';

/** Fitted models name terms by their places: with other terms they mean nothing. */
const TERMS_SHA256 = sha256(JSON.stringify(TERMS.map(({ name, definition }) => [name, definition])));

const WRITTEN_BY = { code_version: CODE_VERSION, format: MODEL_FORMAT, terms_sha256: TERMS_SHA256 };

/** A version's model, and those of other horizons. */
export interface FittedModels {
  readonly model: FittedModelJSON;
  readonly horizons: readonly FittedModelJSON[];
}

/** The text of `fitted.json`. */
export function fittedText({ model, horizons }: FittedModels): string {
  return JSON.stringify({ written_by: WRITTEN_BY, model, horizons });
}

/** The fitted models of a version, or why it cannot be used. @throws bad_data_file when the file is damaged. */
export function readFitted(root: string, manifest: ModelManifest): FittedModels | { readonly why: string } {
  if (!manifest.files.some(({ name }) => name === FITTED_FILE))
    return { why: 'it was published without its fitted model' };
  const text = readModelFile(root, manifest, FITTED_FILE);
  const { written_by, model, horizons } = JSON.parse(text) as FittedModels & { readonly written_by: unknown };
  if (JSON.stringify(written_by) !== JSON.stringify(WRITTEN_BY))
    return { why: 'it was fitted by another version of the program' };
  return { model, horizons };
}
