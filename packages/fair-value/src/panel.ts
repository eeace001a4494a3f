import type { CardFacts } from '@pokewatch/contracts';

/** A card of a panel. */
export type PanelCard = CardFacts;

/**
 * Daily prices of many cards. The four price columns and `suspect` have `cards.length × days` cells, card by card:
 * the cell of card `c` on epoch day `d` is `c × days + (d − first_day)`. NaN, zero and negative prices mean "none".
 * `suspect` is 1 where a quote was flagged as unusable: it is answered for, but is no input of a term and no label.
 */
export interface Panel {
  readonly first_day: number;
  readonly days: number;
  readonly cards: readonly PanelCard[];
  readonly market: Float64Array;
  readonly low: Float64Array;
  readonly mid: Float64Array;
  readonly high: Float64Array;
  readonly suspect: Uint8Array;
}

/** A panel without any price, to be filled by the caller. `first_day` is an epoch day (UTC), `days` the number of days. */
export function emptyPanel(cards: readonly PanelCard[], first_day: number, days: number): Panel {
  const cells = cards.length * days;
  const none = () => new Float64Array(cells).fill(Number.NaN);
  return {
    first_day,
    days,
    cards,
    market: none(),
    low: none(),
    mid: none(),
    high: none(),
    suspect: new Uint8Array(cells),
  };
}

/** The last epoch day of the panel; `first_day − 1` when it has no day. */
export function lastDay(panel: Panel): number {
  return panel.first_day + panel.days - 1;
}

/** True when the card has a market price on that epoch day. */
export function hasMarket(panel: Panel, card: number, day: number): boolean {
  const index = day - panel.first_day;
  if (index < 0 || index >= panel.days) return false;
  const price = panel.market[card * panel.days + index] ?? Number.NaN;
  return price > 0 && price < Number.POSITIVE_INFINITY;
}

/**
 * The same panel as it was known on `last_day`: all cards, no later day. What is computed from it must equal, to the
 * bit, what was computed for those days from the whole panel; that is the test for look-ahead.
 */
export function truncatePanel(panel: Panel, last_day: number): Panel {
  const days = Math.max(0, Math.min(panel.days, last_day - panel.first_day + 1));
  const cut = <T extends Float64Array | Uint8Array>(source: T, target: T): T => {
    for (let card = 0; card < panel.cards.length; card++) {
      target.set(source.subarray(card * panel.days, card * panel.days + days), card * days);
    }
    return target;
  };
  const cells = panel.cards.length * days;
  return {
    first_day: panel.first_day,
    days,
    cards: panel.cards,
    market: cut(panel.market, new Float64Array(cells)),
    low: cut(panel.low, new Float64Array(cells)),
    mid: cut(panel.mid, new Float64Array(cells)),
    high: cut(panel.high, new Float64Array(cells)),
    suspect: cut(panel.suspect, new Uint8Array(cells)),
  };
}
