import { join } from 'node:path';
import { type FeatureManifest, FeatureManifestSchema } from '@pokewatch/contracts';
import * as z from 'zod';
import { checkFile, jsonText, publishFile, readJson } from './files.ts';
import { layout } from './layout.ts';

const CurrentSchema = z.object({ version: z.string() });

/** Name of the manifest in folders of features and of models. */
export const MANIFEST = 'manifest.json';

/** Makes a published features version the current one. */
export function setCurrentFeatures(root: string, version: string): void {
  publishFile(layout.currentFeatures(root), jsonText({ version }));
}

/** Name of the current features version, or undefined when nothing was preprocessed. */
export function currentVersion(root: string): string | undefined {
  return readJson(layout.currentFeatures(root), CurrentSchema)?.version;
}

/** The manifest of the current features, or undefined when nothing was preprocessed. */
export function currentFeatures(root: string): FeatureManifest | undefined {
  const version = currentVersion(root);
  return version === undefined ? undefined : readFeatureManifest(root, version);
}

/** The manifest of a features version, or undefined when there is no such version. */
export function readFeatureManifest(root: string, version: string): FeatureManifest | undefined {
  return readJson(join(layout.features(root, version), MANIFEST), FeatureManifestSchema);
}

/** Path of a file of a features version, after its size and hash were checked. @throws bad_data_file */
export function checkedFeatureFile(root: string, manifest: FeatureManifest, name: string): string {
  const folder = layout.features(root, manifest.version);
  const entry = manifest.files.find((file) => file.name === name);
  return checkFile(folder, entry ?? { name, bytes: 0, sha256: '0'.repeat(64) });
}
