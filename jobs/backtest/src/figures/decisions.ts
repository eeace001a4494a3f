import { flagNames } from '@pokewatch/contracts';
import type { Panel, Predictions } from '@pokewatch/fair-value';
import { computeSignal, FEE_PROFILES, type Fees, verdicts } from '@pokewatch/signals';

/** Answers as they are counted; 0 is what was not asked or not answered. */
export const SIGNALS = ['HOLD', 'BUY', 'SELL'] as const;
export const BUY_ANSWERS = ['unknown', 'now', 'either', 'wait'] as const;
export const SELL_ANSWERS = ['unknown', 'now', 'either', 'later'] as const;

/** What was said of each prediction on its own day, by row. Indices are into the lists above. */
export interface Decisions {
  readonly signal: Uint8Array;
  readonly buy: Uint8Array;
  readonly sell: Uint8Array;
  readonly buy_strength: Float32Array;
  readonly sell_strength: Float32Array;
  /** What a buyer would have had to pay. */
  readonly at: Float64Array;
  /** 1 where a listing stood at or under the market price. */
  readonly buyable: Uint8Array;
  /** 1 where every listing stood above the market price. */
  readonly above: Uint8Array;
  readonly flips: readonly FlipDecisions[];
}

/** Flip verdicts under one fee profile: 1 for yes; `net` is the gain promised, NaN where there is no verdict. */
export interface FlipDecisions {
  readonly fees: Fees;
  readonly yes: Uint8Array;
  readonly net: Float64Array;
}

interface Thresholds {
  readonly buy_threshold_pct: number;
  readonly sell_threshold_pct: number;
}

/**
 * The signal and the verdicts of every prediction, made as the services make them, from that day's figures and listings
 * alone. `flags` are bits of the panel flags, cells as in the panel.
 */
export function decide(
  panel: Panel & { readonly flags: Uint16Array },
  rows: Predictions,
  thresholds: Thresholds,
): Decisions {
  const bytes = () => new Uint8Array(rows.rows);
  const [first, ...others] = Object.values(FEE_PROFILES).map((fees) => ({
    fees,
    yes: bytes(),
    net: new Float64Array(rows.rows).fill(Number.NaN),
  }));
  const made = {
    signal: bytes(),
    buy: bytes(),
    sell: bytes(),
    buy_strength: new Float32Array(rows.rows),
    sell_strength: new Float32Array(rows.rows),
    at: new Float64Array(rows.rows),
    buyable: bytes(),
    above: bytes(),
    flips: [first!, ...others],
  };
  const flagsOf = new Map<number, string[]>();
  for (let row = 0; row < rows.rows; row++) {
    const [market_price, fair_price] = [rows.market[row]!, rows.fair[row]!];
    const cell = rows.card[row]! * panel.days + rows.day[row]! - panel.first_day;
    const low = panel.low[cell]!;
    const bits = panel.flags[cell]!;
    const flags = flagsOf.get(bits) ?? flagNames(bits);
    flagsOf.set(bits, flags);
    const known = low > 0 && low < Number.POSITIVE_INFINITY;
    made.buyable[row] = known && low <= market_price ? 1 : 0;
    made.above[row] = known && low > market_price ? 1 : 0;
    made.signal[row] = SIGNALS.indexOf(computeSignal({ market_price, fair_price, ...thresholds }).signal);
    const input = {
      market_price,
      fair_price,
      lower: rows.lower[row]!,
      upper: rows.upper[row]!,
      p_up: rows.p_up[row]!,
      p_down: rows.p_down[row]!,
      low_price: known ? low : null,
      horizon_days: rows.horizon_days,
      flags,
    };
    for (const flip of made.flips) {
      const said = verdicts({ ...input, fees: flip.fees });
      flip.yes[row] = said.flip.answer === 'yes' ? 1 : 0;
      flip.net[row] = said.flip.net_pct ?? Number.NaN;
      made.buy[row] = BUY_ANSWERS.indexOf(said.buy.answer);
      made.sell[row] = SELL_ANSWERS.indexOf(said.sell.answer);
      made.buy_strength[row] = said.buy.strength;
      made.sell_strength[row] = said.sell.strength;
      made.at[row] = said.buy.at;
    }
  }
  return made;
}
