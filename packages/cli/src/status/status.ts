import { resolve } from 'node:path';
import { type FeatureManifest, JobNameSchema, type RunReport } from '@pokewatch/contracts';
import { describeError, isPokewatchError } from '@pokewatch/core';
import { currentFeatures, lastReport, readChampion, readModelManifest } from '@pokewatch/store';
import type { Context } from '../context.ts';
import { tableLines } from '../screen/table.ts';
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
export async function readStatus(context: Context): Promise<Status> {
  const settings = context.settings();
  const root = settings.POKEWATCH_DATA;
  const faults: string[] = [];
  const read = async <T>(part: () => T | Promise<T>): Promise<T | null> => {
    try {
      return await part();
    } catch (error) {
      if (!isPokewatchError(error)) throw error;
      faults.push(describeError(error));
      return null;
    }
  };
  return {
    data: resolve(context.cwd, root),
    sources: await read(() => storedSources(root)),
    features: await read(() => featuresOf(root)),
    champion: await read(() => championOf(root)),
    runs: await read(() =>
      JobNameSchema.options.map((job) => lastReport(root, job)).filter((report) => report !== undefined),
    ),
    services: await serviceStates(settings),
    faults,
  };
}

function featuresOf(root: string): Status['features'] {
  const manifest = currentFeatures(root);
  if (manifest === undefined) return null;
  const { files: _files, kind: _kind, ...facts } = manifest;
  return facts;
}

function championOf(root: string): ServingModel | null {
  const champion = readChampion(root);
  if (champion === undefined) return null;
  const { model, source, simulated, cards, last_date } = readModelManifest(root, champion.model_version).manifest;
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
