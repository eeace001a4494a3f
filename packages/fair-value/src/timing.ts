import type { ExplainedTerm } from './forecaster.ts';
import { ridge } from './linear.ts';
import { lineCurve, type ReadableCurve } from './point-curves.ts';
import type { GroupMove } from './split-target.ts';
import type { TermTable } from './term-store.ts';
import { TERMS } from './terms/catalogue.ts';

/** Term values count up to this many times their usual size. */
const CLIP = 3;

/** A small linear model of a market's or a set's move: `beta[i] × value / scale[i]` for each of `terms`, no intercept. */
export interface TimingState {
  readonly terms: readonly number[];
  readonly scale: readonly number[];
  readonly beta: readonly number[];
}

/**
 * Learns how groups move from terms of the same day. There are few independent moves to learn from, so the coefficients
 * are shrunk hard (`penalty` is in units of the terms' own information) and no constant drift is learned.
 */
export function fitTiming(
  table: TermTable,
  moves: readonly GroupMove[],
  terms: readonly number[],
  penalty: number,
): TimingState {
  const scale = terms.map((term) => {
    let sum = 0;
    let count = 0;
    for (const { row } of moves) {
      const value = table.columns[term]![row]!;
      if (Number.isNaN(value)) continue;
      sum += value * value;
      count++;
    }
    return count > 0 && sum > 0 ? Math.sqrt(sum / count) : 1;
  });
  const columns = terms.map((term, i) =>
    Float64Array.from(moves, ({ row }) => scaledValue(table.columns[term]![row]!, scale[i]!)),
  );
  const target = Float64Array.from(moves, ({ move }) => move);
  const weight = Float64Array.from(moves, ({ cards }) => cards / (cards + 10));
  return { terms, scale, beta: Array.from(ridge({ columns, target, weight }, penalty)) };
}

/** The expected move for the group of one row. */
export function timingAt(state: TimingState, table: TermTable, row: number): number {
  let sum = 0;
  for (let i = 0; i < state.terms.length; i++) {
    sum += state.beta[i]! * scaledValue(table.columns[state.terms[i]!]![row]!, state.scale[i]!);
  }
  return sum;
}

/** The terms of `timingAt`, in the order in which it adds them. */
export function explainTiming(state: TimingState, table: TermTable, row: number): ExplainedTerm[] {
  return state.terms.map((index, i) => {
    const term = TERMS[index]!;
    const value = table.columns[index]![row]!;
    return {
      name: term.name,
      group: term.group,
      definition: term.definition,
      unit: term.unit,
      value: !Number.isNaN(value) ? value : null,
      log_return: state.beta[i]! * scaledValue(value, state.scale[i]!),
    };
  });
}

/** The same as curves, one a term. */
export function timingCurves(state: TimingState): ReadableCurve[] {
  return state.terms.map((term, i) => lineCurve(term, state.beta[i]!, state.scale[i]!, CLIP));
}

function scaledValue(value: number, scale: number): number {
  if (Number.isNaN(value)) return 0;
  return Math.max(-CLIP, Math.min(CLIP, value / scale));
}
