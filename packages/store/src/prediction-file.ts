import type { TermColumns } from '@pokewatch/contracts';
import { PokewatchError } from '@pokewatch/core';
import { makeVector, Table, tableFromIPC, tableToIPC } from 'apache-arrow';
import { type TypedColumn, textColumn, texts, typedColumn, typedTable } from './arrow-columns.ts';
import type { PredictedCard, PredictionTable } from './prediction-table.ts';
import { checkTerms, decodeTerms, encodeTerms, noTerms } from './term-file.ts';

const ROW_COLUMNS = [
  'day',
  'market',
  'fair',
  'lower',
  'upper',
  'p_up',
  'p_down',
  'low',
  'market_part',
  'set_part',
  'listings_part',
  'own_part',
  'flags',
  'model',
  'as_of',
] as const;
const CARD_TEXTS = ['card_id', 'name', 'set_name', 'number', 'rarity', 'printing', 'language', 'currency'] as const;

/** Arrow IPC bytes of a model version: `rows` (one a prediction), `cards` (one a card) and `terms` (explanations). */
export interface PredictionFiles {
  readonly rows: Uint8Array;
  readonly cards: Uint8Array;
  readonly terms: Uint8Array;
}

/**
 * Encodes predictions and explanations. The same table gives the same bytes.
 * @throws when the explanations do not belong to the predictions
 */
export function encodePredictions(table: PredictionTable, terms: TermColumns): PredictionFiles {
  checkTerms(table, terms);
  const rows: Record<string, TypedColumn> = {};
  for (const name of ROW_COLUMNS) rows[name] = table[name];
  const cards = new Table({
    ...Object.fromEntries(
      CARD_TEXTS.map((name, id) => [
        name,
        texts(
          id,
          table.cards.map((card) => card[name]),
        ),
      ]),
    ),
    from: makeVector(Uint32Array.from(table.cards, (card) => card.from)),
    to: makeVector(Uint32Array.from(table.cards, (card) => card.to)),
    terms_shown: makeVector(terms.shown),
    terms_end: makeVector(terms.ends),
  });
  return {
    rows: tableToIPC(typedTable(rows, { models: table.models.join(',') }), 'file'),
    cards: tableToIPC(cards, 'file'),
    terms: encodeTerms(terms),
  };
}

/**
 * Decodes what `encodePredictions` made.
 * @throws bad_data_file when the bytes are not such files or contradict each other.
 */
export function decodePredictions(
  files: PredictionFiles,
  where: string,
): { table: PredictionTable; terms: TermColumns } {
  try {
    const rows = tableFromIPC(files.rows);
    const cardTable = tableFromIPC(files.cards);
    const text = Object.fromEntries(CARD_TEXTS.map((name) => [name, textColumn(cardTable, name)])) as Record<
      (typeof CARD_TEXTS)[number],
      string[]
    >;
    const from = typedColumn<Uint32Array>(cardTable, 'from');
    const to = typedColumn<Uint32Array>(cardTable, 'to');
    const cards: PredictedCard[] = Array.from({ length: cardTable.numRows }, (_, i) => ({
      card_id: text.card_id[i]!,
      name: text.name[i]!,
      set_name: text.set_name[i]!,
      number: text.number[i]!,
      rarity: text.rarity[i]!,
      printing: text.printing[i]!,
      language: text.language[i]!,
      currency: text.currency[i]!,
      from: from[i]!,
      to: to[i]!,
    }));
    const table: PredictionTable = {
      cards,
      day: typedColumn(rows, 'day'),
      market: typedColumn(rows, 'market'),
      fair: typedColumn(rows, 'fair'),
      lower: typedColumn(rows, 'lower'),
      upper: typedColumn(rows, 'upper'),
      p_up: typedColumn(rows, 'p_up'),
      p_down: typedColumn(rows, 'p_down'),
      low: typedColumn(rows, 'low'),
      market_part: typedColumn(rows, 'market_part'),
      set_part: typedColumn(rows, 'set_part'),
      listings_part: typedColumn(rows, 'listings_part'),
      own_part: typedColumn(rows, 'own_part'),
      flags: typedColumn(rows, 'flags'),
      model: typedColumn(rows, 'model'),
      as_of: typedColumn(rows, 'as_of'),
      models: (rows.schema.metadata.get('models') ?? '').split(','),
    };
    checkTable(table, rows.numRows);
    // Versions of before had explanations of another kind: their cards are explained by group.
    const terms =
      cardTable.getChild('terms_end') === null
        ? noTerms(cards.length)
        : decodeTerms(tableFromIPC(files.terms), {
            ends: typedColumn(cardTable, 'terms_end'),
            shown: typedColumn(cardTable, 'terms_shown'),
          });
    checkTerms(table, terms);
    return { table, terms };
  } catch (error) {
    if (error instanceof PokewatchError) throw error;
    throw new PokewatchError(
      'bad_data_file',
      `${where} holds no readable predictions: ${error instanceof Error ? error.message : String(error)}`,
      {
        hint: 'Delete the folder and run train again.',
        cause: error,
      },
    );
  }
}

function checkTable(table: PredictionTable, rows: number): void {
  let at = 0;
  let previous = '';
  for (const card of table.cards) {
    if (card.from !== at || card.to <= card.from || !(previous < card.card_id || previous === ''))
      throw new Error(`the rows of ${card.card_id} do not follow`);
    for (let i = card.from; i < card.to; i++) {
      const fits =
        table.market[i]! > 0 &&
        table.fair[i]! > 0 &&
        table.lower[i]! > 0 &&
        table.upper[i]! < Number.POSITIVE_INFINITY &&
        table.model[i]! < table.models.length;
      if (!fits || (i > card.from && table.day[i]! <= table.day[i - 1]!))
        throw new Error(`row ${i} of ${card.card_id} has no valid price or day`);
      if (!isChance(table.p_up[i]!) || !isChance(table.p_down[i]!))
        throw new Error(`row ${i} of ${card.card_id} has a chance that is not between 0 and 1`);
      if (!isListing(table.low[i]!)) throw new Error(`row ${i} of ${card.card_id} has no valid lowest listing`);
    }
    at = card.to;
    previous = card.card_id;
  }
  if (at !== rows) throw new Error(`${rows} rows, but the cards have ${at}`);
}

function isChance(value: number): boolean {
  return value >= 0 && value <= 1;
}

/** NaN says that no listing is known. */
function isListing(value: number): boolean {
  return Number.isNaN(value) || (value > 0 && value < Number.POSITIVE_INFINITY);
}
