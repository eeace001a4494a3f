import { concatPredictions, type Panel, type Predictions } from '@pokewatch/fair-value';
import type { JobContext } from '@pokewatch/job';
import {
  addBands,
  rowsBetween,
  type TaskResult,
  type Walked,
  type WalkPlan,
  walk,
  walkToPoints,
  withPool,
} from '@pokewatch/walk-forward';

/** Origins that are judged: the last so many days whose outcome is known. */
const JUDGED_DAYS = 70;
const JUDGED_REFIT = { refit_days: 28, recalibrate_days: 14, warm_up_days: 42 };
/** Served days before those: a model that is quick to fit, refitted monthly. Its name stands in each answer. */
const OLDER_MODEL = 'ridge';
const OLDER_REFIT = { refit_days: 28, recalibrate_days: 56, warm_up_days: 42 };
/** Longest history that is served. */
const MOST_SERVED_DAYS = 400;
const THREADS = 2;

/** Models that the candidate is shown beside. */
const COMPARED = ['mean3'] as const;

/** A model's predictions of past days, each by a model that knew what was known then. */
export interface WalkedModel extends Walked {
  readonly model: string;
}

/** All that is published of a model, and what it is judged on. Days are epoch days. */
export interface Computed {
  /** Walks over days that do not overlap, oldest first. */
  readonly walked: readonly WalkedModel[];
  /** The newest prediction of each card, by a model fitted on everything. */
  readonly latest: TaskResult;
  /** Rows of each model on the judged days; undefined when no outcome is known yet. */
  readonly judged:
    | { readonly from_day: number; readonly to_day: number; readonly rows: Readonly<Record<string, Predictions>> }
    | undefined;
}

/** Walks over the served history and predicts today, in worker threads. */
export function compute(panel: Panel, candidate: string, horizon_days: number, context: JobContext): Promise<Computed> {
  const last_day = panel.first_day + panel.days - 1;
  const first_day = Math.max(panel.first_day, last_day - MOST_SERVED_DAYS + 1);
  const to_day = last_day - horizon_days;
  const from_day = Math.max(first_day, to_day - JUDGED_DAYS + 1);
  const older = candidate === 'naive' ? 'naive' : OLDER_MODEL;
  const compared = to_day >= from_day && candidate !== 'naive' ? COMPARED : [];
  const plan = (forecaster: string, from: number, to: number, refit: typeof JUDGED_REFIT): WalkPlan => ({
    forecaster,
    from_day: from,
    to_day: to,
    horizon_days,
    ...refit,
  });
  const onProgress = (done: number, asked: number) =>
    context.progress.update(done, asked, `predicting with ${candidate}`);
  return withPool(panel, { threads: THREADS, signal: context.signal, onProgress }, async (pool) => {
    // The candidate goes first: its last two tasks are long, and small ones fill the gaps beside them.
    const fitted = walkToPoints(pool, plan(candidate, from_day, last_day, JUDGED_REFIT));
    const others = Promise.all([
      walk(pool, plan(older, first_day, from_day - 1, OLDER_REFIT)),
      ...compared.map((name) => walk(pool, plan(name, from_day, to_day, OLDER_REFIT))),
    ]);
    const own = fitted.then((points) => {
      const history = concatPredictions(points.parts, horizon_days);
      return Promise.all([
        pool.run({ kind: 'latest', forecaster: candidate, horizon_days, history }, 'next'),
        addBands(pool, points, 'next'),
      ]);
    });
    const [[latest, walked], [before, ...beside]] = await Promise.all([own, others]);
    const rows: Record<string, Predictions> = { [candidate]: rowsBetween(walked.predictions, from_day, to_day) };
    for (const [i, name] of compared.entries()) rows[name] = beside[i]!.predictions;
    return {
      walked: [
        { model: older, ...before! },
        { model: candidate, ...walked },
      ],
      latest,
      judged: rows[candidate]!.rows === 0 ? undefined : { from_day, to_day, rows },
    };
  });
}
