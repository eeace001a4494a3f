import type { CardFacts } from '@pokewatch/contracts';
import { type Panel, type Predictions, SPEAKERS, speakerName } from '@pokewatch/fair-value';
import type { PredictionTable } from '@pokewatch/store';
import type { WalkedModel } from './compute.ts';
import { TableBuilder } from './table-builder.ts';

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
  return SPEAKERS.map((speaker) => speakerName(model, speaker));
}

/** The table that is published: all rows by card and day, the newest row of each card from `latest`. */
export function predictionTable(given: Given): PredictionTable {
  const { panel, flags, walked, latest } = given;
  const last_day = panel.first_day + panel.days - 1;
  const newest = new Map<number, number>();
  for (let row = 0; row < latest.rows; row++) newest.set(latest.card[row]!, row);
  const models = [...new Set([...walked.map((one) => one.model), given.model].flatMap(speakerNames))];
  const numbers = (model: string) => speakerNames(model).map((name) => models.indexOf(name));
  const order = walked
    .flatMap(({ predictions, model, asOf }) => {
      const speakers = numbers(model);
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
  const builder = new TableBuilder(order.length + newest.size, models);
  const own = numbers(given.model);
  let next = 0;
  for (const [card, facts] of panel.cards.entries()) {
    for (let one = order[next]; one?.predictions.card[one.row] === card; one = order[++next]) {
      const as_of = one.asOf(one.predictions.day[one.row]!);
      builder.predicted({ panel, flags }, one.predictions, one.row, as_of, one.speakers);
    }
    const row = newest.get(card);
    if (row === undefined) continue;
    builder.predicted({ panel, flags }, latest, row, last_day, own);
    builder.endCard(facts);
  }
  return builder.table();
}

interface Carried {
  readonly panel: Panel;
  readonly flags: Uint16Array;
  /** The table of the version that goes on speaking. */
  readonly before: PredictionTable;
  readonly model: string;
  /** Its predictions of days after all days of that table. */
  readonly newer: Predictions;
  /** Last epoch day that the model had seen when it was fitted. */
  readonly as_of: number;
}

/** A version's table with newer days behind it, by the same model: what was said before stays as it was said. */
export function carriedTable({ panel, flags, before, model, newer, as_of }: Carried): PredictionTable {
  const models = [...new Set([...before.models, ...speakerNames(model)])];
  const speakers = speakerNames(model).map((name) => models.indexOf(name));
  const rows_of = new Map<string, number[]>();
  for (let row = 0; row < newer.rows; row++) {
    const { card_id } = panel.cards[newer.card[row]!]!;
    const rows = rows_of.get(card_id);
    if (rows) rows.push(row);
    else rows_of.set(card_id, [row]);
  }
  const old_of = new Map(before.cards.map((card) => [card.card_id, card]));
  const facts = new Map<string, CardFacts>([
    ...before.cards.map((card) => [card.card_id, card] as const),
    ...panel.cards.map((card) => [card.card_id, card] as const),
  ]);
  const builder = new TableBuilder(before.day.length + newer.rows, models);
  for (const card_id of [...facts.keys()].sort()) {
    const [old, added] = [old_of.get(card_id), rows_of.get(card_id) ?? []];
    if (old === undefined && added.length === 0) continue;
    if (old !== undefined) builder.copied(before, old.from, old.to);
    for (const row of added) builder.predicted({ panel, flags }, newer, row, as_of, speakers);
    builder.endCard(facts.get(card_id)!);
  }
  return builder.table();
}
