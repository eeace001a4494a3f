import type { Panel } from './panel.ts';

/** A missing price at the horizon is replaced by the nearest within this many days. */
export const LABEL_TOLERANCE_DAYS = 3;

/**
 * What became of each card-day: cells as in `Panel`. `log_return` is the log of the realised price over the market
 * price, NaN where there is none; `known_day` the epoch day on which it could first be told.
 */
export interface Labels {
  readonly log_return: Float64Array;
  readonly known_day: Int32Array;
}

/**
 * Realised log returns over `horizon_days`: the market price on the day of the horizon, else the nearest within three
 * days of it, the earlier one of two. An earlier price counts only once the days nearer to the horizon have passed
 * without a price, so that a label never changes after it is known.
 */
export function realisedReturns(panel: Panel, horizon_days: number): Labels {
  const cells = panel.cards.length * panel.days;
  const labels = { log_return: new Float64Array(cells), known_day: new Int32Array(cells) };
  for (let card = 0; card < panel.cards.length; card++) {
    const of_card = returnsOfCard(panel, card, horizon_days);
    labels.log_return.set(of_card.log_return, card * panel.days);
    labels.known_day.set(of_card.known_day, card * panel.days);
  }
  return labels;
}

/** The same for one card: a cell a day. */
export function returnsOfCard(panel: Panel, card: number, horizon_days: number): Labels {
  const { days, first_day } = panel;
  const market = panel.market.subarray(card * days, (card + 1) * days);
  const suspect = panel.suspect.subarray(card * days, (card + 1) * days);
  const log_return = new Float64Array(days).fill(Number.NaN);
  const known_day = new Int32Array(days);
  const usable = (t: number) => market[t]! > 0 && market[t]! < Number.POSITIVE_INFINITY && suspect[t] === 0;
  for (let t = 0; t < days; t++) {
    if (!usable(t)) continue;
    const offset = nearest(t + horizon_days, t, days, usable);
    if (offset === null) continue;
    log_return[t] = Math.log(market[t + horizon_days + offset]! / market[t]!);
    known_day[t] = first_day + t + horizon_days + (offset < 0 ? -offset - 1 : offset);
  }
  return { log_return, known_day };
}

/** Days between the horizon and the nearest usable price; null when there is none, or not yet. */
function nearest(target: number, origin: number, days: number, usable: (t: number) => boolean): number | null {
  for (let distance = 0; distance <= LABEL_TOLERANCE_DAYS; distance++) {
    const before = target - distance;
    if (before > origin && before < days && target + Math.max(0, distance - 1) < days && usable(before))
      return -distance;
    const after = target + distance;
    if (after >= days) return null;
    if (usable(after)) return distance;
  }
  return null;
}
