import { createHash } from 'node:crypto';
import { type Panel, truncatePanel } from '@pokewatch/fair-value';

/** The panel as it was known on a day: no later price, and no card that had none by then. */
export function knownPanel(panel: Panel, cut_day: number): Panel {
  const cut = truncatePanel(panel, cut_day);
  const known = cut.cards.flatMap((_, card) =>
    cut.market.subarray(card * cut.days, (card + 1) * cut.days).some((price) => price > 0) ? [card] : [],
  );
  const pick = <T extends Float64Array | Uint8Array>(from: T, to: T): T => {
    for (const [place, card] of known.entries())
      to.set(from.subarray(card * cut.days, (card + 1) * cut.days), place * cut.days);
    return to;
  };
  const cells = known.length * cut.days;
  return {
    first_day: cut.first_day,
    days: cut.days,
    cards: known.map((card) => cut.cards[card]!),
    market: pick(cut.market, new Float64Array(cells)),
    low: pick(cut.low, new Float64Array(cells)),
    mid: pick(cut.mid, new Float64Array(cells)),
    high: pick(cut.high, new Float64Array(cells)),
    suspect: pick(cut.suspect, new Uint8Array(cells)),
  };
}

/** The SHA-256 of everything in a panel, and of `more`. */
export function panelHash(panel: Panel, more: unknown): string {
  const hash = createHash('sha256').update(JSON.stringify([more, panel.first_day, panel.days, panel.cards]));
  for (const column of [panel.market, panel.low, panel.mid, panel.high, panel.suspect])
    hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  return hash.digest('hex');
}
