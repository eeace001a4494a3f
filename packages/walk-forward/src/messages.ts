import type { Panel, Predictions } from '@pokewatch/fair-value';

/** Predictions for a range of days, each by a model that knew only what was known then. */
export interface WalkTask {
  readonly kind: 'walk';
  readonly forecaster: string;
  readonly from_day: number;
  readonly to_day: number;
  readonly horizon_days: number;
  readonly refit_days: number;
  readonly recalibrate_days: number;
}

/** The newest prediction of every card, by a model fitted on everything, with its explanation. */
export interface LatestTask {
  readonly kind: 'latest';
  readonly forecaster: string;
  readonly horizon_days: number;
}

export type Task = WalkTask | LatestTask;

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

/** What a worker thread answers to a task, which is sent as it is. */
export type WorkerMessage =
  | { readonly kind: 'progress'; readonly done: number; readonly all: number }
  | { readonly kind: 'result'; readonly result: TaskResult };
