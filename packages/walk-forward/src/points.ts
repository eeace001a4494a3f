import { ELIGIBLE_PRICE } from '@pokewatch/evaluation';
import {
  concatPredictions,
  dayRows,
  forecasterOf,
  type PointModel,
  type Predictions,
  scorePoints,
  type TermStore,
  type WalkSegment,
  walkPoints,
} from '@pokewatch/fair-value';
import type { PointsTask, TaskResult, TrialTask } from './messages.ts';

/** Expected prices of the days of all segments, and those of the models' parts without listings where they are asked for. */
export function pointsOf(task: PointsTask, terms: TermStore): TaskResult {
  const { point } = forecasterOf(task.forecaster);
  const fitted: PointModel[] = [];
  const fit: typeof point.fit = (...given) => {
    const model = point.fit(...given);
    fitted.push(model);
    return model;
  };
  const predictions = walkPoints(terms, { point: { ...point, fit } }, task.segments, task.horizon_days);
  if (task.without_listings === undefined) return { predictions };
  return { predictions, without_listings: withoutListings(task, fitted, terms) };
}

/** The same fits once more, as they speak where no listing is known. */
function withoutListings(task: PointsTask, fitted: readonly PointModel[], terms: TermStore): Predictions {
  const { from_day, to_day } = task.without_listings!;
  const { point } = forecasterOf(task.forecaster);
  const bare: PointModel[] = [];
  const segments: WalkSegment[] = [];
  for (const [i, segment] of task.segments.entries()) {
    const model = fitted[i]!.withoutListings?.();
    const part = { ...segment, origin: Math.max(from_day, segment.origin), end: Math.min(to_day, segment.end) };
    if (model === undefined || segment.warming || part.origin > part.end) continue;
    bare.push(model);
    segments.push(part);
  }
  let next = 0;
  return walkPoints(terms, { point: { ...point, fit: () => bare[next++]! } }, segments, task.horizon_days);
}

/** Expected prices of the judged card-days of all segments; their terms stay in the store for other settings. */
export function trialPoints({ forecaster, segments, horizon_days }: TrialTask, terms: TermStore): TaskResult {
  const one = forecasterOf(forecaster);
  const parts = segments.map(({ origin, end }) =>
    scorePoints(
      terms,
      one,
      origin,
      { key: `${origin}-${end}`, rows: () => judgedDays(terms, origin, end) },
      horizon_days,
    ),
  );
  return { predictions: concatPredictions(parts, horizon_days) };
}

/** Card-days that would be judged, of the cards that are learned from, in the order of days, then cards. */
function judgedDays(terms: TermStore, from_day: number, to_day: number): { card: Int32Array; day: Int32Array } {
  const { panel } = terms;
  const all = dayRows(terms, from_day, to_day, 'teaching');
  const dear = Array.from(all.card.keys()).filter(
    (row) => panel.market[all.card[row]! * panel.days + all.day[row]!]! >= ELIGIBLE_PRICE,
  );
  if (dear.length === 0) return all;
  return { card: Int32Array.from(dear, (row) => all.card[row]!), day: Int32Array.from(dear, (row) => all.day[row]!) };
}
