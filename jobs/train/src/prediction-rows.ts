import type { Panel, Predictions } from '@pokewatch/fair-value';
import { SPEAKERS } from '@pokewatch/fair-value';
import type { PredictedCard, PredictionTable, TermRow } from '@pokewatch/store';
import type { TermOfCard } from '@pokewatch/walk-forward';
import type { WalkedModel } from './compute.ts';

interface Given {
  readonly panel: Panel;
  /** Bits of the panel flags, cells as in the panel. */
  readonly flags: Uint16Array;
  readonly model: string;
  /** Predictions of earlier days, by models that knew what was known then; no day is in two of them. */
  readonly walked: readonly WalkedModel[];
  /** The newest prediction of each card, by a model fitted on everything. */
  readonly latest: Predictions;
}

/** Names of who can have made a prediction of a model, in the order of `SPEAKERS`. */
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
  const models = [...new Set([...walked.map((one) => one.model), given.model].flatMap(speakerNames))];
  const order = walked
    .flatMap(({ predictions, model, asOf }) => {
      const speakers = speakerNames(model).map((name) => models.indexOf(name));
      return Array.from({ length: predictions.rows }, (_, row) => ({ predictions, row, asOf, speakers }));
    })
    .filter(({ predictions: { card, day }, row }) => {
      const newer = newest.get(card[row]!);
      return newer !== undefined && day[row]! < latest.day[newer]!;
    })
    .sort(
      (a, b) =>
        a.predictions.card[a.row]! - b.predictions.card[b.row]! ||
        a.predictions.day[a.row]! - b.predictions.day[b.row]!,
    );
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
  function put(from: Predictions, row: number, as_of: number, speakers: readonly number[]): void {
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
    table.model[at] = speakers[from.speaker[row]!]!;
    table.as_of[at] = as_of;
    at++;
  }
  const own = speakerNames(given.model).map((name) => models.indexOf(name));
  const cards: PredictedCard[] = [];
  let next = 0;
  for (const [card, facts] of panel.cards.entries()) {
    const from = at;
    for (let one = order[next]; one?.predictions.card[one.row] === card; one = order[++next]) {
      put(one.predictions, one.row, one.asOf(one.predictions.day[one.row]!), one.speakers);
    }
    const row = newest.get(card);
    if (row === undefined) continue;
    put(latest, row, last_day, own);
    const { card_id, name, set_name, number, rarity, printing, language, currency } = facts;
    cards.push({ card_id, name, set_name, number, rarity, printing, language, currency, from, to: at });
  }
  return { ...table, cards, models };
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
