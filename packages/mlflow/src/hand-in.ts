import { join } from 'node:path';
import type { Handover, Receipt } from '@pokewatch/contracts';
import type { Clock, Settings } from '@pokewatch/core';
import {
  type DataStore,
  fetchModel,
  fileEntries,
  layout,
  MANIFEST,
  parseJson,
  readModelFile,
  readModelManifest,
} from '@pokewatch/store';
import {
  createRun,
  type Experiment,
  ensureModelVersion,
  finishRun,
  logBatch,
  logDataset,
  type MlflowRun,
  runsTagged,
} from './client.ts';
import { batchOf, EvaluatedSchema, IDEMPOTENCY_KEY, noteOf, tagsOf } from './described.ts';
import { MODEL_FOLDER, upload } from './files.ts';
import { batchesOf } from './limits.ts';
import type { Rest } from './rest.ts';

/** What handing in works with. */
export interface Desk {
  readonly store: DataStore;
  readonly rest: Rest;
  readonly settings: Settings;
  readonly experiment: Experiment;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const DIGEST_LENGTH = 36;

/**
 * Logs a model version as a run and registers it. A try that was cut off is gone on with: its run is found by its tag, and
 * every step may be done again without adding anything.
 * @throws MlflowFault; bad_data_file when the version is not in the store
 */
export async function handIn(desk: Desk, handover: Handover): Promise<Receipt> {
  const { store, rest, settings } = desk;
  const { model_version } = handover;
  await fetchModel(store, model_version);
  const { manifest } = readModelManifest(store.root, model_version);
  const ended_ms = Date.parse(handover.ended_at);
  const run = await ensureRun(desk, handover, tagsOf(manifest, handover));
  for (const batch of batchesOf(batchOf(manifest, readEvaluated(store, model_version), ended_ms)))
    await logBatch(rest, run.run_id, batch);
  await logDataset(rest, run.run_id, {
    name: manifest.features_version,
    digest: manifest.data_sha256.slice(0, DIGEST_LENGTH),
    source_type: 'pokewatch',
    source: JSON.stringify({ features: manifest.features_version, source: manifest.source, rows: manifest.rows }),
  });
  const folder = layout.model(store.root, model_version);
  const files = [...manifest.files, ...fileEntries(folder, [MANIFEST])];
  const left_out = await upload(rest, run, { folder, files }, desk);
  const registered_version = await ensureModelVersion(rest, {
    name: settings.POKEWATCH_MLFLOW_MODEL,
    run_id: run.run_id,
    source: `${run.artifact_uri}/${MODEL_FOLDER}`,
    description: noteOf(manifest).slice(0, 4000),
    tags: [
      { key: 'pokewatch.version', value: model_version },
      { key: 'pokewatch.gate', value: manifest.gate.passed ? 'passed' : 'refused' },
    ],
  });
  await finishRun(rest, run.run_id, ended_ms);
  return {
    model_version,
    server: rest.server,
    experiment: settings.MLFLOW_EXPERIMENT_NAME,
    mlflow_run_id: run.run_id,
    registered_version,
    left_out,
    handed_in_at: desk.clock.now().toISOString(),
  };
}

/** The run of this version: that of an earlier try, or a new one. */
async function ensureRun(
  { rest, experiment }: Desk,
  { model_version, started_at }: Handover,
  tags: ReturnType<typeof tagsOf>,
): Promise<MlflowRun> {
  const { experiment_id } = experiment;
  const [earlier] = await runsTagged(rest, experiment_id, { key: IDEMPOTENCY_KEY, value: model_version });
  return (
    earlier ??
    (await createRun(rest, { experiment_id, run_name: model_version, start_time: Date.parse(started_at), tags }))
  );
}

function readEvaluated(store: DataStore, model_version: string) {
  const { manifest } = readModelManifest(store.root, model_version);
  // Versions that carry an older model on have no figures of their own.
  if (!manifest.files.some(({ name }) => name === 'evaluation.json')) return null;
  const path = join(layout.model(store.root, model_version), 'evaluation.json');
  return parseJson(path, readModelFile(store.root, manifest, 'evaluation.json'), EvaluatedSchema);
}
