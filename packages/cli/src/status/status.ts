import { type FeatureManifest, JobNameSchema, type RunReport } from '@pokewatch/contracts';
import { describeError, isPokewatchError } from '@pokewatch/core';
import {
  type DataStore,
  fetchChampion,
  fetchCurrentFeatures,
  fetchLastReports,
  fetchModelManifest,
  readModelManifest,
  toldBy,
  withStore,
} from '@pokewatch/store';
import type { Context } from '../context.ts';
import { tableLines } from '../screen/table.ts';
import { shownData } from '../shown-data.ts';
import { type ServiceStatus, serviceStates } from './services.ts';
import { type StoredSource, storedSources } from './stored.ts';

interface ServingModel {
  readonly model_version: string;
  readonly model: string;
  readonly promoted_at: string;
  readonly reason: string;
  readonly source: string;
  readonly simulated: boolean;
  readonly cards: number;
  readonly last_date: string;
}

/** What `status` says. A part that cannot be read has its fault in `faults` and is null. */
export interface Status {
  readonly data: string;
  readonly sources: readonly StoredSource[] | null;
  readonly features: Omit<FeatureManifest, 'files' | 'kind'> | null;
  readonly champion: ServingModel | null;
  readonly runs: readonly RunReport[] | null;
  readonly services: readonly ServiceStatus[];
  readonly faults: readonly string[];
}

/** Reads what is in the store and asks the services. */
export function readStatus(context: Context): Promise<Status> {
  return withStore(context.settings(), (store) => statusOf(context, store));
}

async function statusOf(context: Context, store: DataStore): Promise<Status> {
  const settings = context.settings();
  const faults: string[] = [];
  const read = async <T>(part: () => T | Promise<T>): Promise<T | null> => {
    try {
      return await part();
    } catch (caught) {
      const error = toldBy(store, caught);
      if (!isPokewatchError(error)) throw error;
      const fault = describeError(error);
      if (!faults.includes(fault)) faults.push(fault);
      return null;
    }
  };
  return {
    data: shownData(context, settings),
    sources: await read(() => storedSources(store)),
    features: await read(() => featuresOf(store)),
    champion: await read(() => championOf(store)),
    runs: await read(() => fetchLastReports(store, JobNameSchema.options)),
    services: await serviceStates(settings),
    faults,
  };
}

async function featuresOf(store: DataStore): Promise<Status['features']> {
  const manifest = await fetchCurrentFeatures(store);
  if (manifest === undefined) return null;
  const { files: _files, kind: _kind, ...facts } = manifest;
  return facts;
}

async function championOf(store: DataStore): Promise<ServingModel | null> {
  const champion = await fetchChampion(store);
  if (champion === undefined) return null;
  await fetchModelManifest(store, champion.model_version);
  const { model, source, simulated, cards, last_date } = readModelManifest(store.root, champion.model_version).manifest;
  const { model_version, promoted_at, reason } = champion;
  return { model_version, model, promoted_at, reason, source, simulated, cards, last_date };
}

/** The status for people. */
export function statusLines(status: Status, { paint }: Pick<Context, 'paint'>): string[] {
  const { features, champion } = status;
  const section = (title: string, rows: readonly (readonly string[])[], none: string) => [
    paint('bold', title),
    ...(rows.length > 0
      ? indented(rows)
      : [`  ${status.faults.length > 0 ? 'nothing that can be read, see the faults below' : none}`]),
    '',
  ];
  const simulated = (is: boolean) => (is ? ' (SIMULATED)' : '');
  return [
    ...section(
      `Prices in ${status.data}`,
      (status.sources ?? []).map((stored) => [
        `${stored.source}${simulated(stored.simulated)}`,
        `${stored.rows} rows of ${stored.cards} cards`,
        `${stored.first_date} to ${stored.last_date}`,
        `${stored.files} ${stored.files === 1 ? 'file' : 'files'}`,
      ]),
      'none yet; `pokewatch collect` or `pokewatch import FILE`',
    ),
    ...section(
      'Features',
      features === null
        ? []
        : [
            [
              features.version,
              `${features.source}${simulated(features.simulated)}`,
              `${features.rows} rows of ${features.cards} cards`,
              `to ${features.last_date}`,
            ],
          ],
      'none yet; `pokewatch preprocess`',
    ),
    ...section(
      'Model that serves',
      champion === null
        ? []
        : [
            [
              champion.model_version,
              `${champion.source}${simulated(champion.simulated)}`,
              `${champion.cards} cards`,
              `since ${champion.promoted_at.slice(0, 16)}Z: ${champion.reason}`,
            ],
          ],
      'none yet; `pokewatch train`',
    ),
    ...section(
      'Last runs',
      (status.runs ?? []).map((run) => [
        run.job,
        run.status,
        (run.ended_at ?? run.started_at).slice(0, 16).concat('Z'),
        run.summary.split('\n')[0] ?? '',
      ]),
      'none yet',
    ),
    ...section(
      'Services',
      status.services.map((service) => [service.name, service.state, service.url, service.text]),
      '',
    ),
    ...status.faults.map((fault) => `fault: ${fault}`),
  ].slice(0, status.faults.length === 0 ? -1 : undefined);
}

function indented(rows: readonly (readonly string[])[]): string[] {
  const titles = (rows[0] ?? []).map(() => ({ title: '' }));
  return tableLines(titles, rows)
    .slice(1)
    .map((line) => `  ${line}`);
}
