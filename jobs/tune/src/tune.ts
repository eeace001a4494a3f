import type { FeatureManifest, RunReport, Trial, TuningResult } from '@pokewatch/contracts';
import { CODE_VERSION, dayFromEpoch, PokewatchError } from '@pokewatch/core';
import { CURVES_DEFAULTS, type Panel } from '@pokewatch/fair-value';
import { type JobContext, type JobOutcome, type JobProcess, runJob } from '@pokewatch/job';
import {
  appendTrial,
  type DataStore,
  fetchCurrentFeatures,
  fetchPanel,
  layout,
  publishTuningResult,
  readTrials,
  withStore,
} from '@pokewatch/store';
import { type Pool, withPool } from '@pokewatch/walk-forward';
import { knownPanel, panelHash } from './known-panel.ts';
import { completeRequest, type TuneRequest } from './request.ts';
import { SEARCH_FORMAT, settingsOf } from './search-space.ts';
import { runTrial, windowRows } from './trial.ts';
import { bestTrial, compareWithDefaults } from './verdict.ts';
import { planTuning, type TunePlan } from './windows.ts';

const THREADS = 2;

/** A search's run report and, when it ended well, what it found. */
export interface Tuning {
  readonly report: RunReport;
  readonly result: TuningResult | undefined;
}

/**
 * Searches settings of the model `curves` on windows that all lie before the days that `train` judges models on. Each trial
 * is added to `tuning/<id>/trials.jsonl` when it is done; a search that was stopped goes on there, and one with more trials
 * adds to it. Same prices up to the cut, same seed: same log, to the byte.
 */
export async function tune(given: JobProcess, asked: Partial<TuneRequest>): Promise<Tuning> {
  const request = completeRequest(asked);
  return withStore(given.settings, (store) => tuneIn(store, given, request));
}

async function tuneIn(store: DataStore, given: JobProcess, request: TuneRequest): Promise<Tuning> {
  let result: TuningResult | undefined;
  const limit_ms = given.settings.POKEWATCH_JOB_LIMIT_MS + request.minutes * 60_000;
  const options = { job: 'tune' as const, store, owns: [layout.tuning(store.root)], limit_ms, ...given };
  const report = await runJob(options, async (context) => {
    const features = await fetchCurrentFeatures(store);
    if (features === undefined)
      throw new PokewatchError('nothing_to_do', 'there are no features to search on', {
        hint: 'Run `pokewatch preprocess` first.',
      });
    const horizon_days = given.settings.POKEWATCH_HORIZON_DAYS;
    const plan = planTuning(features, request, horizon_days);
    // Whatever follows sees this panel only: it ends before the days that models are judged on.
    const panel = knownPanel(await fetchPanel(store, features), plan.cut_day);
    const search = {
      features,
      plan,
      panel,
      horizon_days,
      request,
      id: searchId(features, plan, panel, given, request),
    };
    result = await run(context, search);
    publishTuningResult(store.root, result);
    await store.publish(layout.tuningFile(store.root, result.id, 'result.json'));
    return outcome(context, result);
  });
  return { report, result };
}

interface Search {
  readonly id: string;
  readonly features: FeatureManifest;
  readonly plan: TunePlan;
  readonly panel: Panel;
  readonly horizon_days: number;
  readonly request: TuneRequest;
}

/** A search is named by all that its log depends on; how long it goes on is no part of it. */
function searchId(
  { source }: FeatureManifest,
  plan: TunePlan,
  panel: Panel,
  { settings }: JobProcess,
  { seed }: TuneRequest,
): string {
  const facts = [SEARCH_FORMAT, CODE_VERSION, source, settings.POKEWATCH_HORIZON_DAYS, plan, seed, CURVES_DEFAULTS];
  return panelHash(panel, facts).slice(0, 10);
}

async function run(context: JobContext, search: Search): Promise<TuningResult> {
  const { id, plan, panel, horizon_days, request } = search;
  const began = performance.now();
  const { store } = context;
  const files = (['trials.jsonl', 'times.jsonl'] as const).map((name) => layout.tuningFile(store.root, id, name));
  await store.fetch(...files, layout.tuningFile(store.root, id, 'result.json'));
  const trials = readTrials(store.root, id);
  const isTime = () => performance.now() - began < request.minutes * 60_000;
  return withPool(panel, { threads: THREADS, signal: context.signal }, async (pool) => {
    for (let trial = trials.length; trial < request.trials && (trials.length === 0 || isTime()); trial++) {
      context.progress.update(trial, request.trials, `trial ${trial} of search ${id}`);
      const started = performance.now();
      const settings = settingsOf(request.seed, trial);
      const done = await runTrial(trial, settings, plan.windows.length, trials, (window) =>
        windowRows(pool, settings, plan.windows[window]!, horizon_days),
      );
      context.checkpoint();
      appendTrial(store.root, id, done, Math.round(performance.now() - started));
      await store.publish(...files);
      trials.push(done);
    }
    return resultOf(pool, search, trials);
  });
}

async function resultOf(pool: Pool, search: Search, trials: readonly Trial[]): Promise<TuningResult> {
  const { id, plan, panel, horizon_days, features, request } = search;
  const [defaults, best] = [trials[0]!, bestTrial(trials)];
  const rowsOf = async ({ settings }: Trial) => {
    const rows = [];
    for (const window of plan.windows) rows.push(await windowRows(pool, settings, window, horizon_days));
    return rows;
  };
  const of_defaults = await rowsOf(defaults);
  const of_best = best === defaults ? of_defaults : await rowsOf(best);
  return {
    kind: 'tuning',
    id,
    format: SEARCH_FORMAT,
    code_version: CODE_VERSION,
    source: features.source,
    horizon_days,
    seed: request.seed,
    first_date: dayFromEpoch(panel.first_day),
    cut_date: dayFromEpoch(plan.cut_day),
    windows: plan.windows.map(({ from_day, to_day }) => ({ from: dayFromEpoch(from_day), to: dayFromEpoch(to_day) })),
    trials: trials.length,
    default_trial: defaults,
    best_trial: best,
    ...compareWithDefaults(of_best, of_defaults, horizon_days),
  };
}

function outcome({ root }: JobContext, { id, trials, best_trial, reason }: TuningResult): JobOutcome {
  return {
    status: 'ok',
    summary: `search ${id}, ${trials} trials, best is trial ${best_trial.trial}: ${reason}`,
    counts: { trials },
    notes: [`trials: ${layout.tuningFile(root, id, 'trials.jsonl')}`],
  };
}
