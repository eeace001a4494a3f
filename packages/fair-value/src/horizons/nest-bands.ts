import { DOWN_MOVE, UP_MOVE } from '@pokewatch/contracts';
import { NOMINAL_COVERAGE } from '../calibration/calibration.ts';
import type { Predictions } from '../predictions.ts';
import { checkAligned } from './aligned.ts';

/** Bands that differ by less than this (log) have the same width. */
const ROUNDING = 1e-9;

/** The distribution of errors has this much beyond either end of a band. */
const TAIL = (1 - NOMINAL_COVERAGE) / 2;

/**
 * Brings the bands of other horizons into line with the anchor's, which stays as it is: on either side of the fair price
 * (log distance) a shorter horizon's is never wider than that of the next longer one. So those shorter than the anchor
 * are narrowed where they must be, and longer ones widened. Chances of a band that was changed are held to it; other rows
 * stay as they are. `others` are written into.
 * @throws when the rows or their order differ.
 */
export function nestBands(anchor: Predictions, others: readonly Predictions[]): void {
  checkAligned(anchor, others);
  const shorter = others.filter((one) => one.horizon_days < anchor.horizon_days).reverse();
  const longer = others.filter((one) => one.horizon_days > anchor.horizon_days);
  for (let row = 0; row < anchor.rows; row++) {
    nest(row, anchor, shorter, Math.min);
    nest(row, anchor, longer, Math.max);
  }
}

/** Walks away from the anchor and takes each distance no closer to, or no farther from, the fair price than the last. */
function nest(
  row: number,
  anchor: Predictions,
  others: readonly Predictions[],
  bound: (own: number, last: number) => number,
): void {
  let [below, above] = distances(anchor, row);
  for (const to of others) {
    const [own_below, own_above] = distances(to, row);
    [below, above] = [bound(own_below, below), bound(own_above, above)];
    if (Math.max(Math.abs(below - own_below), Math.abs(above - own_above)) < ROUNDING) continue;
    to.lower[row] = to.fair[row]! * Math.exp(-below);
    to.upper[row] = to.fair[row]! * Math.exp(above);
    holdChances(to, row);
  }
}

/** How far the ends of a band are from the fair price, in logs. */
function distances({ fair, lower, upper }: Predictions, row: number): [below: number, above: number] {
  return [Math.max(0, Math.log(fair[row]! / lower[row]!)), Math.max(0, Math.log(upper[row]! / fair[row]!))];
}

/** Brings the chances of a row to the side of the tails that its band says. */
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
