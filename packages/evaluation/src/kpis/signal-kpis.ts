import { DOWN_MOVE, type KpiSummary, type Signal, type SignalKpi, SignalSchema, UP_MOVE } from '@pokewatch/contracts';
import { type CallOutcomes, countStates, type PublishedCalls } from './published-calls.ts';
import { plainShare, shareFigure } from './share-figure.ts';

/** Calls of one card further apart than this are no neighbours: nothing was published in between. */
const MOST_GAP_DAYS = 7;

/** Calls change with the market: neighbouring days are alike for about so long. */
const CALL_BLOCK_DAYS = 14;

const MOVED: Readonly<Record<'BUY' | 'SELL', (realised: number) => boolean>> = {
  BUY: (realised) => realised >= UP_MOVE,
  SELL: (realised) => realised <= DOWN_MOVE,
};

/**
 * How right BUY and SELL were some days later. Precision is the share of the calls after which the price moved by 10 % or more
 * their way, beside the share of all calls of which that is true; recall the share of all such moves that had been called, beside
 * the share of calls of that signal, which is the recall of calls made by lot.
 */
export function signalKpis(calls: PublishedCalls, outcomes: CallOutcomes, rows: readonly number[]): SignalKpi[] {
  const judged = rows.filter((row) => outcomes.state[row] === 'judged');
  return (['BUY', 'SELL'] as const).map((signal) => {
    const moved = (row: number) => MOVED[signal](outcomes.realised[row]!);
    const called = (row: number) => calls.signal[row] === signal;
    const given = { calls, rows: judged, block_days: outcomes.days };
    return {
      signal,
      days: outcomes.days,
      states: countStates(outcomes, rows.filter(called)),
      precision: shareFigure({ ...given, of: called, hit: moved, base_rate: plainShare(judged, moved) }),
      recall: shareFigure({ ...given, of: moved, hit: called, base_rate: plainShare(judged, called) }),
    };
  });
}

/**
 * How often each signal was given, beside how often prices moved so at the horizon of the calls: up by 10 % or more for BUY,
 * down for SELL, neither for HOLD.
 */
export function signalDistribution(
  calls: PublishedCalls,
  outcomes: CallOutcomes,
  rows: readonly number[],
): KpiSummary['distribution'] {
  const judged = rows.filter((row) => outcomes.state[row] === 'judged');
  const came = (row: number): Signal => {
    const realised = outcomes.realised[row]!;
    return MOVED.BUY(realised) ? 'BUY' : MOVED.SELL(realised) ? 'SELL' : 'HOLD';
  };
  return SignalSchema.options.map((signal) => ({
    signal,
    share: shareFigure({
      calls,
      rows,
      block_days: CALL_BLOCK_DAYS,
      of: () => true,
      hit: (row) => calls.signal[row] === signal,
      base_rate: plainShare(judged, (row) => came(row) === signal),
    }),
  }));
}

/**
 * How steady signals are: the share of calls with the signal of the same card's call before (at most a week before), and of
 * those that went from BUY to SELL or back. Beside them what signals drawn by lot would give.
 */
export function signalStability(calls: PublishedCalls, rows: readonly number[]): KpiSummary['stability'] {
  const before = new Map<number, number>();
  for (let i = 1; i < rows.length; i++) {
    const [last, row] = [rows[i - 1]!, rows[i]!];
    const gap = calls.day[row]! - calls.day[last]!;
    if (calls.card[row] === calls.card[last] && gap > 0 && gap <= MOST_GAP_DAYS) before.set(row, last);
  }
  const share = (signal: Signal) => plainShare(rows, (row) => calls.signal[row] === signal) ?? 0;
  const [buy, sell, hold] = [share('BUY'), share('SELL'), share('HOLD')];
  const given = { calls, rows, block_days: CALL_BLOCK_DAYS, of: (row: number) => before.has(row) };
  const none = before.size === 0;
  const pair = (row: number) => [calls.signal[before.get(row)!]!, calls.signal[row]!] as const;
  return {
    same: shareFigure({
      ...given,
      hit: (row) => pair(row)[0] === pair(row)[1],
      base_rate: none ? null : buy ** 2 + sell ** 2 + hold ** 2,
    }),
    reversed: shareFigure({
      ...given,
      hit: (row) => pair(row)[0] !== pair(row)[1] && !pair(row).includes('HOLD'),
      base_rate: none ? null : 2 * buy * sell,
    }),
  };
}
