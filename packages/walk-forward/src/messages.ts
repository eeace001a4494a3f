import type { Panel, Predictions, WalkForwardOptions, WalkSegment } from '@pokewatch/fair-value';

/** Expected prices of the days of neighbouring segments. */
interface PointsTask {
  readonly kind: 'points';
  readonly forecaster: string;
  readonly segments: readonly WalkSegment[];
  readonly horizon_days: number;
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
  readonly forecaster: string;
  readonly horizon_days: number;
  readonly history: Predictions;
}

export type Task = PointsTask | BandsTask | LatestTask;

/** One term of an explanation: `card` is the index in the panel, `value` the input (null when it is missing). */
export interface TermOfCard {
  readonly card: number;
  readonly day: number;
  readonly group: 'market' | 'set' | 'listings' | 'own';
  readonly term: string;
  readonly definition: string;
  readonly value: number | null;
  readonly log_return: number;
}

/** What a task gives. `terms` are there for `latest` only. */
export interface TaskResult {
  readonly predictions: Predictions;
  readonly terms: readonly TermOfCard[];
}

/** What a worker thread is started with. The panel's columns stand in shared memory. */
export interface WorkerInput {
  readonly panel: Panel;
}
