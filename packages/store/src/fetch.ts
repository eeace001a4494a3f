import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Champion, FeatureManifest, JobName, RunReport, TuningResult } from '@pokewatch/contracts';
import type { DataStore } from './data-store.ts';
import { currentFeatures, currentVersion, MANIFEST } from './features.ts';
import { layout } from './layout.ts';
import { readChampion } from './models.ts';
import { type PanelData, readPanel } from './panel-data.ts';
import { readReport, runIds, saveReport } from './reports.ts';
import { readTuningResults } from './tuning.ts';

// What is read from a store is fetched first, and what is written is published afterwards.

/** The manifest of the current features, or undefined when nothing was preprocessed. */
export async function fetchCurrentFeatures(store: DataStore): Promise<FeatureManifest | undefined> {
  await store.fetch(layout.currentFeatures(store.root));
  const version = currentVersion(store.root);
  if (version !== undefined) await store.fetch(join(layout.features(store.root, version), MANIFEST));
  return currentFeatures(store.root);
}

/** The panel of a features version. @throws bad_data_file when a file is missing or damaged */
export async function fetchPanel(store: DataStore, manifest: FeatureManifest): Promise<PanelData> {
  await store.fetchFolder(layout.features(store.root, manifest.version));
  return readPanel(store.root, manifest);
}

/** Which version serves, or undefined when none was ever promoted. @throws bad_data_file */
export async function fetchChampion(store: DataStore): Promise<Champion | undefined> {
  await store.fetch(layout.champion(store.root));
  return readChampion(store.root);
}

/** Fetches the manifest of a model version. @returns whether it was published whole */
export async function fetchModelManifest(store: DataStore, version: string): Promise<boolean> {
  const path = join(layout.model(store.root, version), MANIFEST);
  await store.fetch(path);
  return existsSync(path);
}

/** Fetches all files of a model version. */
export function fetchModel(store: DataStore, version: string): Promise<void> {
  return store.fetchFolder(layout.model(store.root, version));
}

/** Ids of a job's runs (or of all jobs), oldest first. */
export async function fetchRunIds(store: DataStore, job?: JobName): Promise<string[]> {
  return runIds(await store.names(layout.runs(store.root)), job);
}

/** A run's report, or undefined. @throws bad_data_file when it is damaged */
export async function fetchReport(store: DataStore, run_id: string): Promise<RunReport | undefined> {
  await store.fetch(layout.run(store.root, run_id));
  return readReport(store.root, run_id);
}

/** The newest report of a job, or undefined. */
export async function fetchLastReport(store: DataStore, job: JobName): Promise<RunReport | undefined> {
  return (await fetchLastReports(store, [job]))[0];
}

/** The newest reports of some jobs, as far as there are any. */
export async function fetchLastReports(store: DataStore, jobs: readonly JobName[]): Promise<RunReport[]> {
  const names = await store.names(layout.runs(store.root));
  const ids = jobs.map((job) => runIds(names, job).at(-1)).filter((id) => id !== undefined);
  const reports = await Promise.all(ids.map((id) => fetchReport(store, id)));
  return reports.filter((report) => report !== undefined);
}

/** Writes a run report in place of the run's earlier one. */
export async function publishReport(store: DataStore, report: RunReport): Promise<void> {
  saveReport(store.root, report);
  await store.publish(layout.run(store.root, report.run_id));
}

/** The results of all searches, in the order of their ids. @throws bad_data_file when one is damaged */
export async function fetchTuningResults(store: DataStore): Promise<TuningResult[]> {
  const paths = await store.files(layout.tuning(store.root));
  await store.fetch(...paths.filter((path) => path.endsWith('/result.json')));
  return readTuningResults(store.root);
}
