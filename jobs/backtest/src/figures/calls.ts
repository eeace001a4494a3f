import { type CallFigures, DOWN_MOVE, UP_MOVE } from '@pokewatch/contracts';
import { dayFromEpoch } from '@pokewatch/core';
import { CALL_SHARE } from '@pokewatch/evaluation';
import { realisedReturns } from '@pokewatch/fair-value';
import { changeOf, shareOf } from './change.ts';
import { BUY_ANSWERS, type Decisions, SELL_ANSWERS, SIGNALS } from './decisions.ts';
import { DAYS_AFTER, type Subject } from './subject.ts';

interface CallKind {
  readonly call: string;
  readonly meaning: string;
  /** Where the price is said to go. */
  readonly direction: 'up' | 'down' | null;
  readonly said: (decisions: Decisions, row: number) => boolean;
}

const SAID: readonly CallKind[] = [
  { call: 'every card', meaning: 'all card-days: the base rate', direction: null, said: () => true },
  {
    call: 'BUY',
    meaning: 'the signal: fair price far above the market price',
    direction: 'up',
    said: (d, row) => SIGNALS[d.signal[row]!] === 'BUY',
  },
  {
    call: 'SELL',
    meaning: 'the signal: fair price far below the market price',
    direction: 'down',
    said: (d, row) => SIGNALS[d.signal[row]!] === 'SELL',
  },
  {
    call: 'buy now',
    meaning: 'the verdict of a buyer, where somebody sold at the market price: now',
    direction: 'up',
    said: (d, row) => BUY_ANSWERS[d.buy[row]!] === 'now' && d.above[row] === 0,
  },
  {
    call: 'buy wait',
    meaning: 'the verdict of a buyer, where somebody sold at the market price: wait',
    direction: 'down',
    said: (d, row) => BUY_ANSWERS[d.buy[row]!] === 'wait' && d.above[row] === 0,
  },
  {
    call: 'sell now',
    meaning: 'the verdict of an owner: now',
    direction: 'down',
    said: (d, row) => SELL_ANSWERS[d.sell[row]!] === 'now',
  },
  {
    call: 'sell later',
    meaning: 'the verdict of an owner: later',
    direction: 'up',
    said: (d, row) => SELL_ANSWERS[d.sell[row]!] === 'later',
  },
];

/** What became of the calls of each kind 7 to 30 days later, of cards from the least price up. */
export function callFigures(subject: Subject): CallFigures[] {
  const { judged, decisions, outcomes } = subject;
  const kinds = SAID.map((kind) => ({ ...kind, rows: judged.filter((row) => kind.said(decisions, row)) }));
  const ranked = judged.toSorted((a, b) => outcomes.log_return[b]! - outcomes.log_return[a]! || a - b);
  const wanted = Math.round(CALL_SHARE * ranked.length);
  const ends = [
    {
      call: 'highest 5 %',
      meaning: 'the 5 % highest predictions of the whole range',
      direction: 'up' as const,
      rows: ranked.slice(0, wanted),
    },
    {
      call: 'lowest 5 %',
      meaning: 'the 5 % lowest predictions of the whole range',
      direction: 'down' as const,
      rows: ranked.slice(ranked.length - wanted),
    },
  ];
  const after = DAYS_AFTER.map((days) => ({ days, realised: realisedAfter(subject, days) }));
  return [...kinds, ...ends].map(({ call, meaning, direction, rows }) => ({
    call,
    meaning,
    direction,
    after: after.map(({ days, realised }) => {
      const change = changeOf({ realised, day: outcomes.day, block_days: days }, rows);
      const moved = (row: number) => (direction === 'up' ? realised[row]! >= UP_MOVE : realised[row]! <= DOWN_MOVE);
      const all_moved = judged.filter(moved);
      const called = new Set(rows);
      return {
        days,
        ...change,
        precision: direction === null ? null : direction === 'up' ? change.gained : change.lost,
        recall: direction === null ? null : shareOf(all_moved, (row) => called.has(row)),
        base_rate:
          direction === null
            ? null
            : shareOf(
                judged.filter((row) => Number.isFinite(realised[row]!)),
                moved,
              ),
      };
    }),
  }));
}

/** Realised log return of each row over so many days; NaN where it is not known. */
function realisedAfter({ panel, predictions }: Subject, days: number): Float64Array {
  const labels = realisedReturns(panel, days).log_return;
  return Float64Array.from(
    predictions.card,
    (card, row) => labels[card * panel.days + predictions.day[row]! - panel.first_day]!,
  );
}

/** Number of calls of each kind by month. */
export function callsByMonth({ judged, decisions, outcomes }: Subject) {
  const months = Map.groupBy(judged, (row) => dayFromEpoch(outcomes.day[row]!).slice(0, 7));
  return [...months.keys()].sort().map((month) => ({
    month,
    n: months.get(month)!.length,
    calls: Object.fromEntries(
      SAID.filter((kind) => kind.direction !== null).map(({ call, said }) => [
        call,
        months.get(month)!.filter((row) => said(decisions, row)).length,
      ]),
    ),
  }));
}
