import type { FeatureManifest, TuningResult } from '@pokewatch/contracts';
import { CODE_VERSION } from '@pokewatch/core';
import { type DataStore, fetchModelManifest, layout, sha256 } from '@pokewatch/store';

/** Raised when the same features would give another model or other files: a version's name must not mean two things. */
export const MODEL_FORMAT = 4;

/** What a version is for: judged by the gate, serving when nothing passes, or an older model that speaks for newer days. */
type Role = 'candidate' | 'fallback' | 'carried';

/** The hash of all that models are made from, whatever serves: features, settings, code, and the tuning that is tried. */
export function inputHash(features: FeatureManifest, horizon_days: number, tuning: TuningResult | undefined): string {
  const tried = tuning === undefined ? null : [tuning.id, tuning.best_trial.settings];
  const { version, raw_sha256 } = features;
  return sha256(JSON.stringify([version, raw_sha256, horizon_days, CODE_VERSION, MODEL_FORMAT, tried]));
}

/**
 * The end of a version's name: the same input, role and champion of that time (null without one to compare with) never make
 * two versions.
 */
export function versionHash(input_sha256: string, role: Role, champion: string | null): string {
  return sha256(JSON.stringify([input_sha256, role, champion])).slice(0, 10);
}

/** The version that was made with this hash, whichever model it turned out to be; undefined when there is none yet. */
export async function findVersion(store: DataStore, hash: string): Promise<string | undefined> {
  const names = await store.names(layout.models(store.root));
  const version = names.find((name) => name.endsWith(`-${hash}`));
  return version !== undefined && (await fetchModelManifest(store, version)) ? version : undefined;
}

/** The full name of a version: model, last day of data, hash. */
export function versionName(model: string, last_date: string, hash: string): string {
  return `${model}-${last_date}-${hash}`;
}
