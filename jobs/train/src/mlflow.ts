import { describeError, type Settings } from '@pokewatch/core';
import type { JobContext } from '@pokewatch/job';
import { deliver } from '@pokewatch/mlflow';
import { fetchChampion } from '@pokewatch/store';

/**
 * Hands in to MLflow what this run made and what serves, where a server is set.
 * @returns what happened, for the run report. A failure is no failure of training: what was not handed in waits in the store.
 */
export async function tellMlflow(
  context: JobContext,
  settings: Settings,
  made: { readonly model_version: string; readonly started_at: string },
): Promise<string[]> {
  if (settings.MLFLOW_TRACKING_URI === '') return [];
  const deadline = AbortSignal.timeout(settings.POKEWATCH_MLFLOW_DEADLINE_MS);
  const { store, clock } = context;
  try {
    const champion = (await fetchChampion(store))?.model_version;
    const versions = new Set([made.model_version, ...(champion === undefined ? [] : [champion])]);
    const { started_at } = made;
    const of_run = { train_run: context.run_id, started_at, ended_at: clock.now().toISOString(), fault: null };
    const fresh = [...versions].map((model_version) => ({ model_version, ...of_run }));
    const signal = AbortSignal.any([context.signal, deadline]);
    return [...(await deliver({ store, settings, clock, signal }, fresh)).lines];
  } catch (error) {
    context.logger.warn({ err: error }, 'nothing was handed in to MLflow');
    return [`MLflow: nothing was handed in: ${describeError(error)}`];
  }
}
