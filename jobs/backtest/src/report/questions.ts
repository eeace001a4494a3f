import type { BacktestFigures } from '@pokewatch/contracts';
import { barChart, foldedTables, lineChart, paragraph, type Section, tablesHtml } from '@pokewatch/report';
import { callTables } from '../tables/calls.ts';
import { timingTables } from '../tables/timing.ts';
import { leastPrice } from '../tables/words.ts';

const percent = (fraction: number) => `${Number((fraction * 100).toFixed(1))} %`;

/** Buy now or wait, sell now or later, flip or not: what following the verdicts was worth. */
export function questionsSection(figures: BacktestFigures): Section {
  const { timing, timing_below, horizon_days } = figures;
  const [all, ...halves] = timing;
  const cards = `cards from ${leastPrice(figures)} up`;
  return {
    title: 'Now or later?',
    html: [
      paragraph(
        `Two questions of a collector: I want this card, do I buy it today or wait? I own it and would sell, today or later? Each answer is judged against doing it today. A good “wait” is one after which the price fell; a good “sell later” one after which it rose more than that of any card.`,
      ),
      tablesHtml(timingTables(all!, horizon_days, cards)),
      foldedTables(
        [
          ...halves.map((half) => ({ half, of: `${cards}, ${half.window}` })),
          ...(timing_below === null ? [] : [{ half: timing_below, of: `cards below ${leastPrice(figures)}` }]),
        ].flatMap(({ half, of }) =>
          timingTables(half, horizon_days, of).map((table) => ({ ...table, title: `${table.title} (${of})` })),
        ),
      ),
    ].join('\n'),
  };
}

/** Calls drawn on the charts, each in one colour. */
const CHARTED = ['BUY', 'buy now', 'every card', 'buy wait', 'sell now'];
const COUNTED = ['BUY', 'SELL', 'buy wait', 'sell now'];
const COLOURS: Readonly<Record<string, number>> = {
  BUY: 0,
  SELL: 1,
  'buy now': 1,
  'every card': 2,
  'buy wait': 3,
  'sell now': 4,
};
const colourOf = (call: string) => ({ colour: COLOURS[call] ?? 0 });

/** What became of every kind of call 7 to 30 days later, and how many there were. */
export function callsSection(figures: BacktestFigures): Section {
  const charted = CHARTED.flatMap((call) => figures.calls.filter((one) => one.call === call));
  const months = figures.calls_by_month;
  return {
    title: 'What became of its calls?',
    html: [
      paragraph(
        `Mean change of the market price 7 to 30 days after a call. The model was fitted to ${figures.horizon_days} days. What matters is the distance to every card.`,
      ),
      lineChart(
        charted.map(({ call, after }) => ({
          name: call,
          ...colourOf(call),
          x: [0, ...after.map((one) => one.days)],
          y: [0, ...after.map((one) => one.change.value ?? Number.NaN)],
          ...(call === 'every card' ? { dashed: true as const } : {}),
        })),
        {
          title: 'Mean change of the market price after a call',
          xLabel: 'days after the call',
          yLabel: 'mean change',
          formatY: percent,
          reference: 0,
        },
      ),
      barChart(
        months.map(({ month }) => month),
        COUNTED.map((call) => ({
          name: call,
          ...colourOf(call),
          values: months.map(({ n, calls }) => (calls[call] ?? 0) / n),
        })),
        {
          title: 'Part of all card-days with such a call, by month',
          xLabel: 'month',
          yLabel: 'part of card-days',
          formatY: percent,
        },
      ),
      foldedTables(callTables(figures)),
    ].join('\n'),
  };
}
