import { hasMarket, type Panel } from '@pokewatch/fair-value';

/**
 * The market price of a card as known on an epoch day: that day's, else the last before it; NaN where there is none
 * yet. Suspect quotes are passed over.
 */
export function knownPrices(panel: Panel): (card: number, day: number) => number {
  const known = new Float64Array(panel.cards.length * panel.days);
  for (let card = 0; card < panel.cards.length; card++) {
    let last = Number.NaN;
    for (let t = 0; t < panel.days; t++) {
      const cell = card * panel.days + t;
      if (panel.suspect[cell] === 0 && hasMarket(panel, card, panel.first_day + t)) last = panel.market[cell]!;
      known[cell] = last;
    }
  }
  return (card, day) => {
    const t = Math.min(day - panel.first_day, panel.days - 1);
    return t < 0 ? Number.NaN : known[card * panel.days + t]!;
  };
}
