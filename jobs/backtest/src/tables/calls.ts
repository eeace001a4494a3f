import type { BacktestFigures, CallFigures } from '@pokewatch/contracts';
import { change, changeWithInterval, count, type FigureTable, number, optional, percent } from '@pokewatch/report';

/** Fewer calls than this say nothing. */
const LEAST_CALLS = 20;

/** What became of the calls 7 to 30 days later: mean changes, then precision and recall by direction. */
export function callTables({ calls, horizon_days }: BacktestFigures): FigureTable[] {
  const days = calls[0]!.after.map((one) => one.days);
  const columns = days.map((after) => (after === 21 ? optional : number)(`${after} days`));
  const base = calls.filter((call) => call.direction === null);
  const rows = (cell: (one: CallFigures['after'][number]) => string, of: readonly CallFigures[]) =>
    of.map(({ call, after }) => [
      call,
      count(after[0]!.n),
      ...after.map((one) => (one.n < LEAST_CALLS ? 'too few' : cell(one))),
    ]);
  const directed = (direction: 'up' | 'down') => calls.filter((call) => call.direction === direction);
  const hits = (direction: 'up' | 'down', moved: string): FigureTable => ({
    title: `Calls that the price ${direction === 'up' ? 'rises' : 'falls'}: which part of them ${moved}`,
    note: `In brackets recall: the part of all such moves that had been called. Every card: the base rate. Fitted to ${horizon_days} days.`,
    columns: [{ title: 'call' }, number('calls'), ...columns],
    rows: [
      ...rows((one) => percent(direction === 'up' ? one.gained : one.lost), base),
      ...rows((one) => `${percent(one.precision)} (${percent(one.recall, 0)})`, directed(direction)),
    ],
  });
  return [
    {
      title: 'What became of the calls: mean change of the market price after',
      note: 'In brackets 90 % intervals. The same calls, looked up at several days.',
      columns: [{ title: 'call' }, number('calls'), ...columns],
      rows: rows(
        (one) => (one.change.lower === null ? change(one.change.value) : changeWithInterval(one.change)),
        calls,
      ),
    },
    hits('up', 'gained 10 % or more'),
    hits('down', 'lost 10 % or more'),
  ];
}
