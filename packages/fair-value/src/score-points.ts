import { predictPoints, termsOf } from './model.ts';
import type { PointForecaster } from './point-model.ts';
import type { Predictions } from './predictions.ts';
import type { TermStore } from './term-store.ts';

/** Card-days to predict for; `day` holds indices within the panel, in ascending order. The key names them. */
export interface ScoredDays {
  readonly key: string;
  readonly rows: () => { card: Int32Array; day: Int32Array };
}

/**
 * Expected prices of chosen card-days by a fit as of a day, without bands. The store keeps their terms, so that the same
 * card-days cost little more than the fit when they are asked for again with other settings.
 */
export function scorePoints(
  store: TermStore,
  forecaster: { readonly point: PointForecaster },
  as_of_day: number,
  { key, rows }: ScoredDays,
  horizon_days: number,
): Predictions {
  const point = forecaster.point.fit(store, as_of_day, horizon_days);
  const table = store.keep(`score|${forecaster.point.name}|${key}`, termsOf(point), rows);
  return predictPoints(point, store, table, horizon_days);
}
