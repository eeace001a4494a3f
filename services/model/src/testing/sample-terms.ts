import type { ModelCurves, PartGroup, TermColumns } from '@pokewatch/contracts';
import { termColumns } from '@pokewatch/fair-value';
import type { PredictionTable } from '@pokewatch/store';

/** The parts of the sample model's predictions. */
export const PARTS = { market: 0.02, set: -0.01, listings: 0.05, own: -0.004 } as const;

/** Terms of the sample model: their group, value, and part of the log return (null: what is left of the own part). */
const TERMS: readonly (readonly [string, PartGroup, number | null, number | null])[] = [
  ['market_7', 'market', 0.03, PARTS.market],
  ['set_30', 'set', -0.02, PARTS.set],
  ['gap_low', 'listings', 0.1, 0.028],
  ['gap_mid', 'listings', 0.2, 0.02],
  ['low_above', 'listings', 12, 0.0013],
  ['spread', 'listings', 0.1, 0.0006],
  ['mid_still', 'listings', 3, 0.0001],
  ['mid_ret_60', 'listings', null, 0],
  ['ret_14', 'own', 0.05, null],
  ['ret_90', 'own', null, 0],
];

/** The explanation of the first card's newest prediction; the other cards have none. */
export function sampleTerms({ cards, market, fair }: PredictionTable): TermColumns {
  const explained = cards.map(({ to }, card) => {
    const log_return = Math.log(fair[to - 1]! / market[to - 1]!);
    const others = TERMS.reduce((sum, [, , , part]) => sum + (part ?? 0), 0);
    const terms = TERMS.map(([term, group, value, part]) => ({
      term,
      group,
      value,
      log_return: part ?? log_return - others,
    }));
    return { market: market[to - 1]!, fair: fair[to - 1]!, terms: card === 0 ? terms : [] };
  });
  return termColumns(
    explained,
    TERMS.map(([term]) => term),
  );
}

/** The curves of the sample model: every term is a line through the value it has. */
export const SAMPLE_CURVES: Omit<ModelCurves, 'model_version'> = {
  model: 'ridge',
  horizon_days: 14,
  restlessness: {
    term: 'ret_14',
    floor: 0.03,
    steps: 2.5,
    most_step: 0.1,
    usual: 0.1,
    log_floor: 1,
    unknown_step: 0.022,
    fall_power: 0,
  },
  terms: TERMS.map(([term, group, value]) => ({
    term,
    group,
    text: `the ${term} of it`,
    form: value !== null && value > 1 ? 'days' : 'change',
    definition: term,
    unit: 'log return',
    usual: 0,
  })),
  speakers: [
    {
      model: 'ridge',
      curves: TERMS.map(([term, , value, part]) => ({
        term,
        scaled: false,
        knots: [-1, value ?? 1],
        heights: [0, part ?? 0],
      })),
    },
  ],
};
