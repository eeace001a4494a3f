import type { BacktestFigures, GroupFigures } from '@pokewatch/contracts';
import { METRICS, type Reliability } from '@pokewatch/evaluation';
import { count, decimal, type FigureTable, NONE, number, optional, percent, withInterval } from '@pokewatch/report';
import type { ModelEvaluation } from '@pokewatch/walk-forward';
import { callTables } from './calls.ts';
import { groupTables } from './groups.ts';
import { timingTables } from './timing.ts';
import { tradingTables } from './trading.ts';
import { leastPrice } from './words.ts';

/** Sets shown on a terminal. */
const MOST_SETS = 10;

/** All tables of a backtest, in the order in which they are printed. */
export function figureTables(evaluation: ModelEvaluation, figures: BacktestFigures): FigureTable[] {
  const { horizon_days, timing, horizons } = figures;
  return [
    modelTable(evaluation, figures),
    ...groupTables(figures, totalOf(evaluation, figures), MOST_SETS),
    ...callTables(figures),
    reliabilityTable(evaluation.chances.up, evaluation.chances.down),
    ...timingTables(timing[0]!, horizon_days, `cards from ${leastPrice(figures)} up`),
    ...tradingTables(figures.trading),
    ...(horizons.length > 1 ? [horizonTable(horizons)] : []),
  ];
}

/** Figures of the models on the same rows. */
export function modelTable({ models }: ModelEvaluation, figures: BacktestFigures): FigureTable {
  const names = Object.keys(models);
  const judged = totalOf({ models }, figures);
  return {
    title: 'Figures of the models',
    note: `${count(judged.n)} card-days of ${count(judged.cards)} cards from ${leastPrice(figures)} up. In brackets 90 % intervals by bootstrap over blocks of ${Math.max(14, figures.horizon_days)} days. docs/terms.md says what each figure means.`,
    columns: [{ title: 'figure' }, ...names.map(number), optional('base rate')],
    rows: METRICS.map(({ name }) => [
      name,
      ...names.map((model) => withInterval(models[model]![name])),
      percent(models[figures.model]?.[name]?.base_rate ?? null).replace(NONE, ''),
    ]),
  };
}

/** The figures of the whole range, as a group. */
export function totalOf({ models }: Pick<ModelEvaluation, 'models'>, figures: BacktestFigures): GroupFigures {
  const own = models[figures.model]!;
  const { months, timing } = figures;
  const n = own.mape?.n ?? 0;
  return {
    group: 'total',
    cards: timing[0]!.cards,
    days: months.reduce((sum, month) => sum + month.days, 0),
    n,
    enough: months.some((month) => month.enough),
    gained: own.buy_over_base?.base_rate ?? null,
    lost: own.sell_over_base?.base_rate ?? null,
    figures: own,
  };
}

/** What was said beside what came true, gains and losses side by side. */
export function reliabilityTable(up: Reliability, down: Reliability): FigureTable {
  const edges = [...new Set([...up.bins, ...down.bins].map((bin) => bin.from))].sort((a, b) => a - b);
  const cells = (one: Reliability, from: number) => {
    const bin = one.bins.find((other) => other.from === from);
    if (bin === undefined) return ['', '', ''];
    return [
      count(bin.n),
      percent(bin.predicted),
      `${percent(bin.came_true)} [${(bin.lower * 100).toFixed(0)}, ${(bin.upper * 100).toFixed(0)}]`,
    ];
  };
  const words = (one: Reliability) =>
    `base rate ${percent(one.base_rate)}, expected calibration error ${percent(one.expected_calibration_error)}, Brier score ${one.brier?.toFixed(4) ?? NONE} (base rate said for all: ${one.brier_base?.toFixed(4) ?? NONE})`;
  return {
    title: 'Do the chances come true?',
    note: `Chance of +10 % or more: ${words(up)}. Of −10 % or less: ${words(down)}. In brackets 95 % by Wilson, as if card-days were independent.`,
    columns: [
      { title: 'chance said' },
      optional('gains: n'),
      number('said'),
      number('came true'),
      optional('losses: n'),
      number('said'),
      number('came true'),
    ],
    rows: edges.map((from) => {
      const to = [...up.bins, ...down.bins].find((bin) => bin.from === from)!.to;
      return [`${(from * 100).toFixed(0)} to ${(to * 100).toFixed(0)} %`, ...cells(up, from), ...cells(down, from)];
    }),
  };
}

/** The headline figures at several horizons. */
export function horizonTable(horizons: BacktestFigures['horizons']): FigureTable {
  return {
    title: 'At other horizons',
    note: 'Each horizon fitted and judged by itself. In brackets 90 % intervals.',
    columns: ['horizon', 'card-days', 'IC', 'in a day', 'BUY ×', 'SELL ×', 'error', 'covers', 'no change covers'].map(
      (title, i) => (i === 0 ? { title } : number(title)),
    ),
    rows: [...horizons]
      .sort((a, b) => a.horizon_days - b.horizon_days)
      .map(({ horizon_days, n, figures, naive }) => [
        `${horizon_days} days`,
        count(n),
        withInterval(figures.ic, 2),
        decimal(figures.ic_within_day),
        decimal(figures.buy_over_base, 1),
        decimal(figures.sell_over_base, 1),
        withInterval(figures.mae_over_naive, 2),
        percent(figures.coverage?.value, 0),
        percent(naive.coverage?.value, 0),
      ]),
  };
}
