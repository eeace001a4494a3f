import { concatPredictions, type Panel, type Predictions } from '@pokewatch/fair-value';
import type { JobContext } from '@pokewatch/job';
import { cutRange, perform, rowsBetween, type Task, type TaskResult } from '@pokewatch/walk-forward';

/** Origins that are judged: the last so many days whose outcome is known. */
const JUDGED_DAYS = 90;
/** Served days before those are predicted by models refitted this often; the judged ones every `REFIT`. */
const OLD_REFIT = { refit_days: 28, recalibrate_days: 28 };
const REFIT = { refit_days: 14, recalibrate_days: 7 };
/** Longest history that is served. */
const MOST_SERVED_DAYS = 400;
const THREADS = 2;

/** Models that the candidate is shown beside. */
const COMPARED = ['mean3'] as const;

/** All predictions of a model, and those of others on the judged days. Days are epoch days. */
export interface Computed {
  readonly walked: Predictions;
  /** The day up to which the model behind a walked row had been fitted. */
  readonly walkedAsOf: (row: number) => number;
  readonly latest: TaskResult;
  /** Rows of each model on the judged days; undefined when no outcome is known yet. */
  readonly judged:
    | { readonly from_day: number; readonly to_day: number; readonly rows: Readonly<Record<string, Predictions>> }
    | undefined;
}

/** Walks the candidate over the served history, and the compared models over the judged days, in worker threads. */
export async function compute(
  panel: Panel,
  candidate: string,
  horizon_days: number,
  context: JobContext,
): Promise<Computed> {
  const last_day = panel.first_day + panel.days - 1;
  const first_day = Math.max(panel.first_day, last_day - MOST_SERVED_DAYS + 1);
  const judged_to = last_day - horizon_days;
  const judged_from = Math.max(first_day, judged_to - JUDGED_DAYS + 1);
  const old =
    judged_from > first_day
      ? cutRange(first_day, judged_from - 1, OLD_REFIT.refit_days, THREADS).map((range) => ({
          ...range,
          ...OLD_REFIT,
        }))
      : [];
  const recent = cutRange(judged_from, last_day, REFIT.refit_days, THREADS).map((range) => ({
    ...range,
    ...REFIT,
  }));
  const ranges = [...recent, ...old];
  const compared = judged_to >= judged_from && candidate !== 'naive' ? COMPARED : [];
  const tasks: Task[] = [
    ...ranges.map((range): Task => ({ kind: 'walk', forecaster: candidate, horizon_days, ...range })),
    { kind: 'latest', forecaster: candidate, horizon_days },
    ...compared.map(
      (forecaster): Task => ({
        kind: 'walk',
        forecaster,
        horizon_days,
        from_day: judged_from,
        to_day: judged_to,
        ...OLD_REFIT,
      }),
    ),
  ];
  const results = await perform(panel, tasks, {
    threads: THREADS,
    signal: context.signal,
    onProgress: (done, all) => context.progress.update(done, all, `predicting with ${candidate}`),
  });
  context.checkpoint();
  const walked = concatPredictions(
    results.slice(0, ranges.length).map((result) => result.predictions),
    horizon_days,
  );
  const walkedAsOf = (row: number) => {
    const day = walked.day[row]!;
    const range = ranges.find((one) => day >= one.from_day && day <= one.to_day)!;
    return range.from_day + Math.floor((day - range.from_day) / range.refit_days) * range.refit_days;
  };
  const rows: Record<string, Predictions> = { [candidate]: rowsBetween(walked, judged_from, judged_to) };
  for (const [i, name] of compared.entries()) rows[name] = results[ranges.length + 1 + i]!.predictions;
  const judged = rows[candidate]!.rows === 0 ? undefined : { from_day: judged_from, to_day: judged_to, rows };
  return { walked, walkedAsOf, latest: results[ranges.length]!, judged };
}
