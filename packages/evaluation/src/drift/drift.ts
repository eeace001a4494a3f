import { NORMED_WASSERSTEIN } from '@pokewatch/contracts';
import { type ColumnType, cleaned, type DriftColumn, typeOf, type Value } from './column.ts';
import { jensenShannon, klDivergence, normedWasserstein, psi } from './distances.ts';
import { ksTest } from './ks.ts';
import { sharesOf } from './shares.ts';
import { chiSquareTest, shareTest } from './tests.ts';

/**
 * The ways to compare a column, with their names in reports, default thresholds and how a score drifts: `below` are p-values,
 * `from` are distances.
 */
export const DRIFT_METHODS = {
  ks: { title: 'K-S p_value', threshold: 0.05, drifts: (p: number, at: number) => p <= at },
  chisquare: { title: 'chi-square p_value', threshold: 0.05, drifts: (p: number, at: number) => p < at },
  z: { title: 'Z-test p_value', threshold: 0.05, drifts: (p: number, at: number) => p < at },
  wasserstein: { title: NORMED_WASSERSTEIN, threshold: 0.1, drifts: (d: number, at: number) => d >= at },
  jensenshannon: { title: 'Jensen-Shannon distance', threshold: 0.1, drifts: (d: number, at: number) => d >= at },
  psi: { title: 'PSI', threshold: 0.1, drifts: (d: number, at: number) => d >= at },
  kl_div: { title: 'Kullback-Leibler divergence', threshold: 0.1, drifts: (d: number, at: number) => d >= at },
} as const;
export type DriftMethod = keyof typeof DRIFT_METHODS;

/** Up to so many reference rows a test tells, from there on a distance: every test finds something in many rows. */
const MOST_TESTED = 1000;
/** Numbers with so few distinct values are counted by value. */
const FEW_VALUES = 5;

/** How a column changed. `score` is a p-value or a distance, as `method` says; null where nothing could be compared. */
export interface ColumnDrift {
  readonly name: string;
  readonly type: ColumnType;
  readonly method: DriftMethod | null;
  readonly score: number | null;
  readonly threshold: number | null;
  readonly drifted: boolean;
  readonly rows: { readonly reference: number; readonly current: number };
  /** Why there is no score. */
  readonly why?: string;
}

/** A column of both windows. */
export interface ComparedColumn {
  readonly name: string;
  readonly reference: DriftColumn;
  readonly current: DriftColumn;
}

/**
 * How a column changed from the reference to the current rows, as Evidently 0.7 tells it by default (legacy calculations of
 * 0.7.23): type by the current rows, the test by the number of reference rows and of distinct values.
 */
export function columnDrift({ name, reference, current }: ComparedColumn, method?: DriftMethod): ColumnDrift {
  const [before, now] = [cleaned(reference), cleaned(current)];
  const type = typeOf(current);
  const rows = { reference: before.length, current: now.length };
  const none = (why: string): ColumnDrift => {
    return { name, type, method: null, score: null, threshold: null, drifted: false, rows, why };
  };
  if (type !== 'numerical' && type !== 'categorical') return none(type === 'text' ? 'free text' : 'no value');
  if (before.length === 0) return none('no value in the reference');
  if (now.length === 0) return none('no value in the current window');
  const chosen = method ?? methodFor(type, before, now);
  const whole = reference.kind === 'int' && current.kind === 'int' && [...before, ...now].every(Number.isInteger);
  const score = scoreOf(chosen, before, now, { numerical: type === 'numerical', whole });
  const { threshold, drifts } = DRIFT_METHODS[chosen];
  return { name, type, method: chosen, score, threshold, drifted: drifts(score, threshold), rows };
}

/** How a table changed: `drifted` when at least the share `drift_share` of its columns did. */
export interface DatasetDrift {
  readonly drift_share: number;
  readonly columns: number;
  readonly drifted_columns: number;
  readonly share: number;
  readonly drifted: boolean;
  readonly by_column: readonly ColumnDrift[];
}

/** Evidently's share of columns from which on a table counts as drifted. */
export const DRIFT_SHARE = 0.5;

/** The drift of all columns that can be compared, and their share. */
export function datasetDrift(columns: readonly ComparedColumn[], drift_share = DRIFT_SHARE): DatasetDrift {
  const by_column = columns.map((column) => columnDrift(column));
  const compared = by_column.filter(({ score }) => score !== null);
  const drifted_columns = compared.filter(({ drifted }) => drifted).length;
  const share = compared.length === 0 ? 0 : drifted_columns / compared.length;
  const drifted = compared.length > 0 && share >= drift_share;
  return { drift_share, columns: compared.length, drifted_columns, share, drifted, by_column };
}

function methodFor(type: ColumnType, reference: readonly Value[], current: readonly Value[]): DriftMethod {
  const distinct = new Set([...reference, ...current]).size;
  const counted = type === 'categorical' || distinct <= FEW_VALUES;
  if (reference.length > MOST_TESTED) return counted ? 'jensenshannon' : 'wasserstein';
  if (!counted) return 'ks';
  return distinct > 2 ? 'chisquare' : 'z';
}

function scoreOf(
  method: DriftMethod,
  reference: readonly Value[],
  current: readonly Value[],
  form: { readonly numerical: boolean; readonly whole: boolean },
): number {
  switch (method) {
    case 'ks':
      return ksTest(reference as number[], current as number[]).p;
    case 'wasserstein':
      return normedWasserstein(reference as number[], current as number[]);
    case 'chisquare':
      return chiSquareTest(reference, current);
    case 'z':
      return shareTest(reference, current);
    case 'jensenshannon':
      return jensenShannon(sharesOf(reference, current, form));
    case 'psi':
      return psi(sharesOf(reference, current, form));
    case 'kl_div':
      return klDivergence(sharesOf(reference, current, form));
  }
}
