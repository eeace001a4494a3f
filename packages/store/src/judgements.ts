import { type Drift, DriftSchema, type Kpis, KpisSchema } from '@pokewatch/contracts';
import type { DataStore } from './data-store.ts';
import { jsonText, readJson } from './files.ts';
import { layout } from './layout.ts';
import { replaceFile } from './replace-file.ts';

/** Writes the KPIs of a day (`YYYY-MM-DD`) in place of earlier ones of that day. */
export async function saveKpis(store: DataStore, day: string, kpis: Kpis): Promise<void> {
  await replaceFile(store, layout.kpisOf(store.root, day), () => jsonText(kpis));
}

/** Days of which there are KPIs, oldest first. */
export async function listKpis(store: DataStore): Promise<string[]> {
  const names = await store.names(layout.kpis(store.root));
  return names.filter((name) => /^\d{4}-\d\d-\d\d\.json$/.test(name)).map((name) => name.slice(0, -'.json'.length));
}

/** The newest KPIs, or undefined when there are none. @throws bad_data_file */
export async function fetchKpis(store: DataStore): Promise<Kpis | undefined> {
  const day = (await listKpis(store)).at(-1);
  if (day === undefined) return undefined;
  const path = layout.kpisOf(store.root, day);
  await store.fetch(path);
  return readJson(path, KpisSchema);
}

/** Writes what was found of a model version's days, in place of what was found before. */
export async function saveDrift(store: DataStore, drift: Drift): Promise<void> {
  await replaceFile(store, layout.drift(store.root, drift.model_version), () => jsonText(drift));
}

/** How the newest days of a model version differ, or undefined where that was never looked at. @throws bad_data_file */
export async function fetchDrift(store: DataStore, model_version: string): Promise<Drift | undefined> {
  const path = layout.drift(store.root, model_version);
  await store.fetch(path);
  return readJson(path, DriftSchema);
}
