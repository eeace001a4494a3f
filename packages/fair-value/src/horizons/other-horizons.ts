import { applyCalibration, type CalibrationState } from '../calibration/calibration.ts';
import { ERROR_STRIDE_DAYS } from '../calibration/known-errors.ts';
import { dayRows } from '../fit-rows.ts';
import type { FittedModelJSON } from '../forecaster.ts';
import { forecasterNamed } from '../forecasters.ts';
import { predictPoints, termsOf } from '../model.ts';
import { lastDay } from '../panel.ts';
import type { PointForecaster } from '../point-model.ts';
import { concatPredictions, type Predictions } from '../predictions.ts';
import { sliceTable, type TermStore } from '../term-store.ts';
import { calibrate } from '../train.ts';
import { nestBands } from './nest-bands.ts';
import { putOnPath } from './put-on-path.ts';

/** Horizons that every answer speaks of, beside the one that was asked for. */
const HORIZONS = [7, 14, 30];

/** Bands of another horizon are learned from errors of so many days. */
const HISTORY_DAYS = 120;

/** Days between the fits whose errors these are. */
const REFIT_DAYS = 28;

/** A forecaster's point model of another horizon, fitted on everything, and its expected prices of earlier days. */
export interface HorizonFit {
  readonly horizon_days: number;
  readonly state: unknown;
  readonly history: Predictions;
}

/** The horizons to predict for beside that of the anchor, ascending. */
export function otherHorizons(anchor_days: number): number[] {
  return HORIZONS.filter((horizon_days) => horizon_days !== anchor_days);
}

/**
 * Fits a forecaster for another horizon on everything, and before on what was known on some earlier days: expected prices
 * of every third day from then on, not before `from_day`. Their card-days are the same for all horizons of a panel.
 */
export function fitHorizon(
  store: TermStore,
  forecaster: { readonly point: PointForecaster },
  { horizon_days, from_day }: { readonly horizon_days: number; readonly from_day: number },
): HorizonFit {
  const { point } = forecaster;
  const last = lastDay(store.panel);
  const fitted = point.fit(store, last, horizon_days);
  const start = Math.max(from_day, store.panel.first_day + 1, last - Math.max(...HORIZONS) - HISTORY_DAYS + 1);
  const rows = teachingRows(store, start, last - Math.min(...HORIZONS));
  const table = store.table(rows.card, rows.day, termsOf(fitted));
  const parts: Predictions[] = [];
  for (let row = 0; row < table.rows; ) {
    const origin = start + REFIT_DAYS * Math.floor((store.panel.first_day + table.day[row]! - start) / REFIT_DAYS);
    const end = table.day.findIndex((day) => store.panel.first_day + day >= origin + REFIT_DAYS);
    const part = sliceTable(table, row, end < 0 ? table.rows : end);
    parts.push(predictPoints(point.fit(store, origin, horizon_days), store, part, horizon_days));
    row += part.rows;
  }
  return { horizon_days, state: fitted.toJSON(), history: concatPredictions(parts, horizon_days) };
}

/** Card-days that bands are learned from. */
function teachingRows(store: TermStore, from_day: number, to_day: number): { card: Int32Array; day: Int32Array } {
  const { card, day } = dayRows(store, from_day, to_day, 'teaching');
  const taught = (_: number, row: number) => (store.panel.first_day + day[row]!) % ERROR_STRIDE_DAYS === 0;
  return { card: card.filter(taught), day: day.filter(taught) };
}

/**
 * Whole models of other horizons from their fits: bands and chances are learned from the errors of their histories, once
 * these are put on the path through `anchor`, the anchor's expected prices of the same card-days (`rowsAlso`).
 */
export function horizonModels(
  store: TermStore,
  name: string,
  anchor: Predictions,
  fits: readonly HorizonFit[],
): FittedModelJSON[] {
  const as_of_day = lastDay(store.panel);
  const histories = putOnPath(
    anchor,
    fits.map(({ history }) => history),
  );
  return fits.map(({ horizon_days, state }, k) => {
    const calibration = calibrate(store, histories[k]!, as_of_day);
    return { format: 1, name, as_of_day, horizon_days, state, calibration };
  });
}

/**
 * Predictions of other horizons, by models that `horizonModels` made, for the card-days of the anchor's predictions: on one
 * smooth path through its fair prices, with bands that do not contradict its own.
 */
export function predictHorizons(
  store: TermStore,
  models: readonly FittedModelJSON[],
  anchor: Predictions,
): Predictions[] {
  const day = anchor.day.map((value) => value - store.panel.first_day);
  const points = models.map(({ name, state }) => forecasterNamed(name).point.fromJSON(state));
  const table = store.table(anchor.card, day, [...new Set(points.flatMap(termsOf))]);
  const apart = points.map((point, k) => predictPoints(point, store, table, models[k]!.horizon_days));
  const predictions = putOnPath(anchor, apart);
  for (const [k, one] of predictions.entries())
    applyCalibration(models[k]!.calibration as CalibrationState, one, table);
  nestBands(anchor, predictions);
  return predictions;
}
