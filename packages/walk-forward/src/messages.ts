import type {
  FittedModelJSON,
  ForecasterSpec,
  HorizonFit,
  Panel,
  Predictions,
  UnnamedCurves,
  WalkForwardOptions,
  WalkSegment,
} from '@pokewatch/fair-value';
import type { CardTerms } from './card-terms.ts';

/** Expected prices of the days of neighbouring segments. */
export interface PointsTask {
  readonly kind: 'points';
  readonly forecaster: ForecasterSpec;
  readonly segments: readonly WalkSegment[];
  readonly horizon_days: number;
  /** Days for which the model's part without listings is asked too; it is left out when absent. */
  readonly without_listings?: { readonly from_day: number; readonly to_day: number };
}

/** Bands and chances for the points of all segments of a walk. */
interface BandsTask {
  readonly kind: 'bands';
  readonly points: readonly Predictions[];
  readonly segments: readonly WalkSegment[];
  readonly options: WalkForwardOptions;
}

/**
 * The newest prediction of every card, by a model fitted on everything, with its explanation. Bands are learned from
 * `history`, earlier predictions of the same forecaster.
 */
export interface LatestTask {
  readonly kind: 'latest';
  readonly forecaster: ForecasterSpec;
  readonly horizon_days: number;
  readonly history: Predictions;
}

/** Predictions of all days from `from_day` on by a model that was fitted before, with the newest explanations. */
export interface CarryTask {
  readonly kind: 'carry';
  readonly model: FittedModelJSON;
  readonly from_day: number;
}

/** Expected prices of the judged card-days of neighbouring segments, whose terms are kept for the next settings. */
export interface TrialTask {
  readonly kind: 'trial';
  readonly forecaster: ForecasterSpec;
  readonly segments: readonly WalkSegment[];
  readonly horizon_days: number;
}

/** A fit for another horizon, and expected prices of earlier days from `from_day` on. */
interface FitHorizonTask {
  readonly kind: 'fit_horizon';
  readonly forecaster: ForecasterSpec;
  readonly horizon_days: number;
  readonly from_day: number;
}

/** Whole models from the fits for other horizons; `anchor` are expected prices of the card-days of their histories. */
interface HorizonModelsTask {
  readonly kind: 'horizon_models';
  readonly name: string;
  readonly anchor: Predictions;
  readonly fits: readonly HorizonFit[];
}

/** Predictions of other horizons for the card-days of the anchor's. */
interface PredictHorizonsTask {
  readonly kind: 'predict_horizons';
  readonly models: readonly FittedModelJSON[];
  readonly anchor: Predictions;
}

export type Task =
  | PointsTask
  | BandsTask
  | LatestTask
  | CarryTask
  | TrialTask
  | FitHorizonTask
  | HorizonModelsTask
  | PredictHorizonsTask;

/** What a task of some kind gives. */
export type ResultOf<T extends Task> = T extends FitHorizonTask
  ? HorizonFit
  : T extends HorizonModelsTask
    ? FittedModelJSON[]
    : T extends PredictHorizonsTask
      ? Predictions[]
      : TaskResult;

/** What most tasks give. `terms` and `curves` are there for `latest` and `carry`, `model` for `latest` only, `newest` (the newest row of every card) for `carry` only. */
export interface TaskResult {
  readonly predictions: Predictions;
  readonly newest?: Predictions;
  readonly terms?: CardTerms;
  readonly without_listings?: Predictions;
  readonly model?: FittedModelJSON;
  /** How the values of terms become log return. */
  readonly curves?: UnnamedCurves;
}

/** What a worker thread is started with. The panel's columns stand in shared memory. */
export interface WorkerInput {
  readonly panel: Panel;
}
