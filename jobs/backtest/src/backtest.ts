import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { RunReport } from '@pokewatch/contracts';
import { dayFromEpoch, PokewatchError } from '@pokewatch/core';
import { concatPredictions, type Predictions } from '@pokewatch/fair-value';
import { type JobContext, type JobOutcome, type JobProcess, runJob } from '@pokewatch/job';
import { currentFeatures, type PanelData, publishFile, readPanel } from '@pokewatch/store';
import {
  cutRange,
  evaluateModels,
  type ModelEvaluation,
  perform,
  type Task,
  type WalkRange,
} from '@pokewatch/walk-forward';
import { cutDay, findLeak } from './lookahead.ts';
import { predictionsCsv } from './predictions-csv.ts';
import { type BacktestPlan, type BacktestRequest, planBacktest } from './request.ts';

const THREADS = 2;
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
    const predictions = await walk(panel, plan, context);
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

/** The ranges that are walked in one go each. */
function rangesOf({ from_day, to_day, refit_days }: BacktestPlan): WalkRange[] {
  return cutRange(from_day, to_day, refit_days, THREADS);
}

/** Predictions of the model and of the one it is shown beside, by name. */
async function walk(panel: PanelData, plan: BacktestPlan, context: JobContext): Promise<Record<string, Predictions>> {
  const ranges = rangesOf(plan);
  const task = (forecaster: string, from_day: number, to_day: number): Task => ({
    ...plan,
    kind: 'walk',
    forecaster,
    from_day,
    to_day,
    recalibrate_days: 7,
  });
  const beside = plan.model === COMPARED ? [] : [COMPARED];
  const tasks = [
    ...ranges.map((range) => task(plan.model, range.from_day, range.to_day)),
    ...beside.map((name) => task(name, plan.from_day, plan.to_day)),
  ];
  const onProgress = (done: number, all: number) =>
    context.progress.update(done, all, `walking forward with ${plan.model}`);
  const results = await perform(panel, tasks, { threads: THREADS, signal: context.signal, onProgress });
  context.checkpoint();
  const parts = results.map((result) => result.predictions);
  const rows: Record<string, Predictions> = {
    [plan.model]: concatPredictions(parts.slice(0, ranges.length), plan.horizon_days),
  };
  for (const [i, name] of beside.entries()) rows[name] = parts[ranges.length + i]!;
  return rows;
}

async function guard(panel: PanelData, whole: Predictions, plan: BacktestPlan, context: JobContext): Promise<void> {
  for (const range of rangesOf(plan)) {
    const cut = cutDay(range);
    await context.breathe();
    const leak = findLeak(panel, whole, plan, range, cut);
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
        `no look-ahead: cut off at ${rangesOf(plan)
          .map((range) => dayFromEpoch(cutDay(range)))
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
