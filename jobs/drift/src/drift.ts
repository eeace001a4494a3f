import type { Drift, RunReport } from '@pokewatch/contracts';
import { dayOption, PokewatchError } from '@pokewatch/core';
import { driftAdvice, driftOf, driftPage, WINDOW_DAYS } from '@pokewatch/drift';
import { type JobProcess, runJob } from '@pokewatch/job';
import {
  fetchChampion,
  fetchCurrentFeatures,
  fetchModel,
  fetchPanel,
  jsonText,
  loadModel,
  publishFile,
  saveDrift,
  withStore,
} from '@pokewatch/store';

/** What to compare, as a person says it. */
export interface DriftRequest {
  /** Newest days that are compared. */
  readonly window_days?: number;
  /** First and last day of the reference, `YYYY-MM-DD`; the champion's teaching days unless they are named. */
  readonly from?: string;
  readonly to?: string;
  /** Where to write the report, an HTML page, and the figures, a JSON file. */
  readonly report?: string;
  readonly out?: string;
}

/** The run report and, when it ended well, what was found. */
export interface DriftRun {
  readonly report: RunReport;
  readonly drift: Drift | undefined;
}

const MOST_WINDOW_DAYS = 90;

/**
 * Compares the newest days with those that the champion learned from, and its newest predictions with those before. With the
 * usual windows the result is what the services go by; with others it is told to the caller only.
 */
export async function drift(given: JobProcess, request: DriftRequest): Promise<DriftRun> {
  const { settings } = given;
  const reference = referenceOf(request);
  const window_days = request.window_days ?? WINDOW_DAYS;
  if (!Number.isInteger(window_days) || window_days < 1 || window_days > MOST_WINDOW_DAYS)
    throw new PokewatchError('bad_usage', `--window must be a whole number from 1 to ${MOST_WINDOW_DAYS}`);
  let found: Drift | undefined;
  const report = await withStore(settings, (store) =>
    runJob({ job: 'drift', store, owns: [], limit_ms: settings.POKEWATCH_JOB_LIMIT_MS, ...given }, async (context) => {
      const [features, champion] = [await fetchCurrentFeatures(store), await fetchChampion(store)];
      if (features === undefined || champion === undefined)
        throw new PokewatchError('nothing_to_do', 'there is no model to compare with', {
          hint: 'Run `pokewatch train` first.',
        });
      await fetchModel(store, champion.model_version);
      const { manifest, table } = loadModel(store.root, champion.model_version);
      if (manifest.source !== features.source)
        throw new PokewatchError(
          'nothing_to_do',
          `${manifest.version} learned from ${manifest.source}, the prices are of ${features.source}`,
          {
            hint: 'Run `pokewatch train` first.',
          },
        );
      const made = driftOf({
        panel: await fetchPanel(store, features),
        features,
        manifest,
        table,
        thresholds: {
          buy_threshold_pct: settings.POKEWATCH_BUY_THRESHOLD_PCT,
          sell_threshold_pct: settings.POKEWATCH_SELL_THRESHOLD_PCT,
        },
        window_days,
        pause: { share: settings.POKEWATCH_PAUSE_DRIFT_SHARE, distance: settings.POKEWATCH_PAUSE_DRIFT_DISTANCE },
        computed_at: context.clock.now().toISOString(),
        ...(reference === undefined ? {} : { reference }),
      });
      if (made === undefined)
        throw new PokewatchError('nothing_to_do', 'there are too few prices in one of the windows', {
          hint: 'Collect for some more days, or choose other windows.',
        });
      found = made;
      context.checkpoint();
      if (window_days === WINDOW_DAYS && reference === undefined) await saveDrift(store, made);
      if (request.out !== undefined) publishFile(request.out, jsonText(made));
      if (request.report !== undefined) publishFile(request.report, driftPage(made));
      const written = [
        ...(request.out === undefined ? [] : [`figures: ${request.out}`]),
        ...(request.report === undefined ? [] : [`report: ${request.report}`]),
      ];
      return { status: 'ok', summary: summaryOf(made), notes: [...driftAdvice(made), ...written] };
    }),
  );
  return { report, drift: report.error === null ? found : undefined };
}

function referenceOf({ from, to }: DriftRequest) {
  if (from === undefined && to === undefined) return undefined;
  if (from === undefined || to === undefined) throw new PokewatchError('bad_usage', '--from and --to belong together');
  const [from_day, to_day] = [dayOption('--from', from), dayOption('--to', to)];
  if (from_day > to_day) throw new PokewatchError('bad_usage', `--from ${from} is after --to ${to}`);
  return { from_day, to_day };
}

function summaryOf({ data, predictions, paused, simulated, model_version }: Drift): string {
  const of = (what: string, { number_of_drifted_columns, number_of_columns }: Drift['data']) =>
    `${number_of_drifted_columns} of ${number_of_columns} columns of ${what}`;
  const parts = [of('prices', data), ...(predictions === null ? [] : [of('predictions', predictions)])].join(' and ');
  return `${simulated ? 'SIMULATED ' : ''}${parts} differ from before (${model_version}); signals ${paused === null ? 'go on' : 'are paused'}`;
}
