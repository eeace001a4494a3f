import type { CurvesSettings } from '@pokewatch/contracts';
import type { CalibrationState } from './calibration/calibration.ts';
import type { FittedModel, FittedModelJSON, Forecaster } from './forecaster.ts';
import { fittedModel } from './model.ts';
import { curvesPoint } from './models/curves.ts';
import { mean3Point } from './models/mean3.ts';
import { naivePoint } from './models/naive.ts';
import { type RidgeSettings, ridgePoint } from './models/ridge.ts';
import type { PointForecaster } from './point-model.ts';
import { withCalibration } from './train.ts';

/** A forecaster by name, with its settings where it has any and they are not the defaults. A plain value: it can be sent. */
export type ForecasterSpec =
  | { readonly name: 'curves'; readonly settings?: CurvesSettings }
  | { readonly name: 'ridge'; readonly settings?: RidgeSettings }
  | { readonly name: 'naive' | 'mean3' };
export type ForecasterName = ForecasterSpec['name'];

type PointedForecaster = Forecaster & { readonly point: PointForecaster };

/** The forecaster that is trained and backtested unless another is asked for. */
export const DEFAULT_FORECASTER = 'curves';

/** The forecaster that was asked for; throws on an unknown one, naming those that exist. */
export function forecasterOf(spec: ForecasterSpec): PointedForecaster {
  switch (spec.name) {
    case 'curves':
      return withCalibration(curvesPoint(spec.settings));
    case 'ridge':
      return withCalibration(ridgePoint(spec.settings));
    case 'mean3':
      return withCalibration(mean3Point);
    case 'naive':
      return withCalibration(naivePoint);
    default:
      throw unknown((spec as { name: string }).name);
  }
}

const NAMES: readonly ForecasterName[] = ['naive', 'mean3', 'ridge', 'curves'];

/** All forecasters by name, with their default settings. */
export const FORECASTERS: ReadonlyMap<string, PointedForecaster> = new Map(
  NAMES.map((name) => [name, forecasterOf({ name })]),
);

/** True when there is a forecaster of that name. */
export function isForecasterName(name: string): name is ForecasterName {
  return FORECASTERS.has(name);
}

/** The forecaster of that name, with its default settings; throws on an unknown one, naming those that exist. */
export function forecasterNamed(name: string): PointedForecaster {
  const forecaster = FORECASTERS.get(name);
  if (!forecaster) throw unknown(name);
  return forecaster;
}

function unknown(name: string): Error {
  return new Error(`unknown forecaster ${name}; known: ${NAMES.join(', ')}`);
}

/** A fitted model from what its `toJSON` gave; throws when the format or the forecaster is unknown. */
export function modelFromJSON(json: FittedModelJSON): FittedModel {
  if (json.format !== 1) throw new Error(`unknown model format: ${String(json.format)}`);
  const { name, as_of_day, horizon_days } = json;
  const point = forecasterNamed(name).point.fromJSON(json.state);
  return fittedModel({ name, as_of_day, horizon_days, point, calibration: json.calibration as CalibrationState });
}
