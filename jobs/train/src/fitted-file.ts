import type { ModelManifest } from '@pokewatch/contracts';
import { CODE_VERSION } from '@pokewatch/core';
import { type FittedModelJSON, TERMS } from '@pokewatch/fair-value';
import { readModelFile, sha256 } from '@pokewatch/store';
import { MODEL_FORMAT } from './versions.ts';

/** The fitted model of a version, so that it can speak for newer days. */
export const FITTED_FILE = 'fitted.json';

/** Fitted models name terms by their places: with other terms they mean nothing. */
const TERMS_SHA256 = sha256(JSON.stringify(TERMS.map(({ name, definition }) => [name, definition])));

const WRITTEN_BY = { code_version: CODE_VERSION, format: MODEL_FORMAT, terms_sha256: TERMS_SHA256 };

/** The text of `fitted.json`. */
export function fittedText(model: FittedModelJSON): string {
  return JSON.stringify({ written_by: WRITTEN_BY, model });
}

/** The fitted model of a version, or why it cannot be used. @throws bad_data_file when the file is damaged. */
export function readFitted(
  root: string,
  manifest: ModelManifest,
): { readonly model: FittedModelJSON } | { readonly why: string } {
  if (!manifest.files.some(({ name }) => name === FITTED_FILE))
    return { why: 'it was published without its fitted model' };
  const { written_by, model } = JSON.parse(readModelFile(root, manifest, FITTED_FILE)) as {
    written_by: unknown;
    model: FittedModelJSON;
  };
  if (JSON.stringify(written_by) !== JSON.stringify(WRITTEN_BY))
    return { why: 'it was fitted by another version of the program' };
  return { model };
}
