import type { Change, FlipFigures, QuestionFigures, TimingFigures } from '@pokewatch/contracts';
import {
  change as changed,
  changeWithInterval,
  count,
  type FigureTable,
  number,
  optional,
  percent,
} from '@pokewatch/report';

const COLUMNS = [
  { title: 'answer' },
  number('share'),
  number('card-days'),
  number('mean change'),
  number('rose'),
  optional('≥ +10 %'),
  optional('≤ −10 %'),
];

/** The timing questions and the flips of a span of days. `of` names the cards. */
export function timingTables(timing: TimingFigures, horizon_days: number, of: string): FigureTable[] {
  const { base, buy, sell, flips, listing_above } = timing;
  const where = `Of ${of}, ${timing.from} to ${timing.to}.`;
  const tables = [
    question('Buy now or wait? Judged against buying today', buy, base, {
      note: `${where} Change of the market price over ${horizon_days} days. ${saved('saved a buyer', buy)} Without ${count(listing_above.n)} card-days on which nobody sold at the market price.`,
    }),
    question('Sell now or later? Judged against selling today', sell, base, {
      note: `${where} ${saved('earned an owner', sell)}`,
    }),
  ];
  return [...tables, flipTable(flips, horizon_days, where)];
}

function saved(who: string, { followed, later }: QuestionFigures): string {
  return `Doing as it says ${who} ${changeWithInterval(followed)} of the price over doing it today, always waiting ${changeWithInterval(later)}.`;
}

function question(title: string, asked: QuestionFigures, base: Change, { note }: { note: string }): FigureTable {
  const row = (answer: string, share: number | null, one: Change) => [
    answer,
    percent(share, 0),
    count(one.n),
    changeWithInterval(one.change),
    percent(one.rose, 0),
    percent(one.gained),
    percent(one.lost),
  ];
  return {
    title,
    note,
    columns: COLUMNS,
    rows: [row('any card-day', 1, base), ...asked.answers.map((one) => row(one.answer, one.share, one))],
  };
}

function flipTable(flips: readonly FlipFigures[], horizon_days: number, where: string): FigureTable {
  return {
    title: `Flip? Bought at the price to pay, sold ${horizon_days} days later, net of fees`,
    note: where,
    columns: [
      { title: 'fees' },
      { title: 'answer' },
      number('card-days'),
      number('promised'),
      number('earned'),
      number('median'),
      number('with a gain'),
    ],
    rows: flips.map(({ fees, answer, n, promised, earned, median, won }) => [
      fees,
      answer,
      count(n),
      changed(promised),
      changeWithInterval(earned),
      changed(median),
      percent(won, 0),
    ]),
  };
}
