import type { Handover } from '@pokewatch/contracts';
import { PokewatchError } from '@pokewatch/core';
import { lockStore } from '@pokewatch/job';
import { type Delivered, deliver } from '@pokewatch/mlflow';
import { type DataStore, fetchChampion, layout, withStore } from '@pokewatch/store';
import type { Context } from '../context.ts';

/**
 * Hands in what waits, and with `all` every version of the store.
 * @throws bad_setting without a server, job_locked while a model is trained, mlflow_unavailable, mlflow_refused
 */
export async function push(context: Context, asked: { readonly all: boolean; readonly json: boolean }): Promise<void> {
  const settings = context.settings();
  if (settings.MLFLOW_TRACKING_URI === '')
    throw new PokewatchError(
      'bad_setting',
      'MLFLOW_TRACKING_URI is not set: there is no MLflow to hand anything in to',
      {
        hint: 'Set it to the address of a tracking server, http://127.0.0.1:5000; docs/mlops.md says more.',
      },
    );
  const clock = context.clock();
  const delivered = await withStore(settings, async (store) => {
    // `train` hands in under this lock too, so that nothing is handed in twice.
    const lock = await lockStore(store, 'train');
    try {
      const versions = await wanted(store, asked.all);
      const now = clock.now().toISOString();
      const fresh = versions.map((model_version): Handover => {
        return { model_version, train_run: 'pokewatch mlflow push', started_at: now, ended_at: now, fault: null };
      });
      const signal = lock.lost === undefined ? context.stop : AbortSignal.any([context.stop, lock.lost]);
      return await deliver({ store, settings, clock, signal }, fresh);
    } finally {
      await lock.release();
    }
  });
  if (asked.json) context.out(JSON.stringify(delivered, null, 2));
  else for (const line of delivered.lines) context.out(line);
  failOn(delivered);
}

async function wanted(store: DataStore, all: boolean): Promise<string[]> {
  const champion = (await fetchChampion(store))?.model_version;
  if (!all) return champion === undefined ? [] : [champion];
  return (await store.names(layout.models(store.root))).filter((name) => !name.endsWith('.json'));
}

function failOn({ fault, waiting }: Delivered): void {
  if (fault === undefined) return;
  const code = fault.kind === 'away' ? 'mlflow_unavailable' : 'mlflow_refused';
  const hint = code === 'mlflow_unavailable' ? 'Run it again later.' : 'docs/mlops.md says what to do.';
  throw new PokewatchError(code, `not all was handed in to MLflow (${waiting.length} waiting): ${fault.message}`, {
    hint,
  });
}
