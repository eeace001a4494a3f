import type { CardGroups } from '../groups.ts';
import type { Panel } from '../panel.ts';
import { marketLog } from './card-series.ts';
import { withColumnRoom } from './column-room.ts';

/** Cards from this price on (in their currency) speak for their set and their market: cheaper ones move in steps of cents. */
export const DEAR_PRICE = 5;

/** With fewer dear cards in a market on a day, all of its cards speak. */
export const LEAST_DEAR_CARDS = 10;

const DEAR_LOG = Math.log(DEAR_PRICE);

/** By market and day (`market × days + day`): 1 where only dear cards speak. */
export interface DearDays {
  readonly days: number;
  readonly only_dear: Uint8Array;
}

/** On which days each market has enough dear cards to be judged by them alone. */
export function dearDays(panel: Panel, groups: CardGroups): DearDays {
  const count = new Int32Array(groups.market.count * panel.days);
  for (let card = 0; card < panel.cards.length; card++) {
    const start = groups.market.of[card]! * panel.days;
    withColumnRoom(() => {
      const market = marketLog(panel, card);
      for (let t = 0; t < panel.days; t++) if (market[t]! >= DEAR_LOG) count[start + t] = count[start + t]! + 1;
    });
  }
  return { days: panel.days, only_dear: Uint8Array.from(count, (cards) => (cards >= LEAST_DEAR_CARDS ? 1 : 0)) };
}

/** Writes 1 for the days on which a card speaks for its groups, 0 for the others, from the log of its market price. */
export function fillSpeaks(speaks: Uint8Array, log_market: Float64Array, dear_days: DearDays, market: number): void {
  const start = market * dear_days.days;
  for (let t = 0; t < speaks.length; t++) {
    speaks[t] = dear_days.only_dear[start + t] === 0 || log_market[t]! >= DEAR_LOG ? 1 : 0;
  }
}
