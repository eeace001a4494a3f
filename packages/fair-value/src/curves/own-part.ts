import { medianInPlace } from '../median.ts';
import { type SplitTarget, TARGET_CLIP } from '../split-target.ts';
import type { TermTable } from '../term-store.ts';
import { curveAt, placeKnots } from './basis.ts';
import { type CurveOptions, fitCurves } from './solve.ts';

/** One fitted curve: heights (log return) at ascending knots of a term, straight between them and level beyond. */
export interface Curve {
  readonly term: number;
  readonly knots: readonly number[];
  readonly heights: readonly number[];
}

/** Rows to learn a card's own part from: places in the table, and how much each counts. */
export interface OwnRows {
  readonly rows: Int32Array;
  readonly weight: Float64Array;
}

/**
 * Fits the curves of a card's own return twice, on targets centred within day and set and within the day alone, and
 * returns their mean: the first ranks the cards of a set, the second still sees what moves parts of the market.
 */
export function fitOwnPart(
  table: TermTable,
  label: Float64Array,
  split: SplitTarget,
  { rows, weight }: OwnRows,
  terms: readonly number[],
  knot_count: number,
  options: CurveOptions,
): Curve[] {
  const columns = terms.map((term) => Float32Array.from(rows, (row) => table.columns[term]![row]!));
  const knots = columns.map((column) => placeKnots(column, knot_count));
  const within_set = Float64Array.from(rows, (row) => split.own[row]!);
  const within_day = centredWithinDay(table, label, rows);
  const first = fitCurves(columns, knots, within_set, weight, options);
  const second = fitCurves(columns, knots, within_day, weight, options);
  return terms.flatMap((term, i) => {
    if (knots[i]!.length === 0) return [];
    return [{ term, knots: knots[i]!, heights: first[i]!.map((height, k) => (height + second[i]![k]!) / 2) }];
  });
}

/** Labels less the median label of their day (over the given rows), clipped like all targets. */
function centredWithinDay(table: TermTable, label: Float64Array, rows: Int32Array): Float64Array {
  const out = new Float64Array(rows.length);
  const buffer = new Float64Array(rows.length);
  for (let start = 0; start < rows.length; ) {
    let end = start;
    while (end < rows.length && table.day[rows[end]!] === table.day[rows[start]!]) end++;
    for (let i = start; i < end; i++) buffer[i - start] = label[rows[i]!]!;
    const median = medianInPlace(buffer, end - start);
    for (let i = start; i < end; i++) {
      out[i] = Math.max(-TARGET_CLIP, Math.min(TARGET_CLIP, label[rows[i]!]! - median));
    }
    start = end;
  }
  return out;
}

/** The contribution of one curve to a row; 0 where its term is unknown. */
export function contribution(curve: Curve, table: TermTable, row: number): number {
  return curveAt(curve.knots, curve.heights, table.columns[curve.term]![row]!);
}
