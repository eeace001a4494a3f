import type { BacktestFigures, GroupFigures } from '@pokewatch/contracts';
import { dayFromEpoch } from '@pokewatch/core';
import {
  DEFAULT_BOOTSTRAP,
  ELIGIBLE_PRICE,
  type Evaluation,
  evaluate,
  evaluateGroup,
  evaluateGroups,
  tierName,
} from '@pokewatch/evaluation';
import { BAND_TIER_EDGES, type Panel, type Predictions } from '@pokewatch/fair-value';
import { judgedRows, noChange, outcomesOf } from '@pokewatch/walk-forward';
import type { BacktestPlan } from '../request.ts';
import { callFigures, callsByMonth } from './calls.ts';
import type { Subject } from './subject.ts';
import { timingFigures } from './timing.ts';
import { tradingFigures } from './trading.ts';

/** Where the prices are from. */
interface Origin {
  readonly source: string;
  readonly simulated: boolean;
  readonly last_date: string;
}

/** All that a backtest finds beside the figures of the models; `horizons` are those of other horizons. */
export function backtestFigures(
  subject: Subject,
  plan: BacktestPlan,
  { source, simulated, last_date }: Origin,
  horizons: BacktestFigures['horizons'],
): BacktestFigures {
  const { predictions, below } = subject;
  const { from_day, to_day } = plan;
  const currencies = new Set(subject.panel.cards.map((card) => card.currency));
  return {
    model: plan.model,
    horizon_days: plan.horizon_days,
    refit_days: plan.refit_days,
    from: dayFromEpoch(from_day),
    to: dayFromEpoch(to_day),
    last_date,
    source,
    simulated,
    rows: predictions.rows,
    cards: new Set(predictions.card).size,
    least_price: ELIGIBLE_PRICE,
    currency: currencies.size === 1 ? [...currencies][0]! : null,
    ...groupFigures(subject),
    calls: callFigures(subject),
    calls_by_month: callsByMonth(subject),
    timing: spansOf(from_day, to_day).map((span) => timingFigures(subject, span)),
    timing_below: below.length === 0 ? null : timingFigures(subject, { window: 'all', from_day, to_day }, below),
    trading: tradingFigures(subject, to_day),
    horizons,
  };
}

/** The model's figures at one horizon, and those of no change on the same rows. */
export function horizonFigures(panel: Panel, predictions: Predictions): BacktestFigures['horizons'][number] {
  const outcomes = outcomesOf(panel, predictions);
  const rows = judgedRows(outcomes);
  const figures = evaluate(outcomes, rows);
  const naive: Evaluation = evaluate(outcomesOf(panel, noChange(predictions)), rows);
  return { horizon_days: outcomes.horizon_days, n: figures.mape?.n ?? 0, figures, naive };
}

const NO_INTERVAL = { ...DEFAULT_BOOTSTRAP, resamples: 0 };

/** Figures by month and week of the prediction, price tier, rarity and set. Tiers hold all cards, the others those judged. */
function groupFigures({ panel, outcomes, judged, below }: Subject) {
  const { day, market, card } = outcomes;
  const week = (row: number) => dayFromEpoch(day[row]! - ((day[row]! + WEEKDAY_OF_DAY_0) % 7));
  const facts = (row: number) => panel.cards[card[row]!]!;
  const tier = (row: number) => tierName(market[row]!, BAND_TIER_EDGES);
  const of_tier = Map.groupBy(
    [...judged, ...below].sort((a, b) => a - b),
    tier,
  );
  return {
    months: evaluateGroups(outcomes, (row) => dayFromEpoch(day[row]!).slice(0, 7), judged),
    weeks: evaluateGroups(outcomes, week, judged, NO_INTERVAL),
    tiers: [0, ...BAND_TIER_EDGES].map((least) => {
      const name = tierName(least, BAND_TIER_EDGES);
      return evaluateGroup(outcomes, name, of_tier.get(name) ?? []);
    }),
    rarities: largestFirst(evaluateGroups(outcomes, (row) => facts(row).rarity || 'not known', judged)),
    sets: largestFirst(evaluateGroups(outcomes, (row) => facts(row).set_name || 'no set', judged)),
  };
}

/** 1970-01-01 was a Thursday: weeks start on Mondays. */
const WEEKDAY_OF_DAY_0 = 3;

function largestFirst(groups: readonly GroupFigures[]): GroupFigures[] {
  return groups.toSorted((a, b) => b.n - a.n);
}

/** The whole range and its halves. */
function spansOf(from_day: number, to_day: number) {
  const middle = from_day + Math.floor((to_day - from_day) / 2);
  const all = { window: 'all', from_day, to_day };
  return middle === to_day
    ? [all]
    : [
        all,
        { window: 'first half', from_day, to_day: middle },
        { window: 'second half', from_day: middle + 1, to_day },
      ];
}
