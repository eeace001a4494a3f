import type { Metric } from '@pokewatch/contracts';
import { type BootstrapOptions, blockBootstrap, DEFAULT_BOOTSTRAP } from './bootstrap.ts';
import { METRICS, type MetricDefinition, scoredRows } from './definitions.ts';
import { eligibleRows, type OutcomeRows } from './rows.ts';

/** A figure with its number of rows, its interval and, where there is one, the base rate beside which it is read. */
export interface Figure extends Metric {
  readonly base_rate: number | null;
}

/** Figures by the names in `METRICS`. */
export type Evaluation = Readonly<Record<string, Figure>>;

/**
 * All figures (or some of them) over the given rows; without `rows`, those of cards of 5 or more. A figure that cannot be told is null.
 * Intervals come from a block bootstrap over days; blocks are never shorter than the horizon.
 */
export function evaluate(
  outcomes: OutcomeRows,
  rows: readonly number[] = eligibleRows(outcomes),
  bootstrap: BootstrapOptions = DEFAULT_BOOTSTRAP,
  metrics: readonly MetricDefinition[] = METRICS,
): Evaluation {
  const scored = scoredRows(outcomes, rows);
  const block_days = Math.max(bootstrap.block_days, outcomes.horizon_days);
  return Object.fromEntries(
    metrics.map((metric) => [metric.name, figure(metric, outcomes, rows, scored, { ...bootstrap, block_days })]),
  );
}

/** The same figures for each group that `group_of` names (null leaves a row out), in the order of names. */
export function evaluateBy(
  outcomes: OutcomeRows,
  group_of: (row: number) => string | null,
  rows: readonly number[] = eligibleRows(outcomes),
  bootstrap: BootstrapOptions = DEFAULT_BOOTSTRAP,
): { readonly group: string; readonly figures: Evaluation }[] {
  const groups = new Map<string, number[]>();
  for (const row of rows) {
    const group = group_of(row);
    if (group === null) continue;
    const members = groups.get(group);
    if (members) members.push(row);
    else groups.set(group, [row]);
  }
  return [...groups.keys()].sort().map((group) => ({
    group,
    figures: evaluate(outcomes, groups.get(group)!, bootstrap),
  }));
}

/** The price tier of a row in words, for `evaluateBy`; `edges` are the lower ends of all tiers but the first. */
export function tierName(market: number, edges: readonly number[]): string {
  const tier = edges.findIndex((edge) => market < edge);
  if (tier === 0) return `below ${edges[0]}`;
  return tier < 0 ? `${edges.at(-1)} and more` : `${edges[tier - 1]} to ${edges[tier]}`;
}

function figure(
  metric: MetricDefinition,
  outcomes: OutcomeRows,
  rows: readonly number[],
  scored: readonly number[],
  bootstrap: BootstrapOptions,
): Figure {
  const used = metric.all_rows ? rows : scored;
  const none: Figure = { value: null, n: used.length, lower: null, upper: null, base_rate: null };
  if (used.length === 0) return none;
  const sums = sumsByDay(metric, outcomes, used, scored);
  const total = new Float64Array(metric.width);
  for (const day of sums) for (let k = 0; k < total.length; k++) total[k] = total[k]! + day[k]!;
  const interval = blockBootstrap(sums, metric.value, bootstrap);
  return {
    value: finiteOrNull(metric.value(total)),
    n: used.length,
    lower: interval?.lower ?? null,
    upper: interval?.upper ?? null,
    base_rate: metric.base ? finiteOrNull(metric.base(total)) : null,
  };
}

function sumsByDay(
  metric: MetricDefinition,
  outcomes: OutcomeRows,
  rows: readonly number[],
  scored: readonly number[],
): Float64Array[] {
  const add = metric.prepare(outcomes, scored);
  const of_day = new Map<number, Float64Array>();
  for (const row of rows) {
    const day = outcomes.day[row]!;
    const sums = of_day.get(day) ?? new Float64Array(metric.width);
    of_day.set(day, sums);
    add(row, sums);
  }
  return [...of_day.keys()].sort((a, b) => a - b).map((day) => of_day.get(day)!);
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
