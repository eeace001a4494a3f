import type { BacktestFigures, GroupFigures } from '@pokewatch/contracts';
import { enoughCalls } from '@pokewatch/evaluation';
import { count, decimal, type FigureTable, NONE, number, optional, percent, withInterval } from '@pokewatch/report';
import { leastPrice } from './words.ts';

const COLUMNS = [
  number('card-days'),
  optional('cards'),
  number('+10 %'),
  number('−10 %'),
  number('IC'),
  optional('in a day'),
  number('BUY ×'),
  number('SELL ×'),
  number('error'),
  number('covers'),
  optional('score'),
];

/** The model's figures by month, price tier, rarity and set. `most` is the number of sets shown. */
export function groupTables(
  figures: BacktestFigures,
  total: GroupFigures,
  most = Number.POSITIVE_INFINITY,
): FigureTable[] {
  const { months, tiers, rarities, sets } = figures;
  const from = `cards from ${leastPrice(figures)} up`;
  const shown = sets.slice(0, most);
  const rest = sets.length - shown.length;
  return [
    table(
      'By month of the prediction',
      'month',
      [...months, total],
      `Of ${from}. +10 % and −10 %: the part that rose or fell by that or more. IC: rank correlation of predicted and realised change. BUY ×, SELL ×: how many times as often the 5 % highest (lowest) predictions did. Error: over that of “no change”. Covers, score: of the 80 % band. In brackets 90 % intervals.`,
      true,
    ),
    table(
      'By price',
      'price',
      tiers,
      `All cards, by the market price on the day of the prediction. The figures above are of ${from}.`,
    ),
    table('By rarity', 'rarity', rarities, `Of ${from}.`),
    table(
      'By set',
      'set',
      shown,
      rest > 0 ? `Of ${from}; the ${shown.length} largest, ${rest} more in --report and --json.` : `Of ${from}.`,
    ),
  ];
}

function table(
  title: string,
  first: string,
  groups: readonly GroupFigures[],
  note: string,
  intervals = false,
): FigureTable {
  return { title, note, columns: [{ title: first }, ...COLUMNS], rows: groups.map((group) => row(group, intervals)) };
}

function row({ group, n, cards, enough, gained, lost, figures }: GroupFigures, intervals: boolean): string[] {
  const start = [group, count(n), count(cards)];
  if (!enough) return [...start, 'too few to say', ...COLUMNS.slice(3).map(() => '')];
  const value = intervals ? withInterval(figures.ic, 2) : decimal(figures.ic);
  const over = (name: string, base: number | null) => (enoughCalls(n, base) ? decimal(figures[name], 1) : NONE);
  return [
    ...start,
    percent(gained),
    percent(lost),
    value,
    decimal(figures.ic_within_day),
    over('buy_over_base', gained),
    over('sell_over_base', lost),
    intervals ? withInterval(figures.mae_over_naive, 2) : decimal(figures.mae_over_naive),
    percent(figures.coverage?.value, 0),
    decimal(figures.interval_score, 3),
  ];
}
