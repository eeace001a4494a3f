import type { RunReport } from '@pokewatch/contracts';
import { dayFromEpoch, PokewatchError } from '@pokewatch/core';
import type { ForecasterName, Panel, Predictions } from '@pokewatch/fair-value';
import { type JobContext, type JobOutcome, type JobProcess, runJob } from '@pokewatch/job';
import {
  type DataStore,
  fetchCurrentFeatures,
  fetchPanel,
  type PanelData,
  publishFile,
  withStore,
} from '@pokewatch/store';
import { evaluateModels, type ModelEvaluation, type Pool, walk, withPool } from '@pokewatch/walk-forward';
import { backtestFigures, horizonFigures } from './figures/figures.ts';
import { subjectOf } from './figures/subject.ts';
import type { Found } from './found.ts';
import { cutDays, findLeak, lookaheadError } from './lookahead.ts';
import { checkOutputFiles } from './output-files.ts';
import { predictionsCsv } from './predictions-csv.ts';
import { reportPage } from './report/page.ts';
import { type BacktestPlan, type BacktestRequest, planBacktest } from './request.ts';

const THREADS = 2;
const RECALIBRATE_DAYS = 7;
const COMPARED = 'mean3';

/** A backtest's run report and, when it ended well, its figures. */
export interface Backtest {
  readonly report: RunReport;
  readonly found: Found | undefined;
}

/**
 * Walks forward over the current features: every fair price by a model fitted only on what was known that day. Writes
 * the report and the predictions where asked, and nothing into the data folder but a run report.
 */
export function backtest(given: JobProcess, request: BacktestRequest): Promise<Backtest> {
  return withStore(given.settings, (store) => backtestIn(store, given, request));
}

async function backtestIn(store: DataStore, given: JobProcess, request: BacktestRequest): Promise<Backtest> {
  const { settings } = given;
  let found: Found | undefined;
  const options = {
    job: 'backtest' as const,
    store,
    owns: [],
    limit_ms: settings.POKEWATCH_JOB_LIMIT_MS,
    ...given,
  };
  const report = await runJob(options, async (context) => {
    const features = await fetchCurrentFeatures(store);
    if (features === undefined)
      throw new PokewatchError('nothing_to_do', 'there are no features to walk over', {
        hint: 'Run `pokewatch preprocess` first.',
      });
    const plan = planBacktest(request, features, settings.POKEWATCH_HORIZON_DAYS);
    checkOutputFiles(request);
    context.progress.update(0, 1, 'reading the prices');
    const panel = await fetchPanel(store, features);
    const thresholds = {
      buy_threshold_pct: settings.POKEWATCH_BUY_THRESHOLD_PCT,
      sell_threshold_pct: settings.POKEWATCH_SELL_THRESHOLD_PCT,
    };
    const { rows, others } = await walkAll(panel, plan, context);
    const own = rows[plan.model]!;
    if (request.check_lookahead) await guard(panel, own, plan, context);
    context.progress.update(1, 1, 'judging what came of it');
    await context.breathe();
    const range = { from: dayFromEpoch(plan.from_day), to: dayFromEpoch(plan.to_day) };
    const evaluation = evaluateModels({ panel, candidate: plan.model, ...range, rows });
    await context.breathe();
    const judged = subjectOf(panel, own, thresholds);
    await context.breathe();
    const horizons = [ownHorizon(evaluation, plan), ...others.map((one) => horizonFigures(panel, one))];
    const figures = backtestFigures(judged, plan, features, horizons);
    found = { evaluation, figures };
    await context.breathe();
    if (request.predictions !== undefined) publishFile(request.predictions, predictionsCsv(panel, own));
    if (request.report !== undefined) publishFile(request.report, reportPage(found));
    return outcome(own, plan, request, features.simulated);
  });
  return { report, found: report.error === null ? found : undefined };
}

/** The horizon that was asked for beside the others; its figures are those of the evaluation. */
function ownHorizon({ models, horizon_days }: ModelEvaluation, { model }: BacktestPlan) {
  const figures = models[model]!;
  return { horizon_days, n: figures.mape?.n ?? 0, figures, naive: models.naive! };
}

/** Predictions of the model and of the one it is shown beside, by name, and the model's at other horizons. */
function walkAll(panel: PanelData, plan: BacktestPlan, context: JobContext) {
  const names = [...new Set<ForecasterName>([plan.model, COMPARED])];
  return inPool(panel, context, `walking forward with ${plan.model}`, async (pool) => {
    const walked = await Promise.all(names.map((name) => walkIn(pool, { ...plan, model: name })));
    const others: Predictions[] = [];
    // One after the other: each needs as much memory as the first.
    for (const horizon_days of plan.other_horizons) others.push(await walkIn(pool, { ...plan, horizon_days }));
    return { rows: Object.fromEntries(names.map((name, i) => [name, walked[i]!])), others };
  });
}

async function guard(panel: PanelData, whole: Predictions, plan: BacktestPlan, context: JobContext): Promise<void> {
  for (const cut_day of cutDays(plan)) {
    const label = `once more, knowing nothing after ${dayFromEpoch(cut_day)}`;
    const leak = await findLeak(panel, whole, plan, cut_day, (ending, range) =>
      inPool(ending, context, label, (pool) => walkIn(pool, { ...plan, ...range })),
    );
    if (leak !== undefined) throw lookaheadError(panel, leak, cut_day);
  }
}

function inPool<T>(panel: Panel, context: JobContext, label: string, work: (pool: Pool) => Promise<T>): Promise<T> {
  const onProgress = (done: number, asked: number) => context.progress.update(done, asked, label);
  return withPool(panel, { threads: THREADS, signal: context.signal, onProgress }, work);
}

async function walkIn(pool: Pool, { model, ...plan }: BacktestPlan): Promise<Predictions> {
  const walked = await walk(pool, { ...plan, forecaster: { name: model }, recalibrate_days: RECALIBRATE_DAYS });
  return walked.predictions;
}

function outcome(rows: Predictions, plan: BacktestPlan, request: BacktestRequest, simulated: boolean): JobOutcome {
  const guarded = request.check_lookahead
    ? [
        `no look-ahead: cut off at ${cutDays(plan)
          .map(dayFromEpoch)
          .join(' and ')}, every figure is the same to the bit`,
      ]
    : [];
  const written = [
    ...(request.report === undefined ? [] : [`report: ${request.report}`]),
    ...(request.predictions === undefined ? [] : [`predictions: ${request.predictions}`]),
  ];
  return {
    status: 'ok',
    summary: `${rows.rows} ${simulated ? 'SIMULATED ' : ''}card-days from ${dayFromEpoch(plan.from_day)} to ${dayFromEpoch(plan.to_day)} with ${plan.model}, ${plan.horizon_days} days ahead`,
    counts: { rows: rows.rows },
    notes: [...guarded, ...written],
  };
}
