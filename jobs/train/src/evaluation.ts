import type { ListingsWorth } from '@pokewatch/contracts';
import { dayFromEpoch } from '@pokewatch/core';
import type { Panel } from '@pokewatch/fair-value';
import { errorByWeek, evaluateModels, type ModelEvaluation, outcomesOf } from '@pokewatch/walk-forward';
import type { ChallengerFigures } from './challengers.ts';
import type { ChampionComparison } from './champion.ts';
import type { Computed } from './compute.ts';

/** `evaluation.json` of a version: figures of all models on the same unseen days, and how the candidate was chosen. */
export interface TrainEvaluation extends ModelEvaluation {
  readonly candidate: string;
  readonly challengers: readonly ChallengerFigures[];
  readonly champion: ChampionComparison;
  readonly listings: ListingsWorth;
  readonly error_by_week: { readonly week_start: readonly number[]; readonly ratio: readonly number[] };
}

/** The figures of what was computed; undefined when no outcome is known yet. */
export function evaluationOf(
  panel: Panel,
  { candidate: { name }, compared, judged }: Computed,
  champion: ChampionComparison,
  listings: ListingsWorth,
): TrainEvaluation | undefined {
  if (judged === undefined) return undefined;
  const [from, to] = [dayFromEpoch(judged.from_day), dayFromEpoch(judged.to_day)];
  return {
    candidate: name,
    ...evaluateModels({ panel, candidate: name, from, to, rows: judged.rows }),
    challengers: compared,
    champion,
    listings,
    error_by_week: errorByWeek(outcomesOf(panel, judged.rows[name]!)),
  };
}
