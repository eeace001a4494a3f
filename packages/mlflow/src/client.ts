import * as z from 'zod';
import { isFault, MlflowFault } from './fault.ts';
import type { Batch, Pair } from './limits.ts';
import type { Rest } from './rest.ts';

const RunInfoSchema = z.object({ run_id: z.string(), artifact_uri: z.string(), start_time: z.number().optional() });
const RunSchema = z.object({ info: RunInfoSchema });
/** A run as far as it is needed: its id, and where its files go. */
export type MlflowRun = z.infer<typeof RunInfoSchema>;

const ExperimentSchema = z.object({
  experiment: z.object({ experiment_id: z.string(), artifact_location: z.string(), lifecycle_stage: z.string() }),
});
export type Experiment = z.infer<typeof ExperimentSchema>['experiment'];

/** Empty lists are left out of MLflow's answers. */
const RunsSchema = z.object({ runs: z.array(RunSchema).default([]) });
const VersionSchema = z.object({ version: z.string() });
const VersionsSchema = z.object({ model_versions: z.array(VersionSchema).default([]) });
const FilesSchema = z.object({
  files: z.array(z.object({ path: z.string(), is_dir: z.boolean(), file_size: z.number().optional() })).default([]),
});
const AnythingSchema = z.object({});

/** The experiment of this name, made when there is none, restored when it was deleted. */
export async function ensureExperiment(rest: Rest, name: string): Promise<Experiment> {
  const get = () =>
    rest.call('experiments/get-by-name', ExperimentSchema, { method: 'GET', query: { experiment_name: name } });
  const found = await unlessMissing(get);
  if (found === undefined) {
    // Another job may make it at the same moment; then that one is taken.
    await unlessThere(() => rest.call('experiments/create', AnythingSchema, { method: 'POST', body: { name } }));
    return (await get()).experiment;
  }
  const { experiment_id, lifecycle_stage } = found.experiment;
  if (lifecycle_stage === 'deleted')
    await rest.call('experiments/restore', AnythingSchema, { method: 'POST', body: { experiment_id } });
  return found.experiment;
}

/** Runs that have this tag, oldest first. */
export async function runsTagged(rest: Rest, experiment_id: string, { key, value }: Pair): Promise<MlflowRun[]> {
  const body = {
    experiment_ids: [experiment_id],
    filter: `tags."${key}" = '${value.replaceAll("'", '')}'`,
    run_view_type: 'ACTIVE_ONLY',
    order_by: ['attributes.start_time ASC'],
    max_results: 1000,
  };
  const { runs } = await rest.call('runs/search', RunsSchema, { method: 'POST', body });
  return runs.map(({ info }) => info);
}

/** Opens a run. It is not asked twice, because that could make two; whoever asks again looks for its tag before. */
export async function createRun(
  rest: Rest,
  run: {
    readonly experiment_id: string;
    readonly run_name: string;
    readonly start_time: number;
    tags: readonly Pair[];
  },
): Promise<MlflowRun> {
  const answer = await rest.call('runs/create', z.object({ run: RunSchema }), {
    method: 'POST',
    body: run,
    repeatable: false,
  });
  return answer.run.info;
}

export async function logBatch(rest: Rest, run_id: string, batch: Batch): Promise<void> {
  await rest.call('runs/log-batch', AnythingSchema, { method: 'POST', body: { run_id, ...batch } });
}

/** Notes which data a run learned from; servers older than 2.4 know nothing of that. */
export async function logDataset(
  rest: Rest,
  run_id: string,
  dataset: { readonly name: string; readonly digest: string; readonly source_type: string; readonly source: string },
): Promise<void> {
  const datasets = [{ dataset, tags: [{ key: 'mlflow.data.context', value: 'training' }] }];
  await unlessMissing(() =>
    rest.call('runs/log-inputs', AnythingSchema, { method: 'POST', body: { run_id, datasets } }),
  );
}

export async function setTag(rest: Rest, run_id: string, { key, value }: Pair): Promise<void> {
  await rest.call('runs/set-tag', AnythingSchema, { method: 'POST', body: { run_id, key, value } });
}

export async function finishRun(rest: Rest, run_id: string, end_time: number): Promise<void> {
  const body = { run_id, status: 'FINISHED', end_time };
  await rest.call('runs/update', AnythingSchema, { method: 'POST', body });
}

/** Sizes of the files that a run has in a folder, by name. */
export async function filesOfRun(rest: Rest, run_id: string, folder: string): Promise<ReadonlyMap<string, number>> {
  const { files } = await rest.call('artifacts/list', FilesSchema, { method: 'GET', query: { run_id, path: folder } });
  return new Map(files.map(({ path, file_size }) => [path.slice(path.lastIndexOf('/') + 1), file_size ?? -1]));
}

/**
 * Registers what a run has under `source` as a version of the model `name`; a run that is registered already keeps its version.
 * @returns the version; null when the server has no model registry
 */
export async function ensureModelVersion(
  rest: Rest,
  given: { name: string; run_id: string; source: string; description: string; tags: readonly Pair[] },
): Promise<string | null> {
  const { name, run_id } = given;
  const made = await unlessMissing(() =>
    unlessThere(() => rest.call('registered-models/create', AnythingSchema, { method: 'POST', body: { name } })),
  );
  if (made === undefined) return null;
  const filter = `name = '${name.replaceAll("'", '')}' and run_id = '${run_id}'`;
  const { model_versions } = await rest.call('model-versions/search', VersionsSchema, {
    method: 'GET',
    query: { filter, max_results: '100' },
  });
  if (model_versions[0] !== undefined) return model_versions[0].version;
  const answer = await rest.call('model-versions/create', z.object({ model_version: VersionSchema }), {
    method: 'POST',
    body: given,
    repeatable: false,
  });
  return answer.model_version.version;
}

/** Moves an alias of a registered model to a version, in one step. */
export async function setAlias(rest: Rest, name: string, alias: string, version: string): Promise<void> {
  await rest.call('registered-models/alias', AnythingSchema, { method: 'POST', body: { name, alias, version } });
}

/** True when the call was carried out or had been before. */
async function unlessThere(call: () => Promise<unknown>): Promise<true> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof MlflowFault) || error.error_code !== 'RESOURCE_ALREADY_EXISTS') throw error;
  }
  return true;
}

/** The answer, or undefined when the server has no such thing or route. */
async function unlessMissing<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isFault(error, 'missing')) return undefined;
    throw error;
  }
}
