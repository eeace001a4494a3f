import { dayFromEpoch } from '@pokewatch/core';
import type { Panel, Predictions } from '@pokewatch/fair-value';

const HEADER = 'card_id,date,market_price,fair_price,lower,upper,horizon_days';

/** Every prediction as CSV text, sorted by card and day. Prices are unrounded, in the card's currency. */
export function predictionsCsv(panel: Panel, predictions: Predictions): string {
  const order = Array.from({ length: predictions.rows }, (_, row) => row).sort(
    (a, b) => predictions.card[a]! - predictions.card[b]! || predictions.day[a]! - predictions.day[b]!,
  );
  const ids = panel.cards.map((card) => field(card.card_id));
  const lines = order.map((row) => {
    const { card, day, market, fair, lower, upper, horizon_days } = predictions;
    return `${ids[card[row]!]},${dayFromEpoch(day[row]!)},${market[row]},${figure(fair[row]!)},${figure(lower[row]!)},${figure(upper[row]!)},${horizon_days}`;
  });
  return `${[HEADER, ...lines].join('\n')}\n`;
}

/** Ten significant digits: far below a cent, and shorter than the last bits of a float. */
function figure(value: number): string {
  return String(Number(value.toPrecision(10)));
}

/** A CSV field, quoted where it must be (RFC 4180). */
function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
