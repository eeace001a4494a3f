import type { Handover, Receipt } from '@pokewatch/contracts';
import { type Clock, describeError, isPokewatchError, type Settings } from '@pokewatch/core';
import { type DataStore, fetchChampion, fetchModelManifest } from '@pokewatch/store';
import { ensureExperiment, runsTagged, setAlias, setTag } from './client.ts';
import { CHAMPION_TAG } from './described.ts';
import { type FaultKind, isFault, MlflowFault } from './fault.ts';
import { checkPlace } from './files.ts';
import { type Desk, handIn } from './hand-in.ts';
import { OutboxFile, readReceipt, saveReceipt } from './outbox.ts';
import { Rest } from './rest.ts';

/** Name of the alias, on every server. */
const ALIAS = 'champion';

interface Delivery {
  readonly store: DataStore;
  readonly settings: Settings;
  readonly clock: Clock;
  /** Fires when there is no more time. */
  readonly signal: AbortSignal;
}

/** What became of a delivery. */
export interface Delivered {
  readonly handed_in: readonly Receipt[];
  /** Versions that still wait. */
  readonly waiting: readonly string[];
  /** What happened, in lines for people. */
  readonly lines: readonly string[];
  /** Why not all was done; undefined when it was. */
  readonly fault: { readonly kind: FaultKind; readonly message: string } | undefined;
}

/**
 * Hands in what waits, `fresh` ones last, and points the alias `champion` to the version that serves. What was not handed in
 * waits in the store for the next time. Call it under the lock of `train`; it does not throw for faults of MLflow.
 */
export async function deliver(delivery: Delivery, fresh: readonly Handover[]): Promise<Delivered> {
  const outbox = await OutboxFile.open(delivery.store);
  await outbox.add(...(await notHandedIn(delivery, fresh)));
  const champion = (await fetchChampion(delivery.store))?.model_version;
  const { MLFLOW_TRACKING_URI: server } = delivery.settings;
  const pointed = outbox.champion?.server === server && outbox.champion.model_version === champion;
  if (outbox.waiting.length === 0 && (pointed || champion === undefined))
    return { handed_in: [], waiting: [], lines: ['MLflow has all of it already'], fault: undefined };
  const rest = new Rest(delivery.settings, delivery.signal);
  const handed_in: Receipt[] = [];
  const lines: string[] = [];
  let fault: Delivered['fault'];
  try {
    const experiment = await ensureExperiment(rest, delivery.settings.MLFLOW_EXPERIMENT_NAME);
    checkPlace(experiment.artifact_location);
    const desk = { ...delivery, rest, experiment };
    for (const handover of outbox.waiting) {
      const { model_version } = handover;
      if (!(await fetchModelManifest(delivery.store, model_version))) {
        await outbox.remove(model_version);
        lines.push(`MLflow: ${model_version} is not in the store any more, and is not handed in`);
        continue;
      }
      const done = await orFault(() => handIn(desk, handover));
      if ('fault' in done) {
        fault = { kind: done.fault.kind, message: `${model_version} was not handed in: ${done.fault.message}` };
        await outbox.note(model_version, done.fault.message);
        lines.push(`MLflow: ${fault.message}`);
        continue;
      }
      await saveReceipt(delivery.store, done.receipt);
      await outbox.remove(model_version);
      handed_in.push(done.receipt);
      lines.push(told(done.receipt));
    }
    if (champion !== undefined && !pointed) lines.push(...(await point(desk, outbox, champion)));
  } catch (error) {
    if (!isFault(error)) throw error;
    fault = { kind: error.kind, message: error.message };
    lines.push(`MLflow: ${fault.message}; ${leftWords(outbox.waiting.length)}`);
  }
  const waiting = outbox.waiting.map(({ model_version }) => model_version);
  return { handed_in, waiting, lines, fault };
}

/** A receipt, or why this one was refused; that does not hold up the others. Other faults are thrown. */
async function orFault(work: () => Promise<Receipt>): Promise<{ receipt: Receipt } | { fault: MlflowFault }> {
  try {
    return { receipt: await work() };
  } catch (error) {
    if (isFault(error, 'refused', 'missing')) return { fault: error };
    if (isPokewatchError(error) && error.code === 'bad_data_file')
      return { fault: new MlflowFault('refused', describeError(error), '', error) };
    throw error;
  }
}

/** Those that were not handed in to this server and experiment before. */
async function notHandedIn({ store, settings }: Delivery, fresh: readonly Handover[]): Promise<Handover[]> {
  const receipts = await Promise.all(fresh.map(({ model_version }) => readReceipt(store, model_version)));
  return fresh.filter((_, i) => {
    const receipt = receipts[i];
    return receipt?.server !== settings.MLFLOW_TRACKING_URI || receipt.experiment !== settings.MLFLOW_EXPERIMENT_NAME;
  });
}

/** Points the alias to the champion; the tag of runs says it too, for servers without a registry. */
async function point(desk: Desk, outbox: OutboxFile, champion: string): Promise<string[]> {
  const { store, rest, settings, experiment } = desk;
  const receipt = await readReceipt(store, champion);
  if (receipt === undefined || receipt.server !== rest.server || receipt.experiment !== settings.MLFLOW_EXPERIMENT_NAME)
    return [];
  const { mlflow_run_id, registered_version } = receipt;
  const earlier = await runsTagged(rest, experiment.experiment_id, { key: CHAMPION_TAG, value: 'true' });
  await setTag(rest, mlflow_run_id, { key: CHAMPION_TAG, value: 'true' });
  for (const { run_id } of earlier)
    if (run_id !== mlflow_run_id) await setTag(rest, run_id, { key: CHAMPION_TAG, value: 'false' });
  if (registered_version !== null) await setAlias(rest, settings.POKEWATCH_MLFLOW_MODEL, ALIAS, registered_version);
  await outbox.setChampion({ server: rest.server, model_version: champion });
  return [
    registered_version === null
      ? `MLflow: run ${mlflow_run_id} has the tag ${CHAMPION_TAG}; the server has no model registry`
      : `MLflow: the alias ${ALIAS} of ${settings.POKEWATCH_MLFLOW_MODEL} is at version ${registered_version}`,
  ];
}

function told({ model_version, mlflow_run_id, registered_version, left_out }: Receipt): string {
  const registered = registered_version === null ? '' : `, registered as version ${registered_version}`;
  const without = left_out.length === 0 ? '' : `, without ${left_out.join(', ')} (too large)`;
  return `MLflow: ${model_version} is run ${mlflow_run_id}${registered}${without}`;
}

function leftWords(count: number): string {
  const rest =
    count === 0
      ? 'the alias is moved'
      : count === 1
        ? 'one version waits; it is handed in'
        : `${count} versions wait; they are handed in`;
  return `${rest} by the next \`pokewatch train\` or \`pokewatch mlflow push\``;
}
