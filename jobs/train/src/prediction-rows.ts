import type { Panel, Predictions } from '@pokewatch/fair-value';
import { SPEAKERS } from '@pokewatch/fair-value';
import type { PredictedCard, PredictionTable, TermRow } from '@pokewatch/store';
import type { TermOfCard } from '@pokewatch/walk-forward';

interface Given {
  readonly panel: Panel;
  /** Bits of the panel flags, cells as in the panel. */
  readonly flags: Uint16Array;
  readonly model: string;
  /** Predictions of earlier days, by models that knew what was known then. */
  readonly walked: Predictions;
  /** The epoch day up to which the model of a walked row had been fitted. */
  readonly walkedAsOf: (row: number) => number;
  /** The newest prediction of each card, by a model fitted on everything. */
  readonly latest: Predictions;
}

/** Names of who made a prediction, in the order of `SPEAKERS`. */
function speakerNames(model: string): string[] {
  return SPEAKERS.map((speaker) =>
    speaker === 'naive' ? 'naive' : speaker === 'full' ? model : `${model}-${speaker}`,
  );
}

/** The table that is published: all rows by card and day, the newest row of each card from `latest`. */
export function predictionTable(given: Given): PredictionTable {
  const { panel, walked, latest } = given;
  const last_day = panel.first_day + panel.days - 1;
  const newest = new Map<number, number>();
  for (let row = 0; row < latest.rows; row++) newest.set(latest.card[row]!, row);
  const order = Array.from({ length: walked.rows }, (_, row) => row)
    .filter((row) => newest.has(walked.card[row]!) && walked.day[row]! < latest.day[newest.get(walked.card[row]!)!]!)
    .sort((a, b) => walked.card[a]! - walked.card[b]! || walked.day[a]! - walked.day[b]!);
  const rows = order.length + newest.size;
  const table = {
    day: new Int32Array(rows),
    market: new Float64Array(rows),
    fair: new Float64Array(rows),
    lower: new Float64Array(rows),
    upper: new Float64Array(rows),
    p_up: new Float32Array(rows),
    p_down: new Float32Array(rows),
    low: new Float64Array(rows),
    market_part: new Float32Array(rows),
    set_part: new Float32Array(rows),
    listings_part: new Float32Array(rows),
    own_part: new Float32Array(rows),
    flags: new Uint16Array(rows),
    model: new Uint8Array(rows),
    as_of: new Int32Array(rows),
  };
  let at = 0;
  function put(from: Predictions, row: number, as_of: number): void {
    for (const name of [
      'day',
      'market',
      'fair',
      'lower',
      'upper',
      'p_up',
      'p_down',
      'market_part',
      'set_part',
      'listings_part',
      'own_part',
    ] as const)
      table[name][at] = from[name][row]!;
    const cell = from.card[row]! * panel.days + from.day[row]! - panel.first_day;
    const low = panel.low[cell]!;
    table.low[at] = low > 0 && low < Number.POSITIVE_INFINITY ? low : Number.NaN;
    table.flags[at] = given.flags[cell]!;
    table.model[at] = from.speaker[row]!;
    table.as_of[at] = as_of;
    at++;
  }
  const cards: PredictedCard[] = [];
  let next = 0;
  for (const [card, facts] of panel.cards.entries()) {
    const from = at;
    for (; next < order.length && walked.card[order[next]!] === card; next++)
      put(walked, order[next]!, given.walkedAsOf(order[next]!));
    const row = newest.get(card);
    if (row === undefined) continue;
    put(latest, row, last_day);
    const { card_id, name, set_name, number, rarity, printing, language, currency } = facts;
    cards.push({ card_id, name, set_name, number, rarity, printing, language, currency, from, to: at });
  }
  return { ...table, cards, models: speakerNames(given.model) };
}

/** Explanations as stored: each term with a text that a person can read. */
export function termRows(panel: Panel, terms: readonly TermOfCard[]): TermRow[] {
  return terms.map(({ card, day, group, term, definition, value, log_return }) => ({
    card_id: panel.cards[card]!.card_id,
    day,
    group,
    term,
    text: value === null ? `${definition}: not known` : `${definition}: ${Number(value.toPrecision(3))}`,
    log_return,
  }));
}
