import type { TradingFigures } from '@pokewatch/contracts';
import { change, changeWithInterval, count, type FigureTable, number, optional, percent } from '@pokewatch/report';

/** Trades on paper: every call alone, then what a purse of limited size made of them. */
export function tradingTables({ strategies, holding, slots, horizon_days, first_day }: TradingFigures): FigureTable[] {
  const times = (value: number) => value.toFixed(2);
  return [
    {
      title: 'Trades on paper, net of fees: each call by itself',
      note: `Bought at the market price on the day of the call where a listing stood at or under it (buyable), sold at the market price ${horizon_days} days later.`,
      columns: [
        { title: 'strategy' },
        { title: 'fees' },
        number('calls'),
        number('buyable'),
        number('trades'),
        number('with a gain'),
        number('mean'),
        number('median'),
      ],
      rows: strategies.map(({ strategy, fees, calls, buyable, each }) => [
        strategy,
        fees,
        count(calls),
        count(buyable),
        count(each.n),
        percent(each.won, 0),
        changeWithInterval(each.mean),
        change(each.median),
      ]),
    },
    {
      title: `The same with a purse of ${slots} equal stakes`,
      note: `A stake is 1/${slots} of the money at the start; the strongest calls first, no card twice at a time, gains are not put to work. Worth is net of fees, as if all were sold. Turnover: purchases over the mean worth. Holding: ${count(holding.cards)} cards bought in equal stakes on ${first_day} and kept.`,
      columns: [
        { title: 'strategy' },
        { title: 'fees' },
        number('trades'),
        number('with a gain'),
        number('mean'),
        optional('median'),
        number('turnover'),
        number('draw-down'),
        number('worth at the end'),
      ],
      rows: [
        ...strategies.map(({ strategy, fees, portfolio: p }) => [
          strategy,
          fees,
          count(p.n),
          percent(p.won, 0),
          changeWithInterval(p.mean),
          change(p.median),
          times(p.turnover),
          percent(p.draw_down, 0),
          times(p.end),
        ]),
        ...holding.end_net.map(({ fees, end }) => [
          'hold all',
          fees,
          count(holding.cards),
          '',
          '',
          '',
          '1.00',
          '',
          times(end),
        ]),
        [
          'hold all',
          'none',
          count(holding.cards),
          '',
          '',
          '',
          '1.00',
          percent(holding.draw_down, 0),
          times(holding.end),
        ],
      ],
    },
  ];
}
