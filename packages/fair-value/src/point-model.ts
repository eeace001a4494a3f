import type { ExplainedTerm } from './forecaster.ts';
import type { PointCurves } from './point-curves.ts';
import type { TermStore, TermTable } from './term-store.ts';

/** Expected log returns by group for each row of a table; `speaker` as in `Predictions`. */
export interface PointPredictions {
  readonly market: Float64Array;
  readonly set: Float64Array;
  readonly listings: Float64Array;
  readonly own: Float64Array;
  readonly speaker: Uint8Array;
}

/** The terms of one row, in the order in which they were added up, and the names of missing inputs. */
interface PointExplanation {
  readonly terms: readonly ExplainedTerm[];
  readonly missing: readonly string[];
}

/** A model of the expected log return alone, without band and chances. `terms` are the positions it reads from tables. */
export interface PointModel {
  readonly terms: readonly number[];
  predict(store: TermStore, table: TermTable): PointPredictions;
  explain(store: TermStore, table: TermTable, row: number): PointExplanation;
  /** How the values of terms become log return, for a person to follow. */
  curves(): PointCurves;
  toJSON(): unknown;
  /** The same model as it speaks where no listing is known, if it has such a part: what listings are worth is told by it. */
  withoutListings?(): PointModel;
}

/** Learns and restores point models of one kind. `as_of_day` is the last epoch day that is known. */
export interface PointForecaster {
  readonly name: string;
  fit(store: TermStore, as_of_day: number, horizon_days: number): PointModel;
  fromJSON(state: unknown): PointModel;
}

/** Room for `rows` point predictions: no change, said by nobody. */
export function emptyPoints(rows: number): PointPredictions {
  return {
    market: new Float64Array(rows),
    set: new Float64Array(rows),
    listings: new Float64Array(rows),
    own: new Float64Array(rows),
    speaker: new Uint8Array(rows),
  };
}
