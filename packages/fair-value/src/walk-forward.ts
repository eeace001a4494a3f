import { applyCalibration } from './calibration/calibration.ts';
import { SCALE_TERMS } from './calibration/scale.ts';
import { dayRows } from './fit-rows.ts';
import { predictPoints, termsOf } from './model.ts';
import { lastDay, type Panel } from './panel.ts';
import type { PointForecaster } from './point-model.ts';
import { concatPredictions, emptyPredictions, filterPredictions, type Predictions, rowsOf } from './predictions.ts';
import { sliceTable, TermStore, type TermTable } from './term-store.ts';
import { calibrateRows } from './train.ts';

/** Days before `from_day` that are predicted too, unless the caller says otherwise: the first bands learn from their errors. */
const WARM_UP_DAYS = 84;

/** Refits in the warm-up are this many days apart; after it `refit_days`. */
const WARM_UP_REFIT_DAYS = 28;

/** Bands and chances are learned anew this often, unless the caller says otherwise. */
const RECALIBRATE_DAYS = 7;

const MOST_REFIT_DAYS = 28;

/**
 * How to walk: first and last epoch day to predict for, horizon, days between refits (14 when absent, at most 28), days
 * between learning bands and chances anew (7 when absent), and days to warm up on (84 when absent).
 */
export interface WalkForwardOptions {
  readonly from_day: number;
  readonly to_day: number;
  readonly horizon_days: number;
  readonly refit_days?: number;
  readonly recalibrate_days?: number;
  readonly warm_up_days?: number;
  readonly terms?: TermStore;
  readonly onProgress?: (done_days: number, all_days: number) => void;
}

/** Points are predicted for so many days at a time. */
const POINT_DAYS = 7;

/** Terms are computed for so many cells at a time: that bounds memory for large catalogues. */
const MOST_CELLS = 60_000_000;

/** Days that one fit predicts for: fitted as of `origin`, predicting up to `end`; `warming` days only teach the bands. */
export interface WalkSegment {
  readonly origin: number;
  readonly end: number;
  readonly warming: boolean;
}

/** The fits that a walk needs, in the order of days. They do not depend on each other. */
export function walkSegments(panel: Panel, options: WalkForwardOptions): WalkSegment[] {
  const from = Math.max(options.from_day, panel.first_day);
  const to = Math.min(options.to_day, lastDay(panel));
  const refit_days = Math.max(1, Math.min(MOST_REFIT_DAYS, options.refit_days ?? 14));
  const start = Math.min(
    from,
    Math.max(panel.first_day + 1, from - (options.warm_up_days ?? WARM_UP_DAYS) - options.horizon_days),
  );
  const segments: WalkSegment[] = [];
  for (let origin = start; origin <= to; ) {
    const warming = origin < from;
    const end = warming ? Math.min(from - 1, origin + WARM_UP_REFIT_DAYS - 1) : Math.min(to, origin + refit_days - 1);
    segments.push({ origin, end, warming });
    origin = end + 1;
  }
  return segments;
}

/**
 * Expected prices for the days of neighbouring segments, in the order of days, then cards. Band and chances are still 0.
 * Segments that are walked together share the computing of terms.
 */
export function walkPoints(
  store: TermStore,
  forecaster: { readonly point: PointForecaster },
  segments: readonly WalkSegment[],
  horizon_days: number,
  onSegment: (segment: WalkSegment) => void = () => {},
): Predictions {
  const [first, last] = [segments[0], segments.at(-1)];
  if (first === undefined || last === undefined) return emptyPredictions(0, horizon_days);
  const tables = new TableWindow(store, dayRows(store, first.origin, last.end));
  const parts: Predictions[] = [];
  for (const segment of segments) {
    const point = forecaster.point.fit(store, segment.origin, horizon_days);
    for (let week = segment.origin; week <= segment.end; week += POINT_DAYS) {
      const table = tables.days(week, Math.min(segment.end, week + POINT_DAYS - 1), termsOf(point));
      parts.push(predictPoints(point, store, table, horizon_days));
    }
    onSegment(segment);
  }
  return concatPredictions(parts, horizon_days);
}

/**
 * The predictions of a walk from the points of all its segments, in their order: bands and chances are learned from the
 * errors known on each day. Days that only warmed up are left out.
 */
export function calibrateWalk(
  store: TermStore,
  points: readonly Predictions[],
  segments: readonly WalkSegment[],
  options: WalkForwardOptions,
): Predictions {
  const all = concatPredictions(points, options.horizon_days);
  const recalibrate_days = Math.max(1, options.recalibrate_days ?? RECALIBRATE_DAYS);
  const day = all.day.map((value) => value - store.panel.first_day);
  const scale_table = store.table(all.card, day, SCALE_TERMS);
  for (const { origin, end, warming } of segments) {
    for (let week = origin; week <= end && !warming; week += recalibrate_days) {
      const start = lowerBound(all.day, week);
      const stop = lowerBound(all.day, Math.min(end, week + recalibrate_days - 1) + 1);
      const known = calibrateRows(store, rowsOf(all, 0, start), sliceTable(scale_table, 0, start), week);
      applyCalibration(known, rowsOf(all, start, stop), sliceTable(scale_table, start, stop));
    }
  }
  const from = segments.find((segment) => !segment.warming)?.origin ?? Number.POSITIVE_INFINITY;
  return filterPredictions(all, (row) => all.day[row]! >= from);
}

/**
 * Predictions for every card and day from `from_day` to `to_day` with a market price, each by a model, a band and
 * chances learned from what was known on that day. Where the model could not speak the row says so (`speaker`).
 */
export function walkForward(
  panel: Panel,
  forecaster: { readonly point: PointForecaster },
  options: WalkForwardOptions,
): Predictions {
  const { terms: store = new TermStore(panel) } = options;
  const segments = walkSegments(panel, options);
  const all_days = segments.reduce((sum, { origin, end }) => sum + end - origin + 1, 0);
  let done_days = 0;
  const points = walkPoints(store, forecaster, segments, options.horizon_days, ({ origin, end }) => {
    done_days += end - origin + 1;
    options.onProgress?.(done_days, all_days);
  });
  return calibrateWalk(store, [points], segments, options);
}

/** Terms of neighbouring days out of a table that is computed for many days at a time. */
class TableWindow {
  readonly #store: TermStore;
  readonly #rows: { card: Int32Array; day: Int32Array };
  #table: TermTable | null = null;
  #start = 0;

  constructor(store: TermStore, rows: { card: Int32Array; day: Int32Array }) {
    this.#store = store;
    this.#rows = rows;
  }

  /** The rows of the given epoch days. Days must be asked for in ascending order. */
  days(from_day: number, to_day: number, terms: readonly number[]): TermTable {
    const { first_day } = this.#store.panel;
    const start = lowerBound(this.#rows.day, from_day - first_day);
    const end = lowerBound(this.#rows.day, to_day - first_day + 1);
    const fits = this.#table && end <= this.#start + this.#table.rows && terms.every((t) => this.#has(t));
    if (!fits) {
      const most = Math.max(end - start, Math.floor(MOST_CELLS / Math.max(1, terms.length)));
      const { card, day } = this.#rows;
      this.#table = this.#store.table(card.subarray(start, start + most), day.subarray(start, start + most), terms);
      this.#start = start;
    }
    return sliceTable(this.#table!, start - this.#start, end - this.#start);
  }

  #has(term: number): boolean {
    return this.#table!.columns[term]!.length === this.#table!.rows;
  }
}

/** The first place in an ascending column whose value is at least `value`. */
function lowerBound(column: Int32Array, value: number): number {
  let left = 0;
  let right = column.length;
  while (left < right) {
    const middle = (left + right) >> 1;
    if (column[middle]! < value) left = middle + 1;
    else right = middle;
  }
  return left;
}
