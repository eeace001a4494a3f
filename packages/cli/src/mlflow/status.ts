import { OutboxFile } from '@pokewatch/mlflow';
import { withStore } from '@pokewatch/store';
import type { Context } from '../context.ts';

/** Prints what waits to be handed in to MLflow, and where the alias of the champion stands. */
export async function showOutbox(context: Context, json: boolean): Promise<void> {
  const settings = context.settings();
  const { waiting, champion } = await withStore(settings, (store) => OutboxFile.open(store));
  const server = settings.MLFLOW_TRACKING_URI;
  if (json) return context.out(JSON.stringify({ server: server === '' ? null : server, waiting, champion }, null, 2));
  context.out(server === '' ? 'MLFLOW_TRACKING_URI is not set: nothing is handed in to MLflow.' : `MLflow: ${server}`);
  context.out(
    champion === null
      ? 'No alias was set yet.'
      : `The alias champion is at ${champion.model_version} (${champion.server}).`,
  );
  context.out(waiting.length === 0 ? 'Nothing waits.' : `Waiting, oldest first:`);
  for (const { model_version, train_run, fault } of waiting)
    context.out(`  ${model_version} of ${train_run}${fault === null ? '' : `: ${fault}`}`);
}
