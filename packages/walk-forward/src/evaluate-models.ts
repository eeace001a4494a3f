import {
  type Evaluation,
  evaluate,
  evaluateBy,
  type OutcomeRows,
  type Reliability,
  reliability,
  tierName,
} from '@pokewatch/evaluation';
import { BAND_TIER_EDGES, type Panel, type Predictions } from '@pokewatch/fair-value';
import { judgedRows, noChange, outcomesOf } from './outcomes.ts';

/** What `evaluation.json` holds: figures of every model on the same unseen days. */
export interface ModelEvaluation {
  readonly horizon_days: number;
  /** First and last day predicted from, `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
  readonly models: Readonly<Record<string, Evaluation>>;
  readonly tiers: readonly { readonly group: string; readonly figures: Evaluation }[];
  readonly sets: readonly { readonly group: string; readonly figures: Evaluation }[];
  readonly chances: { readonly up: Reliability; readonly down: Reliability };
}

interface Judged {
  readonly panel: Panel;
  readonly from: string;
  readonly to: string;
  readonly candidate: string;
  /** Rows of each model, all for the same cards and days. */
  readonly rows: Readonly<Record<string, Predictions>>;
}

/** Evaluates the candidate and the models it is compared with; "no change" is always among them. */
export function evaluateModels({ panel, from, to, candidate, rows }: Judged): ModelEvaluation {
  const own = rows[candidate]!;
  const outcomes = outcomesOf(panel, own);
  const judged = judgedRows(outcomes);
  const models: Record<string, Evaluation> = { naive: evaluate(outcomesOf(panel, noChange(own)), judged) };
  for (const [name, predictions] of Object.entries(rows))
    models[name] = evaluate(outcomesOf(panel, predictions), judged);
  const groups = (name: (row: number) => string) => evaluateBy(outcomes, name, judged);
  return {
    horizon_days: own.horizon_days,
    from,
    to,
    models,
    tiers: groups((row) => tierName(outcomes.market[row]!, BAND_TIER_EDGES)),
    sets: groups((row) => panel.cards[outcomes.card[row]!]!.set_name || 'no set'),
    chances: { up: reliability(outcomes, 'p_up', judged), down: reliability(outcomes, 'p_down', judged) },
  };
}

/** Mean absolute error over that of "no change" for each week of outcomes: a line for the report. */
export function errorByWeek(outcomes: OutcomeRows): { week_start: number[]; ratio: number[] } {
  const weeks = new Map<number, { error: number; naive: number }>();
  for (const row of judgedRows(outcomes)) {
    const realised = outcomes.realised[row]!;
    if (!Number.isFinite(realised)) continue;
    const week = Math.floor(outcomes.day[row]! / 7) * 7;
    const sums = weeks.get(week) ?? { error: 0, naive: 0 };
    weeks.set(week, sums);
    sums.error += Math.abs(realised - outcomes.log_return[row]!);
    sums.naive += Math.abs(realised);
  }
  const week_start = [...weeks.keys()].sort((a, b) => a - b);
  return { week_start, ratio: week_start.map((week) => weeks.get(week)!.error / weeks.get(week)!.naive) };
}
