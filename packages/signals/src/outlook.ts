import { DOWN_MOVE, UP_MOVE } from '@pokewatch/contracts';
import { normalQuantile } from './normal.ts';

/** What is published of where a price will be at the horizon; prices in one currency, chances from 0 to 1. */
export interface OutlookInput {
  readonly market_price: number;
  readonly fair_price: number;
  /** The 80 % band around the fair price. */
  readonly lower: number;
  readonly upper: number;
  /** Chances of a price at least 10 % above, and at least 10 % below, the market price. */
  readonly p_up: number;
  readonly p_down: number;
}

/** A distribution of the price at the horizon. Scores are standard normal: Φ(score) is the chance of a lower price. */
export interface Outlook {
  /** The score of the chance that the price at the horizon is below `price`; increasing in it. */
  scoreOf(price: number): number;
  /** The price whose score is `score`; the inverse of `scoreOf`, within the range of a double. */
  priceAt(score: number): number;
}

/** Φ⁻¹(0.9): the ends of an 80 % band stand this many standard deviations from its middle. */
const BAND_SCORE = normalQuantile(0.9);
/** Least standard deviation of a log price; a band rounded to the cent may have no width at all. */
const LEAST_SIGMA = 0.005;
/** Chances are not believed beyond these. */
const LEAST_CHANCE = 0.002;
/** Least distance between the scores of −10 % and +10 %, for chances that contradict each other. */
const LEAST_SPAN = 0.1;

/**
 * The distribution of the price at the horizon, from all that is published of it: the mean of the score of the band
 * and the score of the chances (the average of two forecasts on the probit scale). With x = ln(price / fair), the band
 * says that x is two-piece normal (Wallis 2014, Statistical Science 29:106; in the form that keeps half of the chance on
 * each side): its score is x / σ₁ below the fair price and x / σ₂ above it, where σ₁ = ln(fair / lower) / Φ⁻¹(0.9) and
 * σ₂ = ln(upper / fair) / Φ⁻¹(0.9), so that 10, 50 and 90 per cent of the chance are below `lower`, `fair_price` and
 * `upper`. What the chances say is in `chancesOutlook`. The mean has one bend, at the fair price, and an exact inverse.
 * @throws RangeError when a price is not positive and finite, or a chance not between 0 and 1.
 */
export function outlookOf(input: OutlookInput): Outlook {
  const { fair_price, lower, upper } = input;
  for (const price of [fair_price, lower, upper]) requirePrice(price);
  const log_fair = Math.log(fair_price);
  const below = 1 / Math.max(LEAST_SIGMA, (log_fair - Math.log(lower)) / BAND_SCORE);
  const above = 1 / Math.max(LEAST_SIGMA, (Math.log(upper) - log_fair) / BAND_SCORE);
  const chances = lineOf(input);
  const at_fair = chances.at_market + chances.slope * (log_fair - chances.log_market);
  return {
    scoreOf(price) {
      const x = Math.log(price) - log_fair;
      return (x * (x < 0 ? below : above) + x * chances.slope + at_fair) / 2;
    },
    priceAt(score) {
      const rise = 2 * score - at_fair;
      return finitePrice(log_fair + rise / ((rise < 0 ? below : above) + chances.slope));
    },
  };
}

/**
 * The distribution by the two chances alone: the log price is normal, its score the straight line through Φ⁻¹(p_down) at
 * −10 % and Φ⁻¹(1 − p_up) at +10 % of the market price.
 * @throws RangeError when the market price is not positive and finite, or a chance not between 0 and 1.
 */
export function chancesOutlook(input: Pick<OutlookInput, 'market_price' | 'p_up' | 'p_down'>): Outlook {
  const { log_market, at_market, slope } = lineOf(input);
  return {
    scoreOf: (price) => at_market + slope * (Math.log(price) - log_market),
    priceAt: (score) => finitePrice(log_market + (score - at_market) / slope),
  };
}

function lineOf({ market_price, p_up, p_down }: Pick<OutlookInput, 'market_price' | 'p_up' | 'p_down'>) {
  requirePrice(market_price);
  const score_down = normalQuantile(believed(p_down));
  const score_up = -normalQuantile(believed(p_up));
  const slope = Math.max(LEAST_SPAN, score_up - score_down) / (UP_MOVE - DOWN_MOVE);
  const log_market = Math.log(market_price);
  return { slope, log_market, at_market: (score_up + score_down) / 2 - (slope * (UP_MOVE + DOWN_MOVE)) / 2 };
}

function requirePrice(price: number): void {
  if (!(price > 0 && price < Number.POSITIVE_INFINITY)) throw new RangeError('prices must be positive numbers');
}

function believed(chance: number): number {
  if (!(chance >= 0 && chance <= 1)) throw new RangeError('a chance must be between 0 and 1');
  return Math.min(1 - LEAST_CHANCE, Math.max(LEAST_CHANCE, chance));
}

/** The price with this logarithm, or the nearest that a double can hold. */
function finitePrice(log_price: number): number {
  return Math.min(Number.MAX_VALUE, Math.max(Number.MIN_VALUE, Math.exp(log_price)));
}
