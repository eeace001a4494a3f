import type { KpiFigure } from '@pokewatch/contracts';
import { DEFAULT_BOOTSTRAP } from '../bootstrap.ts';
import { METRICS } from '../definitions.ts';
import { evaluate, type Figure } from '../evaluate.ts';
import { meanFigure } from '../mean-figure.ts';
import type { OutcomeRows } from '../rows.ts';
import type { CallOutcomes, PublishedCalls } from './published-calls.ts';
import { shareFigure } from './share-figure.ts';

/** How far off fair prices were, and how often the price came to lie in the band. */
export interface Accuracy {
  readonly mape: KpiFigure;
  readonly rmse: KpiFigure;
  readonly coverage: KpiFigure;
}

/** The share that an 80 % band promises, beside which its coverage is read. */
const PROMISED = 0.8;

const ERRORS = METRICS.filter(({ name }) => name === 'mape' || name === 'rmse');

/**
 * Errors of the fair price (definitions as in a backtest) and coverage of the band, over the judged calls among `rows`; each
 * beside what "no change" would have given, coverage beside the 80 % that are promised. `outcomes` are those at the horizon of
 * the calls; `longest_days` is the longest of the horizons.
 */
export function accuracyOf(
  calls: PublishedCalls,
  outcomes: CallOutcomes,
  rows: readonly number[],
  longest_days: number,
): Accuracy {
  const judged = rows.filter((row) => outcomes.state[row] === 'judged');
  const said = evaluate(outcomeRows(calls, outcomes, longest_days), judged, DEFAULT_BOOTSTRAP, ERRORS);
  const naive = evaluate(
    noChange(calls, outcomes, longest_days),
    judged,
    { ...DEFAULT_BOOTSTRAP, resamples: 0 },
    ERRORS,
  );
  const beside = (name: string): KpiFigure => told(said[name]!, naive[name]!.value);
  const coverage = shareFigure({
    calls,
    rows: judged,
    of: () => true,
    hit: (row) => {
      const price = calls.market[row]! * Math.exp(outcomes.realised[row]!);
      return price >= calls.lower[row]! && price <= calls.upper[row]!;
    },
    block_days: longest_days,
    base_rate: PROMISED,
  });
  return { mape: beside('mape'), rmse: beside('rmse'), coverage };
}

/** The mean absolute error of the fair prices of one card, as a share of what came, beside that of "no change". */
export function cardMape(
  calls: PublishedCalls,
  outcomes: CallOutcomes,
  rows: readonly number[],
  longest_days: number,
): KpiFigure {
  const judged = rows.filter((row) => outcomes.state[row] === 'judged');
  const came = (row: number) => calls.market[row]! * Math.exp(outcomes.realised[row]!);
  const error = (price: (row: number) => number) => (row: number) => Math.abs(price(row) - came(row)) / came(row);
  const mean = (of: (row: number) => number) => meanFigure(calls.day, judged, of, longest_days);
  return told(mean(error((row) => calls.fair[row]!)), mean(error((row) => calls.market[row]!)).value);
}

function told({ value, n, lower, upper }: Figure, base_rate: number | null): KpiFigure {
  return { value, n, lower, upper, interval: lower === null ? null : 'bootstrap', base_rate };
}

function outcomeRows(calls: PublishedCalls, { realised }: CallOutcomes, horizon_days: number): OutcomeRows {
  const log_return = Float64Array.from({ length: calls.rows }, (_, row) =>
    Math.log(calls.fair[row]! / calls.market[row]!),
  );
  // What the chosen figures do not read.
  const none = new Float64Array(0);
  return { ...calls, horizon_days, log_return, realised, p_up: none, p_down: none, spoke: none };
}

function noChange(calls: PublishedCalls, outcomes: CallOutcomes, horizon_days: number): OutcomeRows {
  return { ...outcomeRows(calls, outcomes, horizon_days), log_return: new Float64Array(calls.rows) };
}
