import type { TermTable } from '../term-store.ts';
import { placeKnots } from './basis.ts';
import { locateAll, type Places } from './solve.ts';

/** The knots of one term, and where the chosen rows of a table lie between them. */
export interface LocatedTerm {
  readonly knots: readonly number[];
  readonly places: Places;
}

const made = new WeakMap<Int32Array, Map<string, LocatedTerm>>();

/**
 * Knots and places of `terms` for the given rows of a table. What was located for these very rows before is used again:
 * a fit has several parts that share rows and most of their terms.
 */
export function locateTerms(
  table: TermTable,
  rows: Int32Array,
  terms: readonly number[],
  knot_count: number,
): LocatedTerm[] {
  const known = made.get(rows) ?? new Map<string, LocatedTerm>();
  made.set(rows, known);
  const column = new Float32Array(rows.length);
  return terms.map((term) => {
    const key = `${term}|${knot_count}`;
    const before = known.get(key);
    if (before) return before;
    const values = table.columns[term]!;
    for (let i = 0; i < rows.length; i++) column[i] = values[rows[i]!]!;
    const knots = placeKnots(column, knot_count);
    const located = { knots, places: locateAll(column, knots) };
    known.set(key, located);
    return located;
  });
}
