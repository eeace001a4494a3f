import type { BacktestFigures } from '@pokewatch/contracts';
import { dayFromEpoch, epochDay } from '@pokewatch/core';
import { lineChart, paragraph, type Section, tablesHtml } from '@pokewatch/report';
import { tradingTables } from '../tables/trading.ts';

/** Places in the palette: BUY has the colour of its other charts. */
const COLOURS: Readonly<Record<string, number>> = { 'BUY signal': 0, 'flip yes': 1, 'cards at random': 4 };

/** Could money be made with it? Trades on paper against holding everything. */
export function tradingSection({ trading }: BacktestFigures): Section {
  const { strategies, holding, first_day, horizon_days, slots } = trading;
  const start = epochDay(first_day);
  const days = (values: readonly number[]) => values.map((_, i) => start + i);
  const fees = strategies[0]!.fees;
  const curves = strategies.filter((one) => one.fees === fees);
  return {
    title: 'Could money be made with it?',
    html: [
      paragraph(
        `Trades on paper: bought at the market price only where a listing stood at or under it, sold at the market price ${horizon_days} days later, less the fees of ${fees}. The purse holds up to ${slots} cards in equal stakes and is valued as if everything were sold that day, so each purchase first costs its fee. The dashed line is the value of all cards, held and never sold: no fee is in it.`,
      ),
      lineChart(
        [
          ...curves.map(({ strategy, portfolio }) => ({
            name: strategy,
            x: days(portfolio.equity),
            y: portfolio.equity,
            ...(COLOURS[strategy] === undefined ? {} : { colour: COLOURS[strategy] }),
          })),
          {
            name: 'holding all cards, before fees',
            x: days(holding.index),
            y: holding.index,
            colour: 2,
            dashed: true as const,
          },
        ],
        {
          title: 'Worth of a purse by day, as a multiple of its start',
          xLabel: 'day',
          yLabel: 'worth (start = 1)',
          reference: 1,
          days: true,
          formatX: (day) => dayFromEpoch(Math.round(day)).slice(5),
          formatY: (worth) => worth.toFixed(2),
        },
      ),
      tablesHtml(tradingTables(trading)),
    ].join('\n'),
  };
}
