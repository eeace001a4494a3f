import type { Panel } from './panel.ts';
import type { PointCurves } from './point-curves.ts';
import type { Predictions, Speaker } from './predictions.ts';
import type { TermStore } from './term-store.ts';
import type { TermGroup } from './terms/catalogue.ts';

/**
 * How to fit. `as_of_day` is the last epoch day that is known: later prices are not looked at, and a label counts only
 * once it is known. `history` are earlier predictions of the same forecaster, each made by a model that did not know
 * its outcome; bands and chances are learned from them. Without it `fit` makes its own from a few earlier fits.
 * `terms` may be shared between fits on the same panel to save time; it never changes a result.
 */
export interface FitOptions {
  readonly as_of_day: number;
  readonly horizon_days: number;
  readonly history?: Predictions;
  readonly terms?: TermStore;
}

/** One term of an explanation. `value` is null where the input is missing; then `log_return` is 0 or a stand-in's. */
export interface ExplainedTerm {
  readonly name: string;
  readonly group: TermGroup;
  readonly definition: string;
  readonly unit: string;
  readonly value: number | null;
  readonly log_return: number;
}

/**
 * Why a fair value is what it is: `log_return` is the sum of the terms (but for the last bits), first within each group, then group by group
 * in the order market, set, listings, own. `missing` names the inputs that were not there.
 */
export interface Explanation {
  readonly card: number;
  readonly day: number;
  readonly market: number;
  readonly fair: number;
  readonly log_return: number;
  readonly speaker: Speaker;
  readonly terms: readonly ExplainedTerm[];
  readonly missing: readonly string[];
}

/** A model that has learned. `as_of_day` is the last day it has seen. */
export interface FittedModel {
  readonly name: string;
  readonly as_of_day: number;
  readonly horizon_days: number;
  /** One row for each card and day from `from_day` to `to_day` (the same day when absent) with a market price. */
  predict(panel: Panel, from_day: number, to_day?: number, terms?: TermStore): Predictions;
  /** The terms of one prediction, or null when the card has no market price on that day. Share `terms` between calls. */
  explain(panel: Panel, card: number, day: number, terms?: TermStore): Explanation | null;
  /** The prediction of every card's newest priced day and its explanation, row by row in the order of cards. */
  newest(panel: Panel, terms?: TermStore): { predictions: Predictions; explanations: Explanation[] };
  /** The same, giving away one explanation after another: those of a large catalogue do not fit into memory at once. */
  newestEach(panel: Panel, each: (explanation: Explanation) => void, terms?: TermStore): Predictions;
  /** How the values of terms become log return, for a person to follow. */
  curves(): PointCurves;
  /** A plain value for JSON.stringify: the same data give the same bytes. */
  toJSON(): FittedModelJSON;
}

/** A fitted model as stored. `state` belongs to the forecaster of that name. */
export interface FittedModelJSON {
  readonly format: 1;
  readonly name: string;
  readonly as_of_day: number;
  readonly horizon_days: number;
  readonly state: unknown;
  readonly calibration: unknown;
}

/** One way to forecast: the same verbs on every model. */
export interface Forecaster {
  readonly name: string;
  fit(panel: Panel, options: FitOptions): FittedModel;
}
