import { concatPredictions, type Panel, type Predictions } from '@pokewatch/fair-value';
import type { JobContext } from '@pokewatch/job';
import {
  addBands,
  type Horizons,
  judgedSpan,
  type Pool,
  rowsBetween,
  type TaskResult,
  type Walked,
  type WalkedPoints,
  type WalkPlan,
  walkToPoints,
  withPool,
} from '@pokewatch/walk-forward';
import { type Challenger, type ChallengerFigures, choose, NAIVE, OLDER } from './challengers.ts';
import { horizonsBeside } from './horizons.ts';

const JUDGED_REFIT = { refit_days: 28, recalibrate_days: 14, warm_up_days: 42 };
/** Simpler models, and served days before those that are judged: bands are learned anew seldom. */
const OLDER_REFIT = { refit_days: 28, recalibrate_days: 28, warm_up_days: 42 };
/** Longest history that is served. */
const MOST_SERVED_DAYS = 400;
const THREADS = 2;

/** A model's predictions of past days, each by a model that knew what was known then. */
export interface WalkedModel extends Walked {
  readonly model: string;
}

/**
 * What the candidate is judged on: rows of each model on the same days. `listed` are those of `listed_model`, the candidate
 * or, where that has no part for cards without listings, the default; `unlisted` the same card-days as that part says them.
 */
export interface JudgedDays {
  readonly from_day: number;
  readonly to_day: number;
  readonly rows: Readonly<Record<string, Predictions>>;
  readonly listed_model: string;
  readonly listed: Predictions;
  readonly unlisted: Predictions;
}

/** All that is published of a model, and what it is judged on. Days are epoch days. */
export interface Computed {
  readonly candidate: Challenger;
  /** The other models beside the first. */
  readonly compared: readonly ChallengerFigures[];
  /** Walks over days that do not overlap, oldest first. */
  readonly walked: readonly WalkedModel[];
  /** The newest prediction of each card, by a model fitted on everything. */
  readonly latest: TaskResult;
  /** The same at other horizons; undefined for "no change". */
  readonly horizons: Horizons | undefined;
  /** Undefined when no outcome is known yet. */
  readonly judged: JudgedDays | undefined;
}

interface Done {
  readonly challenger: Challenger;
  readonly points: WalkedPoints;
  readonly walked: Walked;
}

/**
 * Walks all challengers over the judged days in worker threads, chooses the candidate, and predicts the served history and
 * today. The first challenger is the default; the one that speaks for older days must be among them.
 */
export function compute(
  panel: Panel,
  challengers: readonly Challenger[],
  horizon_days: number,
  context: JobContext,
): Promise<Computed> {
  const last_day = panel.first_day + panel.days - 1;
  const first_day = Math.max(panel.first_day, last_day - MOST_SERVED_DAYS + 1);
  const { from_day, to_day } = judgedSpan(first_day, last_day, horizon_days);
  const older = challengers.some(({ name }) => name === OLDER) ? OLDER : NAIVE.name;
  const plan = ({ name, spec }: Challenger): WalkPlan => ({
    forecaster: spec,
    from_day: name === older ? first_day : from_day,
    to_day: last_day,
    horizon_days,
    ...(spec.name === 'curves' ? { ...JUDGED_REFIT, without_listings: { from_day, to_day } } : OLDER_REFIT),
  });
  const onProgress = (done: number, asked: number) =>
    context.progress.update(done, asked, `predicting with ${challengers.map(({ name }) => name).join(', ')}`);
  return withPool(panel, { threads: THREADS, signal: context.signal, onProgress }, async (pool) => {
    const [first, ...others] = challengers as [Challenger, ...Challenger[]];
    // The default goes first: its last two tasks are long, and small ones fill the gaps beside them.
    const fitted = walkToPoints(pool, plan(first));
    const beside = Promise.all(
      others.map(async (challenger): Promise<Done> => {
        const points = await walkToPoints(pool, plan(challenger));
        return { challenger, points, walked: await addBands(pool, points) };
      }),
    );
    const own = fitted.then((points) =>
      Promise.all([newest(pool, first, points), addBands(pool, points, 'next'), points] as const),
    );
    const [[latest, walked, points], rest] = await Promise.all([own, beside]);
    const all: Done[] = [{ challenger: first, points, walked }, ...rest];
    const rows = Object.fromEntries(
      all.map((one) => [one.challenger.name, rowsBetween(one.walked.predictions, from_day, to_day)]),
    );
    const known = rows[first.name]!.rows > 0;
    const { candidate, compared } = choose(panel, challengers, known ? rows : undefined);
    const chosen = all.find(({ challenger }) => challenger.name === candidate.name)!;
    const said = candidate === first ? latest : await newest(pool, candidate, chosen.points);
    return {
      candidate,
      compared,
      walked: served(all.find(({ challenger }) => challenger.name === older)!, chosen, from_day),
      latest: said,
      horizons: await horizonsBeside(pool, candidate, chosen.points, said.predictions),
      judged: known ? { from_day, to_day, rows, ...withAndWithout([chosen, ...all], rows) } : undefined,
    };
  });
}

/** The first of some models that has a part for cards without listings: with it and without. */
function withAndWithout(
  models: readonly Done[],
  rows: JudgedDays['rows'],
): Pick<JudgedDays, 'listed_model' | 'listed' | 'unlisted'> {
  const one = models.find(({ points }) => points.without_listings.rows > 0) ?? models[0]!;
  const { name } = one.challenger;
  return { listed_model: name, listed: rows[name]!, unlisted: one.points.without_listings };
}

/** The newest prediction of every card by a challenger fitted on everything. */
function newest(pool: Pool, { spec }: Challenger, points: WalkedPoints): Promise<TaskResult> {
  const history = concatPredictions(points.parts, points.plan.horizon_days);
  const { horizon_days } = points.plan;
  return pool.run({ kind: 'latest', forecaster: spec, horizon_days, history }, 'next');
}

/** Predictions of past days: by the older model up to `from_day`, by the chosen one from then on. */
function served(older: Done, chosen: Done, from_day: number): WalkedModel[] {
  if (older === chosen) return [{ model: older.challenger.name, ...older.walked }];
  const before = rowsBetween(older.walked.predictions, 0, from_day - 1);
  return [
    { model: older.challenger.name, ...older.walked, predictions: before },
    { model: chosen.challenger.name, ...chosen.walked },
  ];
}
