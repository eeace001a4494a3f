import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { RunReport } from '@pokewatch/contracts';
import { dayFromEpoch, PokewatchError } from '@pokewatch/core';
import type { Predictions } from '@pokewatch/fair-value';
import { type JobContext, type JobOutcome, type JobProcess, runJob } from '@pokewatch/job';
import { currentFeatures, type PanelData, publishFile, readPanel } from '@pokewatch/store';
import { evaluateModels, type ModelEvaluation, walk, withPool } from '@pokewatch/walk-forward';
import { cutDays, findLeak } from './lookahead.ts';
import { predictionsCsv } from './predictions-csv.ts';
import { type BacktestPlan, type BacktestRequest, planBacktest } from './request.ts';

const THREADS = 2;
const RECALIBRATE_DAYS = 7;
const COMPARED = 'mean3';

/** A backtest's run report and, when it ended well, its figures. */
export interface Backtest {
  readonly report: RunReport;
  readonly evaluation: ModelEvaluation | undefined;
}

/**
 * Walks forward over the current features: every fair price by a model fitted only on what was known that day. Writes
 * the predictions as CSV where asked, and nothing into the data folder but a run report.
 */
export async function backtest(given: JobProcess, request: BacktestRequest): Promise<Backtest> {
  let evaluation: ModelEvaluation | undefined;
  const options = {
    job: 'backtest' as const,
    root: given.settings.POKEWATCH_DATA,
    owns: [],
    limit_ms: given.settings.POKEWATCH_JOB_LIMIT_MS,
    ...given,
  };
  const report = await runJob(options, async (context) => {
    const features = currentFeatures(context.root);
    if (features === undefined)
      throw new PokewatchError('nothing_to_do', 'there are no features to walk over', {
        hint: 'Run `pokewatch preprocess` first.',
      });
    const plan = planBacktest(request, features, given.settings.POKEWATCH_HORIZON_DAYS);
    checkOutput(request.predictions);
    const panel = await readPanel(context.root, features);
    const predictions = await walkAll(panel, plan, context);
    if (request.check_lookahead) await guard(panel, predictions[plan.model]!, plan, context);
    evaluation = evaluateModels({
      panel,
      candidate: plan.model,
      from: dayFromEpoch(plan.from_day),
      to: dayFromEpoch(plan.to_day),
      rows: predictions,
    });
    if (request.predictions !== undefined)
      publishFile(request.predictions, predictionsCsv(panel, predictions[plan.model]!));
    return outcome(predictions[plan.model]!, plan, request, features.simulated);
  });
  return { report, evaluation };
}

/** Predictions of the model and of the one it is shown beside, by name. */
function walkAll(panel: PanelData, plan: BacktestPlan, context: JobContext): Promise<Record<string, Predictions>> {
  const names = [...new Set([plan.model, COMPARED])];
  const onProgress = (done: number, asked: number) =>
    context.progress.update(done, asked, `walking forward with ${plan.model}`);
  return withPool(panel, { threads: THREADS, signal: context.signal, onProgress }, async (pool) => {
    const walked = await Promise.all(
      names.map((forecaster) => walk(pool, { ...plan, forecaster, recalibrate_days: RECALIBRATE_DAYS })),
    );
    return Object.fromEntries(names.map((name, i) => [name, walked[i]!.predictions]));
  });
}

async function guard(panel: PanelData, whole: Predictions, plan: BacktestPlan, context: JobContext): Promise<void> {
  for (const cut of cutDays(plan)) {
    await context.breathe();
    const leak = findLeak(panel, whole, plan, cut);
    if (leak === undefined) continue;
    const card = panel.cards[leak.card]?.card_id ?? 'the number of rows';
    throw new PokewatchError(
      'bad_data_file',
      `look-ahead: ${leak.column} of ${card} on ${dayFromEpoch(leak.day)} is ${leak.whole}, but ${leak.cut} when the data end on ${dayFromEpoch(cut)}`,
      {
        hint: 'A term, a label or a flag uses days that were not known yet; this backtest cannot be trusted.',
      },
    );
  }
}

function outcome(rows: Predictions, plan: BacktestPlan, request: BacktestRequest, simulated: boolean): JobOutcome {
  const guarded = request.check_lookahead
    ? [
        `no look-ahead: cut off at ${cutDays(plan)
          .map(dayFromEpoch)
          .join(' and ')}, every figure is the same to the bit`,
      ]
    : [];
  const written = request.predictions === undefined ? [] : [`predictions: ${request.predictions}`];
  return {
    status: 'ok',
    summary: `${rows.rows} ${simulated ? 'SIMULATED ' : ''}card-days from ${dayFromEpoch(plan.from_day)} to ${dayFromEpoch(plan.to_day)} with ${plan.model}, ${plan.horizon_days} days ahead`,
    counts: { rows: rows.rows },
    notes: [...guarded, ...written],
  };
}

/** A missing folder is found before the work, not after it. */
function checkOutput(path: string | undefined): void {
  if (path === undefined || existsSync(dirname(resolve(path)))) return;
  throw new PokewatchError('bad_usage', `there is no folder ${dirname(resolve(path))} for --predictions`, {
    hint: 'Make the folder first.',
  });
}
