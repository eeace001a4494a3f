import { medianInPlace } from '../median.ts';
import { ERROR_STRIDE_DAYS, type KnownErrors, recency } from './known-errors.ts';
import { BAND_TIERS } from './tiers.ts';

/**
 * What cards share: errors of one day have the same sign more often than not, because the market moved as nobody
 * foresaw. `tiers` is the standard deviation (log return) of the error that a price tier shares on a day. `slope` is that of
 * the factor by which all expected moves of a day turn out too large or too small.
 */
export interface ShockState {
  readonly tiers: readonly number[];
  readonly slope: number;
}

/** Shared errors grow with the horizon itself, as a drift does: 0.15 % a day. */
const USUAL_SHOCK_PER_DAY = 0.0015;

/** Factors of expected moves differ from day to day by 0.08 times the root of the horizon. */
const USUAL_SLOPE = 0.08;

/**
 * Days one horizon apart are independent. What is usual counts as so many of them beside those that are known: a few
 * months hold only a few, and a calm spell is no promise.
 */
const USUAL_COUNTS_AS = 4;

/** Of shared errors there are few, so old ones count longer than those of single cards. */
const HALF_LIFE_DAYS = 90;

/** Fewer cards of a tier on a day share nothing that could be told from chance. */
const LEAST_CARDS = 3;

/** Errors beyond this (log return) count as this large in the slope of a day. */
const SLOPE_CLIP = 0.3;

/** Before any error is known. */
export function usualShocks(horizon_days: number): ShockState {
  return {
    tiers: Array.from({ length: BAND_TIERS }, () => USUAL_SHOCK_PER_DAY * horizon_days),
    slope: USUAL_SLOPE * Math.sqrt(horizon_days),
  };
}

/** The standard deviation (log return) of the shared error of a card of that tier with that expected log return. */
export function shockOf(state: ShockState, tier: number, move: number): number {
  return Math.hypot(state.tiers[tier]!, state.slope * move);
}

/** Cards of a tier on a day: their places among the errors, median error, mean expected move; `noise` is the median's variance. */
interface DayTier {
  readonly places: readonly number[];
  readonly tier: number;
  readonly weight: number;
  readonly median: number;
  readonly noise: number;
  readonly mean_move: number;
}

/**
 * Learns what cards share, and how much of each error was shared. The size of shared errors is the mean square of what
 * days and tiers have in common, less what chance would give so few cards; the shared part of a day is shrunk in the same
 * proportion (best linear unbiased prediction of random effects, Robinson 1991).
 */
export function fitShocks(
  errors: KnownErrors,
  as_of_day: number,
  horizon_days: number,
): { shocks: ShockState; shared: Float64Array } {
  const weight = recency(errors, as_of_day, HALF_LIFE_DAYS);
  const days = spansOfDays(errors);
  const groups = days.flatMap(([start, end]) => dayTiers(errors, weight, start, end));
  const spans_per_day = ERROR_STRIDE_DAYS / horizon_days;
  const usual = usualShocks(horizon_days);

  const tiers_seen = Math.max(1, new Set(groups.map(({ tier }) => tier)).size);
  const over_all = meanSquare(groups);
  const square = blend(usual.tiers[0]! ** 2, over_all.mean, (over_all.weight * spans_per_day) / tiers_seen);
  const squares = usual.tiers.map((_, tier) => {
    const own = meanSquare(groups.filter((group) => group.tier === tier));
    return blend(square, own.mean, own.weight * spans_per_day);
  });

  const shared = new Float64Array(errors.count);
  const own_move = new Float64Array(errors.count);
  for (const { places, tier, median, noise, mean_move } of groups) {
    const part = (median * squares[tier]!) / (squares[tier]! + noise);
    for (const place of places) {
      shared[place] = part;
      own_move[place] = errors.move[place]! - mean_move;
    }
  }
  const slope = addSlopes(errors, own_move, shared, days, weight, usual.slope ** 2, spans_per_day);
  return { shocks: { tiers: squares.map(Math.sqrt), slope }, shared };
}

/** Adds to `shared` what each day's slope of errors over expected moves explains. Returns the slopes' standard deviation. */
function addSlopes(
  errors: KnownErrors,
  own_move: Float64Array,
  shared: Float64Array,
  days: readonly (readonly [number, number])[],
  weight: Float64Array,
  usual_square: number,
  spans_per_day: number,
): number {
  let explained = 0;
  let spread = 0;
  let known = 0;
  const slopes = days.map(([start, end]) => {
    let xx = 0;
    let xy = 0;
    let yy = 0;
    for (let i = start; i < end; i++) {
      const error = Math.max(-SLOPE_CLIP, Math.min(SLOPE_CLIP, errors.error[i]! - shared[i]!));
      xx += own_move[i]! ** 2;
      xy += own_move[i]! * error;
      yy += error * error;
    }
    const noise = yy / (end - start);
    // A day on which nobody expected a move says nothing about slopes.
    if (xx < 1e-9) return { slope: 0, variance: Number.POSITIVE_INFINITY };
    explained += weight[start]! * ((xy * xy) / xx - noise);
    spread += weight[start]! * xx;
    known += weight[start]!;
    return { slope: xy / xx, variance: noise / xx };
  });
  const square = blend(usual_square, spread > 0 ? Math.max(0, explained / spread) : 0, known * spans_per_day);
  days.forEach(([start, end], day) => {
    const { slope, variance } = slopes[day]!;
    const part = (slope * square) / (square + variance);
    for (let i = start; i < end; i++) shared[i] = shared[i]! + part * own_move[i]!;
  });
  return Math.sqrt(square);
}

function blend(usual: number, own: number, independent: number): number {
  return (USUAL_COUNTS_AS * usual + independent * own) / (USUAL_COUNTS_AS + independent);
}

function meanSquare(groups: readonly DayTier[]): { mean: number; weight: number } {
  let sum = 0;
  let total = 0;
  for (const { weight, median, noise } of groups) {
    sum += weight * (median * median - noise);
    total += weight;
  }
  return { mean: total > 0 ? Math.max(0, sum / total) : 0, weight: total };
}

/** First place and the place after the last one of each day. */
function spansOfDays({ day, count }: KnownErrors): [number, number][] {
  const spans: [number, number][] = [];
  for (let start = 0; start < count; ) {
    let end = start + 1;
    while (end < count && day[end] === day[start]) end++;
    spans.push([start, end]);
    start = end;
  }
  return spans;
}

function dayTiers({ tier, error, move }: KnownErrors, weight: Float64Array, start: number, end: number): DayTier[] {
  const places: number[][] = Array.from({ length: BAND_TIERS }, () => []);
  for (let i = start; i < end; i++) places[tier[i]!]!.push(i);
  return places.flatMap((of_tier, index) => {
    const n = of_tier.length;
    if (n < LEAST_CARDS) return [];
    const values = Float64Array.from(of_tier, (i) => error[i]!);
    const median = medianInPlace(values, n);
    for (let i = 0; i < n; i++) values[i] = Math.abs(values[i]! - median);
    // The median of n normal errors has the variance π/2 · σ²/n; σ by the median absolute deviation.
    const sigma = Math.max(0.003, 1.4826 * medianInPlace(values, n));
    const noise = ((Math.PI / 2) * sigma * sigma) / n;
    const mean_move = of_tier.reduce((sum, i) => sum + move[i]!, 0) / n;
    return [{ places: of_tier, tier: index, weight: weight[of_tier[0]!]!, median, noise, mean_move }];
  });
}
