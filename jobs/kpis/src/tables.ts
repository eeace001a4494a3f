import type { KpiFigure, KpiGroup, Kpis, SignalKpi } from '@pokewatch/contracts';
import { count, type FigureTable, NONE, number, optional, percent } from '@pokewatch/report';

/** Fewer than this say nothing. */
const LEAST_CALLS = 20;

/** Everything but the cards, as tables for a terminal and for the report alike. */
export function kpiTables(kpis: Kpis): FigureTable[] {
  return [signalsTable(kpis), accuracyTable(kpis), signalsGivenTable(kpis), ...groupTables(kpis)];
}

function signalsTable({ signals, settings }: Kpis): FigureTable {
  const row = ({ signal, days, states, precision, recall }: SignalKpi) => [
    signal,
    String(days),
    count(states.judged),
    count(states.open),
    shares(precision),
    percent(precision.base_rate),
    shares(recall),
    percent(recall.base_rate),
    wordOf(precision),
  ];
  const set = settings.map(
    ({ buy_threshold_pct, sell_threshold_pct, horizon_days }) =>
      `BUY from ${percent(buy_threshold_pct, 0)} under, SELL from ${percent(sell_threshold_pct, 0)} over the price expected ${horizon_days} days later`,
  );
  return {
    title: 'Were the calls right? Precision and recall of a move of 10 % or more',
    note: `Published as ${set.join('; ') || 'nothing yet'}. Precision: the part of the calls after which the price moved their way; beside it how often it did after any call. Recall: the part of such moves that had been called; beside it what calls by lot would find. In brackets 90 % intervals.`,
    columns: [
      { title: 'call' },
      number('days after'),
      number('judged'),
      number('open'),
      number('precision'),
      number('any call'),
      number('recall'),
      number('by lot'),
      optional('interval'),
    ],
    rows: signals.map(row),
  };
}

function accuracyTable({ mape, rmse, coverage, states, currency }: Kpis): FigureTable {
  const unit = currency === null ? '' : ` ${currency}`;
  const row = (name: string, figure: KpiFigure, shown: (value: number | null) => string, beside: string) => [
    name,
    count(figure.n),
    withBounds(figure, shown),
    shown(figure.base_rate),
    beside,
  ];
  const money = (value: number | null) => (value === null ? NONE : `${value.toFixed(2)}${unit}`);
  const share = (value: number | null) => percent(value);
  return {
    title: 'How far off were the fair prices, at the horizon of each call?',
    note: `${count(states.judged)} calls judged, ${count(states.open)} open, ${count(states.no_price)} without a price around their day. In brackets 90 % intervals; of errors there is none before four weeks of calls.`,
    columns: [{ title: 'figure' }, number('n'), number('value'), number('beside'), { title: 'beside is' }],
    rows: [
      row('MAPE', mape, share, 'the error of “no change”'),
      row('RMSE', rmse, money, 'the error of “no change”'),
      row('band coverage', coverage, share, 'what the band promises'),
    ],
  };
}

function signalsGivenTable({ distribution, stability }: Kpis): FigureTable {
  const row = (name: string, figure: KpiFigure, beside: string) => [
    name,
    count(figure.n),
    withBounds(figure, (value) => percent(value)),
    percent(figure.base_rate),
    beside,
  ];
  return {
    title: 'Which signals were given, and how steady are they?',
    note: 'A call is compared with the call before on the same card, at most a week before. In brackets 90 % intervals.',
    columns: [{ title: 'share of calls' }, number('n'), number('value'), number('beside'), { title: 'beside is' }],
    rows: [
      ...distribution.map(({ signal, share }) =>
        row(
          signal,
          share,
          signal === 'HOLD' ? 'prices that moved less than 10 %' : 'prices that moved so by 10 % or more',
        ),
      ),
      row('same as before', stability.same, 'signals by lot'),
      row('from BUY to SELL or back', stability.reversed, 'signals by lot'),
    ],
  };
}

function groupTables({ by, least_price, currency }: Kpis): FigureTable[] {
  const from =
    least_price === 0 ? 'all cards' : `cards from ${least_price}${currency === null ? '' : ` ${currency}`} up`;
  const group = (title: string, note: string, groups: readonly KpiGroup[]): FigureTable => ({
    title,
    note,
    columns: [
      { title: 'group' },
      number('cards'),
      number('judged'),
      optional('open'),
      number('MAPE'),
      number('“no change”'),
      optional('RMSE'),
      number('in the band'),
    ],
    rows: groups.map(({ group: name, cards, states, mape, rmse, coverage }) => [
      name,
      count(cards),
      count(states.judged),
      count(states.open),
      ...(states.judged < LEAST_CALLS
        ? ['too few', NONE, NONE, 'too few']
        : [
            withBounds(mape, (value) => percent(value)),
            percent(mape.base_rate),
            rmse.value!.toFixed(2),
            shares(coverage),
          ]),
    ]),
  });
  return [
    group('By price', 'Price on the day of the call; all cards.', by.price),
    group('By rarity', `Of ${from}.`, by.rarity),
    group('By set', `Of ${from}.`, by.set),
  ];
}

/** The cards with most judged calls first. */
export function cardTable({ cards }: Kpis, most = Number.POSITIVE_INFINITY): FigureTable {
  const shown = cards
    .toSorted((a, b) => b.states.judged - a.states.judged || (a.card_id < b.card_id ? -1 : 1))
    .slice(0, most);
  return {
    title: 'By card',
    note: `${count(shown.length)} of ${count(cards.length)} cards, those with most judged calls first.`,
    columns: [
      { title: 'card' },
      { title: 'name' },
      number('judged'),
      number('open'),
      number('MAPE'),
      number('“no change”'),
    ],
    rows: shown.map(({ card_id, name, states, mape }) => [
      card_id,
      name,
      count(states.judged),
      count(states.open),
      withBounds(mape, (value) => percent(value)),
      percent(mape.base_rate),
    ]),
  };
}

function shares(figure: KpiFigure): string {
  return figure.n === 0 ? NONE : withBounds(figure, (value) => percent(value, 0));
}

function withBounds({ value, lower, upper }: KpiFigure, shown: (value: number | null) => string): string {
  return lower === null || upper === null ? shown(value) : `${shown(value)} [${shown(lower)}, ${shown(upper)}]`;
}

function wordOf({ interval, n }: KpiFigure): string {
  if (interval === null) return NONE;
  const few = n < LEAST_CALLS ? ', too few to say' : '';
  return `${interval === 'wilson' ? 'Wilson' : 'blocks of days'}${few}`;
}
