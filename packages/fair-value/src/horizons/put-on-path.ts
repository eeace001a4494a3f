import { concatPredictions, type Predictions } from '../predictions.ts';
import { checkAligned } from './aligned.ts';
import { pathThrough } from './path.ts';

const PARTS = ['market_part', 'set_part', 'listings_part', 'own_part'] as const;

/**
 * Expected prices of other horizons, moved so that those of a card-day lie on one smooth path through the anchor's
 * (`pathThrough`), which stays as it is. A horizon for which nobody spoke has no say in the path, but lies on it too; where
 * nobody spoke for the anchor, no change is expected at any horizon. Each part moves by the same weights, so the parts still
 * add up. To be called before bands are learned, on history and predictions alike.
 * @throws when the rows or their order differ.
 */
export function putOnPath(anchor: Predictions, others: readonly Predictions[]): Predictions[] {
  checkAligned(anchor, others);
  const out = others.map((one) => concatPredictions([one], one.horizon_days));
  const path = pathThrough(
    anchor.horizon_days,
    others.map((one) => one.horizon_days),
  );
  const returns = new Float64Array(others.length);
  for (let row = 0; row < anchor.rows; row++) {
    const spoke = anchor.speaker[row] !== 0;
    for (const part of PARTS) {
      for (const [k, one] of others.entries()) returns[k] = one.speaker[row] === 0 ? Number.NaN : one[part][row]!;
      const moved = path(anchor[part][row]!, returns);
      for (const [k, to] of out.entries()) to[part][row] = spoke ? moved[k]! : 0;
    }
    for (const to of out) {
      if (!spoke) to.speaker[row] = 0;
      to.log_return[row] = to.market_part[row]! + to.set_part[row]! + to.listings_part[row]! + to.own_part[row]!;
      to.fair[row] = to.market[row]! * Math.exp(to.log_return[row]!);
    }
  }
  return out;
}
