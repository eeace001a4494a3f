import { DOWN_MOVE, UP_MOVE } from '@pokewatch/contracts';
import { ranks, spearman } from './ranks.ts';
import { isScored, type OutcomeRows } from './rows.ts';

/** Share of the rows with the highest (lowest) predictions that BUY (SELL) is judged on. */
export const CALL_SHARE = 0.05;

/** A day counts for the IC within a day from this many cards on. */
export const LEAST_CARDS_A_DAY = 30;

/** The band is an 80 % band: its interval score punishes a miss with 2 / 0.2 times its distance. */
const MISS_COST = 10;

/**
 * A figure made of sums over rows: `add` adds one row's share to the sums of its day, `value` turns sums into the
 * figure. `base` turns the same sums into the rate it is to be compared with, where there is one.
 */
export interface MetricDefinition {
  readonly name: string;
  readonly definition: string;
  readonly width: number;
  /** True when unscored rows (no outcome yet, or no prediction) count too. */
  readonly all_rows: boolean;
  readonly prepare: (outcomes: OutcomeRows, scored: readonly number[]) => (row: number, sums: Float64Array) => void;
  readonly value: (sums: Float64Array) => number;
  readonly base?: (sums: Float64Array) => number;
}

const ratio = (top: number, bottom: number) => (bottom > 0 ? top / bottom : Number.NaN);
const meanOfFirst = (s: Float64Array) => ratio(s[0]!, s[1]!);

/** A mean over scored rows. */
function mean(
  name: string,
  definition: string,
  of: (outcomes: OutcomeRows, row: number) => number,
  finish: (mean: number) => number = (x) => x,
): MetricDefinition {
  return {
    name,
    definition,
    width: 2,
    all_rows: false,
    prepare: (outcomes) => (row, sums) => {
      sums[0] = sums[0]! + of(outcomes, row);
      sums[1] = sums[1]! + 1;
    },
    value: (sums) => finish(meanOfFirst(sums)),
  };
}

const ic: MetricDefinition = {
  name: 'ic',
  definition: 'rank correlation of predicted and realised log return over all rows',
  width: 6,
  all_rows: false,
  prepare: (outcomes, scored) => {
    // Ranks of the whole window are kept in resamples: then the figure is a matter of sums.
    const x = new Map<number, number>();
    const y = new Map<number, number>();
    const centre = (scored.length - 1) / 2;
    const predicted = ranks(scored.map((row) => outcomes.log_return[row]!));
    const realised = ranks(scored.map((row) => outcomes.realised[row]!));
    scored.forEach((row, i) => {
      x.set(row, predicted[i]! - centre);
      y.set(row, realised[i]! - centre);
    });
    return (row, s) => {
      const a = x.get(row)!;
      const b = y.get(row)!;
      s[0] = s[0]! + 1;
      s[1] = s[1]! + a;
      s[2] = s[2]! + b;
      s[3] = s[3]! + a * b;
      s[4] = s[4]! + a * a;
      s[5] = s[5]! + b * b;
    };
  },
  value: (s) => {
    const n = s[0]!;
    if (n < 2) return Number.NaN;
    const aa = s[4]! - (s[1]! * s[1]!) / n;
    const bb = s[5]! - (s[2]! * s[2]!) / n;
    return aa > 0 && bb > 0 ? (s[3]! - (s[1]! * s[2]!) / n) / Math.sqrt(aa * bb) : 0;
  },
};

const ic_within_day: MetricDefinition = {
  name: 'ic_within_day',
  definition: `mean over days with at least ${LEAST_CARDS_A_DAY} cards of the rank correlation within the day`,
  width: 2,
  all_rows: false,
  prepare: (outcomes, scored) => {
    const of_day = new Map<number, number[]>();
    for (const row of scored) {
      const rows = of_day.get(outcomes.day[row]!);
      if (rows) rows.push(row);
      else of_day.set(outcomes.day[row]!, [row]);
    }
    const first = new Map<number, number>();
    for (const rows of of_day.values()) {
      if (rows.length < LEAST_CARDS_A_DAY) continue;
      const value = spearman(
        rows.map((row) => outcomes.log_return[row]!),
        rows.map((row) => outcomes.realised[row]!),
      );
      first.set(rows[0]!, value);
    }
    return (row, s) => {
      const value = first.get(row);
      if (value === undefined) return;
      s[0] = s[0]! + value;
      s[1] = s[1]! + 1;
    };
  },
  value: meanOfFirst,
};

/** Hits among the rows with the highest or lowest predictions, over the base rate. Rows tied at the edge count in part. */
function calls(name: string, definition: string, sign: 1 | -1, hit: (realised: number) => boolean): MetricDefinition {
  return {
    name,
    definition,
    width: 4,
    all_rows: false,
    prepare: (outcomes, scored) => {
      const values = Float64Array.from(scored, (row) => sign * outcomes.log_return[row]!).sort();
      const wanted = Math.max(1, Math.round(CALL_SHARE * scored.length));
      const edge = values[values.length - wanted] ?? Number.NaN;
      const above = values.reduce((count, value) => count + (value > edge ? 1 : 0), 0);
      const tied = values.reduce((count, value) => count + (value === edge ? 1 : 0), 0);
      return (row, s) => {
        const value = sign * outcomes.log_return[row]!;
        const share = value > edge ? 1 : value === edge ? (wanted - above) / tied : 0;
        const came = hit(outcomes.realised[row]!) ? 1 : 0;
        s[0] = s[0]! + share * came;
        s[1] = s[1]! + share;
        s[2] = s[2]! + came;
        s[3] = s[3]! + 1;
      };
    },
    value: (s) => ratio(ratio(s[0]!, s[1]!), ratio(s[2]!, s[3]!)),
    base: (s) => ratio(s[2]!, s[3]!),
  };
}

const mae_over_naive: MetricDefinition = {
  name: 'mae_over_naive',
  definition: 'mean absolute error of log fair against the log realised price, over that of "no change"',
  width: 2,
  all_rows: false,
  prepare: (outcomes) => (row, s) => {
    s[0] = s[0]! + Math.abs(outcomes.realised[row]! - outcomes.log_return[row]!);
    s[1] = s[1]! + Math.abs(outcomes.realised[row]!);
  },
  value: meanOfFirst,
};

const completeness: MetricDefinition = {
  name: 'completeness',
  definition: 'share of all rows with a finite prediction',
  width: 2,
  all_rows: true,
  prepare: (outcomes) => (row, s) => {
    s[0] = s[0]! + (Number.isFinite(outcomes.log_return[row]!) ? 1 : 0);
    s[1] = s[1]! + 1;
  },
  value: meanOfFirst,
};

const coverage_rate: MetricDefinition = {
  name: 'coverage_rate',
  definition: 'share of all rows for which a model spoke, rather than "no change" in its stead',
  width: 2,
  all_rows: true,
  prepare: (outcomes) => (row, s) => {
    s[0] = s[0]! + (outcomes.spoke[row]! !== 0 && Number.isFinite(outcomes.log_return[row]!) ? 1 : 0);
    s[1] = s[1]! + 1;
  },
  value: meanOfFirst,
};

const realisedPrice = (o: OutcomeRows, row: number) => o.market[row]! * Math.exp(o.realised[row]!);
const fairPrice = (o: OutcomeRows, row: number) => o.market[row]! * Math.exp(o.log_return[row]!);

/** All figures, in the order in which they are shown. */
export const METRICS: readonly MetricDefinition[] = [
  ic,
  ic_within_day,
  calls(
    'buy_over_base',
    'share of the 5 % highest predictions that gained ≥ 10 %, over the share of all',
    1,
    (r) => r >= UP_MOVE,
  ),
  calls(
    'sell_over_base',
    'share of the 5 % lowest predictions that lost ≥ 10 %, over the share of all',
    -1,
    (r) => r <= DOWN_MOVE,
  ),
  mae_over_naive,
  mean('coverage', 'share of realised prices inside the 80 % band', (o, row) => {
    const price = realisedPrice(o, row);
    return price >= o.lower[row]! && price <= o.upper[row]! ? 1 : 0;
  }),
  mean(
    'interval_score',
    'width of the 80 % band in log plus ten times the distance of misses (Gneiting and Raftery 2007)',
    (o, row) => {
      const market = o.market[row]!;
      const lower = Math.log(o.lower[row]! / market);
      const upper = Math.log(o.upper[row]! / market);
      const realised = o.realised[row]!;
      return upper - lower + MISS_COST * Math.max(0, lower - realised, realised - upper);
    },
  ),
  completeness,
  mean(
    'mape',
    'mean absolute error of the fair price, as a share of the realised price',
    (o, row) => Math.abs(fairPrice(o, row) - realisedPrice(o, row)) / realisedPrice(o, row),
  ),
  mean(
    'rmse',
    'root of the mean squared error of the fair price, in currency',
    (o, row) => (fairPrice(o, row) - realisedPrice(o, row)) ** 2,
    Math.sqrt,
  ),
  coverage_rate,
  mean('bias', 'mean of realised less predicted log return', (o, row) => o.realised[row]! - o.log_return[row]!),
];

/** The rows of `rows` that can be scored. */
export function scoredRows(outcomes: OutcomeRows, rows: readonly number[]): number[] {
  return rows.filter((row) => isScored(outcomes, row));
}
