import { DOWN_MOVE, UP_MOVE } from '@pokewatch/contracts';
import { BAND_COVERAGE } from '../calibration/calibration.ts';
import { concatPredictions, type Predictions } from '../predictions.ts';
import { neverFalling, pathWeights } from './paths.ts';

const PARTS = ['market_part', 'set_part', 'listings_part', 'own_part'] as const;

/**
 * Expected prices of the same card-days for several horizons, in ascending order, moved so that those of a card-day lie on
 * one smooth path (`pathWeights`). A horizon for which nobody spoke stays "no change" and has no say. Each part moves by the
 * same weights, so the parts still add up. To be called before bands are learned, on history and predictions alike.
 * @throws when the rows or their order differ.
 */
export function reconcilePoints(by_horizon: readonly Predictions[]): Predictions[] {
  checkAligned(by_horizon);
  const out = by_horizon.map((one) => concatPredictions([one], one.horizon_days));
  const kept = new Map<number, readonly (readonly number[])[]>();
  for (let row = 0; row < (by_horizon[0]?.rows ?? 0); row++) {
    const speaking = by_horizon.flatMap((one, k) => (one.speaker[row] === 0 ? [] : [k]));
    if (speaking.length <= 2) continue;
    const key = speaking.reduce((bits, k) => bits + 2 ** k, 0);
    const weights = kept.get(key) ?? pathWeights(speaking.map((k) => by_horizon[k]!.horizon_days));
    kept.set(key, weights);
    for (const [of, k] of speaking.entries()) {
      const to = out[k]!;
      for (const part of PARTS) {
        let sum = 0;
        for (const [from, other] of speaking.entries()) sum += weights[of]![from]! * by_horizon[other]![part][row]!;
        to[part][row] = sum;
      }
      to.log_return[row] = to.market_part[row]! + to.set_part[row]! + to.listings_part[row]! + to.own_part[row]!;
      to.fair[row] = to.market[row]! * Math.exp(to.log_return[row]!);
    }
  }
  return out;
}

/**
 * Predictions with bands of the same card-days for several horizons, in ascending order, with bands that never get narrower
 * with the horizon, on either side of the fair price (log distances). Where a band had to be changed, its chances are held
 * to it: at least 90 % above the lower end, at most 10 % above the upper one. Other rows stay as they are.
 * @throws when the rows or their order differ.
 */
export function reconcileBands(by_horizon: readonly Predictions[]): Predictions[] {
  checkAligned(by_horizon);
  const out = by_horizon.map((one) => concatPredictions([one], one.horizon_days));
  for (let row = 0; row < (by_horizon[0]?.rows ?? 0); row++) {
    const below = by_horizon.map(({ fair, lower }) => Math.log(fair[row]! / lower[row]!));
    const above = by_horizon.map(({ fair, upper }) => Math.log(upper[row]! / fair[row]!));
    const [wider_below, wider_above] = [neverFalling(below), neverFalling(above)];
    for (const [k, to] of out.entries()) {
      if (Math.max(Math.abs(wider_below[k]! - below[k]!), Math.abs(wider_above[k]! - above[k]!)) < ROUNDING) continue;
      to.lower[row] = to.fair[row]! * Math.exp(-Math.max(0, wider_below[k]!));
      to.upper[row] = to.fair[row]! * Math.exp(Math.max(0, wider_above[k]!));
      holdChances(to, row);
    }
  }
  return out;
}

/** Bands that differ by less than this (log) have the same width. */
const ROUNDING = 1e-9;

const TAIL = (1 - BAND_COVERAGE) / 2;

/** Brings the chances of a row to the side of 10 and of 90 % that its band says. */
function holdChances(to: Predictions, row: number): void {
  const market = to.market[row]!;
  const lower = Math.log(to.lower[row]! / market);
  const upper = Math.log(to.upper[row]! / market);
  /** Least and greatest chance of an outcome below `move`. */
  const below = (move: number): [number, number] => [
    move >= upper ? 1 - TAIL : move >= lower ? TAIL : 0,
    move <= lower ? TAIL : move <= upper ? 1 - TAIL : 1,
  ];
  const [least_down, most_down] = below(DOWN_MOVE);
  const [least_not_up, most_not_up] = below(UP_MOVE);
  to.p_down[row] = Math.max(least_down, Math.min(most_down, to.p_down[row]!));
  to.p_up[row] = Math.max(1 - most_not_up, Math.min(1 - least_not_up, to.p_up[row]!));
}

function checkAligned(by_horizon: readonly Predictions[]): void {
  const [first, ...others] = by_horizon;
  if (first === undefined) return;
  let longest = first.horizon_days;
  for (const one of others) {
    if (one.horizon_days <= longest) throw new Error('horizons must be in ascending order');
    longest = one.horizon_days;
    const same =
      one.rows === first.rows &&
      one.card.every((card, row) => card === first.card[row] && one.day[row] === first.day[row]);
    if (!same)
      throw new Error(
        `predictions ${first.horizon_days} and ${one.horizon_days} days ahead are not of the same card-days`,
      );
  }
}
