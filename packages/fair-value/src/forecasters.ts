import type { CalibrationState } from './calibration/calibration.ts';
import type { FittedModel, FittedModelJSON, Forecaster } from './forecaster.ts';
import { fittedModel } from './model.ts';
import { curvesPoint } from './models/curves.ts';
import { mean3Point } from './models/mean3.ts';
import { naivePoint } from './models/naive.ts';
import { ridgePoint } from './models/ridge.ts';
import type { PointForecaster } from './point-model.ts';
import { withCalibration } from './train.ts';

const POINT_FORECASTERS: readonly PointForecaster[] = [naivePoint, mean3Point, ridgePoint, curvesPoint];

/** The forecaster that is trained and backtested unless another is asked for. */
export const DEFAULT_FORECASTER = 'curves';

/** All forecasters by name. */
export const FORECASTERS: ReadonlyMap<string, Forecaster & { readonly point: PointForecaster }> = new Map(
  POINT_FORECASTERS.map((forecaster) => [forecaster.name, withCalibration(forecaster)]),
);

/** The forecaster of that name; throws on an unknown one, naming those that exist. */
export function forecasterNamed(name: string): Forecaster & { readonly point: PointForecaster } {
  const forecaster = FORECASTERS.get(name);
  if (!forecaster) throw new Error(`unknown forecaster ${name}; known: ${[...FORECASTERS.keys()].join(', ')}`);
  return forecaster;
}

/** A fitted model from what its `toJSON` gave; throws when the format or the forecaster is unknown. */
export function modelFromJSON(json: FittedModelJSON): FittedModel {
  if (json.format !== 1) throw new Error(`unknown model format: ${String(json.format)}`);
  const { name, as_of_day, horizon_days } = json;
  const point = forecasterNamed(name).point.fromJSON(json.state);
  return fittedModel({ name, as_of_day, horizon_days, point, calibration: json.calibration as CalibrationState });
}
