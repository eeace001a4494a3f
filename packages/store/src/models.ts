import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Champion,
  ChampionSchema,
  type ModelCurves,
  ModelCurvesSchema,
  type ModelManifest,
  ModelManifestSchema,
  type TermColumns,
} from '@pokewatch/contracts';
import { isPokewatchError, PokewatchError, systemCode } from '@pokewatch/core';
import { MANIFEST } from './features.ts';
import {
  fileEntries,
  jsonText,
  listFinished,
  parseJson,
  publishFile,
  publishFolder,
  readChecked,
  readJson,
  sha256,
} from './files.ts';
import { decodeHorizons, encodeHorizons, type HorizonTable, noHorizons } from './horizon-file.ts';
import { layout } from './layout.ts';
import { decodePredictions, encodePredictions } from './prediction-file.ts';
import type { PredictionTable } from './prediction-table.ts';

export { rowOfDay } from './prediction-table.ts';

const PREDICTIONS = 'predictions.arrow';
const CARDS = 'cards.arrow';
const TERMS = 'terms.arrow';
const HORIZONS = 'horizons.arrow';
const CURVES = 'curves.json';

/** A model version in memory. */
export interface LoadedModel {
  readonly manifest: ModelManifest;
  readonly table: PredictionTable;
  /** Why each card's newest prediction is what it is. */
  readonly terms: TermColumns;
  /** What is expected at other horizons from each card's newest day. */
  readonly horizons: HorizonTable;
  /** How the values of those terms become log return. */
  readonly curves: ModelCurves;
}

interface NewModel {
  readonly manifest: Omit<ModelManifest, 'files'>;
  readonly table: PredictionTable;
  readonly terms: TermColumns;
  /** Absent where the model speaks of one horizon only. */
  readonly horizons?: HorizonTable | undefined;
  readonly curves: Omit<ModelCurves, 'model_version'>;
  /** Further files by name: evaluation.json, report.html and so on. */
  readonly extras: Readonly<Record<string, string>>;
}

/**
 * Publishes an immutable model version. The same version again is left as it stands.
 * @returns the manifest with the hashes of all files.
 */
export async function publishModel(root: string, model: NewModel): Promise<ModelManifest> {
  const version = model.manifest.version;
  await publishFolder(layout.model(root, version), async (folder) => {
    const files = encodePredictions(model.table, model.terms);
    publishFile(join(folder, PREDICTIONS), files.rows);
    publishFile(join(folder, CARDS), files.cards);
    publishFile(join(folder, TERMS), files.terms);
    const horizons = model.horizons === undefined ? [] : [HORIZONS];
    if (model.horizons !== undefined) publishFile(join(folder, HORIZONS), encodeHorizons(model.table, model.horizons));
    publishFile(join(folder, CURVES), JSON.stringify({ model_version: version, ...model.curves }));
    for (const [name, text] of Object.entries(model.extras)) publishFile(join(folder, name), text);
    const names = [PREDICTIONS, CARDS, TERMS, ...horizons, CURVES, ...Object.keys(model.extras)];
    const entries = fileEntries(folder, names);
    publishFile(join(folder, MANIFEST), jsonText({ ...model.manifest, files: entries }));
  });
  return readModelManifest(root, version).manifest;
}

/** Versions of models in the store, sorted. */
export function listModels(root: string): string[] {
  return listFinished(layout.models(root)).filter((name) => !name.endsWith('.json'));
}

/** True when the store has this model version. */
export function hasModel(root: string, version: string): boolean {
  return listModels(root).includes(version);
}

/** A version's manifest and the hash of its text. @throws bad_data_file */
export function readModelManifest(root: string, version: string): { manifest: ModelManifest; sha256: string } {
  const path = join(layout.model(root, version), MANIFEST);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new PokewatchError('bad_data_file', `${path} cannot be read (${systemCode(error) ?? 'unknown'})`, {
      hint: 'Delete its folder and run train again.',
      cause: error,
    });
  }
  return { manifest: parseJson(path, text, ModelManifestSchema), sha256: sha256(text) };
}

/** Which version serves, or undefined when none was ever promoted. @throws bad_data_file */
export function readChampion(root: string): Champion | undefined {
  return readJson(layout.champion(root), ChampionSchema);
}

/**
 * Makes a version the champion; readers see the old pointer or the new one. A promotion never dates before the one that it
 * follows, though the clocks of two machines differ: whoever serves takes earlier ones for old.
 */
export function setChampion(root: string, champion: Omit<Champion, 'manifest_sha256'>): void {
  const { sha256: manifest_sha256 } = readModelManifest(root, champion.model_version);
  const before = unlessDamaged(() => readChampion(root)?.promoted_at);
  const promoted_at = before !== undefined && before > champion.promoted_at ? before : champion.promoted_at;
  publishFile(layout.champion(root), jsonText({ ...champion, promoted_at, manifest_sha256 }));
}

function unlessDamaged<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isPokewatchError(error) && error.code === 'bad_data_file') return undefined;
    throw error;
  }
}

/**
 * Loads a version into memory after checking every file that it needs against the manifest.
 * @throws bad_data_file when anything is missing, damaged or half-written.
 */
export function loadModel(root: string, version: string): LoadedModel {
  const { manifest } = readModelManifest(root, version);
  const folder = layout.model(root, version);
  const read = (name: string) => {
    const entry = manifest.files.find((file) => file.name === name);
    if (entry === undefined)
      throw new PokewatchError('bad_data_file', `${join(folder, MANIFEST)} does not list ${name}`, {
        hint: 'Run train again.',
      });
    return readChecked(folder, entry);
  };
  const { table, terms } = decodePredictions(
    { rows: read(PREDICTIONS), cards: read(CARDS), terms: read(TERMS) },
    folder,
  );
  const has = (name: string) => manifest.files.some((file) => file.name === name);
  const horizons = has(HORIZONS) ? decodeHorizons(table, read(HORIZONS), folder) : noHorizons();
  const curves = has(CURVES)
    ? parseJson(join(folder, CURVES), read(CURVES).toString('utf8'), ModelCurvesSchema)
    : noCurves(manifest);
  return { manifest, table, terms, horizons, curves };
}

/** What stands for the curves of versions that were published without. */
function noCurves({ version, model, horizon_days }: ModelManifest): ModelCurves {
  return { model_version: version, model, horizon_days, restlessness: null, terms: [], speakers: [] };
}

/** A file of a model version such as `evaluation.json`, checked. @throws bad_data_file */
export function readModelFile(root: string, manifest: ModelManifest, name: string): string {
  const entry = manifest.files.find((file) => file.name === name);
  if (entry === undefined)
    throw new PokewatchError('bad_data_file', `model ${manifest.version} has no file ${name}`, {
      hint: 'Run train again.',
    });
  return readChecked(layout.model(root, manifest.version), entry).toString('utf8');
}
