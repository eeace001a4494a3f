import type { Panel } from '../panel.ts';
import { takeColumn } from './column-room.ts';
import { absolute, change, minus, rollingMean } from './rolling.ts';

/** A quote is carried over at most this many missing days; beyond that the series has a hole. */
const CARRY_DAYS = 10;

/**
 * The logs of one card's prices, day by day, with short holes filled by the last quote, and what many terms share.
 * Suspect quotes count as missing.
 */
export interface CardSeries {
  readonly days: number;
  readonly market: Float64Array;
  readonly low: Float64Array;
  readonly mid: Float64Array;
  /** Change of the log market price since the day before. */
  readonly step: Float64Array;
  readonly step_size: Float64Array;
  /** The same of the log listings. */
  readonly low_step: Float64Array;
  readonly mid_step: Float64Array;
  /** Mean size of the daily change over 30 days. */
  readonly volatility: Float64Array;
  /** log(mid / market) and its like. */
  readonly gap_mid: Float64Array;
  readonly gap_low: Float64Array;
  /** Days since the first quote, 0 on its day; NaN before. */
  readonly age: Float64Array;
}

/** The log of one card's market price, day by day, with short holes filled; NaN where there is none. */
export function marketLog(panel: Panel, card: number): Float64Array {
  return filledLog(panel.market, panel.suspect, card * panel.days, panel.days);
}

/** The series of one card of the panel. */
export function cardSeries(panel: Panel, card: number): CardSeries {
  const start = card * panel.days;
  const market = marketLog(panel, card);
  const low = filledLog(panel.low, panel.suspect, start, panel.days);
  const mid = filledLog(panel.mid, panel.suspect, start, panel.days);
  const step = change(market, 1);
  const step_size = absolute(step);
  return {
    days: panel.days,
    market,
    low,
    mid,
    step,
    step_size,
    low_step: change(low, 1),
    mid_step: change(mid, 1),
    volatility: rollingMean(step_size, 30, 5),
    gap_mid: minus(mid, market),
    gap_low: minus(low, market),
    age: ageOf(market),
  };
}

function filledLog(prices: Float64Array, suspect: Uint8Array, start: number, days: number): Float64Array {
  const out = takeColumn(days);
  let last = Number.NaN;
  let last_day = Number.NEGATIVE_INFINITY;
  for (let t = 0; t < days; t++) {
    const price = prices[start + t]!;
    if (price > 0 && price < Number.POSITIVE_INFINITY && suspect[start + t] === 0) {
      last = Math.log(price);
      last_day = t;
    }
    out[t] = t - last_day <= CARRY_DAYS ? last : Number.NaN;
  }
  return out;
}

function ageOf(market: Float64Array): Float64Array {
  const out = takeColumn(market.length).fill(Number.NaN);
  let first = 0;
  while (first < market.length && Number.isNaN(market[first]!)) first++;
  for (let t = first; t < market.length; t++) out[t] = t - first;
  return out;
}
