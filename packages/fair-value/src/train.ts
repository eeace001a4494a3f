import { type CalibrationState, defaultCalibration, fitCalibration } from './calibration/calibration.ts';
import { SCALE_TERMS } from './calibration/scale.ts';
import { dayRows, knownLabels } from './fit-rows.ts';
import type { FittedModel, Forecaster } from './forecaster.ts';
import { fittedModel, predictPoints } from './model.ts';
import type { PointForecaster } from './point-model.ts';
import { concatPredictions, type Predictions } from './predictions.ts';
import { TermStore, type TermTable } from './term-store.ts';

/** Without a history of predictions, `fit` makes one from this many earlier fits, this many days apart. */
const HISTORY_FITS = 3;
const HISTORY_STEP_DAYS = 28;

/** Earlier predictions by fits on what was known then, up to `as_of_day`, for bands and chances to learn from. */
function makeHistory(
  forecaster: PointForecaster,
  store: TermStore,
  as_of_day: number,
  horizon_days: number,
): Predictions {
  const { panel } = store;
  const parts: Predictions[] = [];
  const last = as_of_day - horizon_days;
  for (let i = HISTORY_FITS; i >= 1; i--) {
    const from = last - i * HISTORY_STEP_DAYS + 1;
    if (from <= panel.first_day + horizon_days) continue;
    const point = forecaster.fit(store, from, horizon_days);
    const { card, day } = dayRows(store, from, from + HISTORY_STEP_DAYS - 1, 'teaching');
    parts.push(predictPoints(point, store, store.table(card, day, point.terms), horizon_days));
  }
  return concatPredictions(parts, horizon_days);
}

/** What is known on `as_of_day` of the errors of earlier predictions. */
export function calibrate(store: TermStore, history: Predictions, as_of_day: number): CalibrationState {
  if (history.rows === 0) return defaultCalibration(history.horizon_days);
  const day = history.day.map((value) => value - store.panel.first_day);
  return calibrateRows(store, history, store.table(history.card, day, SCALE_TERMS), as_of_day);
}

/** The same, with the terms of the history's rows at hand. */
export function calibrateRows(
  store: TermStore,
  history: Predictions,
  table: TermTable,
  as_of_day: number,
): CalibrationState {
  const label = knownLabels(store, table, history.horizon_days, as_of_day);
  return fitCalibration(history, table, label, as_of_day);
}

/** A forecaster whose fits carry bands and chances, from one that expects returns only. */
export function withCalibration(forecaster: PointForecaster): Forecaster & { readonly point: PointForecaster } {
  return {
    name: forecaster.name,
    point: forecaster,
    fit: (panel, { as_of_day, horizon_days, history, terms = new TermStore(panel) }): FittedModel => {
      const point = forecaster.fit(terms, as_of_day, horizon_days);
      const known = history ?? makeHistory(forecaster, terms, as_of_day, horizon_days);
      const calibration = calibrate(terms, known, as_of_day);
      return fittedModel({ name: forecaster.name, as_of_day, horizon_days, point, calibration });
    },
  };
}
