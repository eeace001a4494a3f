import type { TermColumns } from '@pokewatch/contracts';
import {
  Dictionary,
  Field,
  Float32,
  Int16,
  Int32,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import type { PredictionTable } from './prediction-table.ts';

/** Explanations of so many cards that have none. */
export function noTerms(cards: number): TermColumns {
  return {
    names: [],
    ends: new Uint32Array(cards),
    shown: new Uint32Array(cards),
    term: new Int16Array(),
    value: new Float32Array(),
    units: new Int32Array(),
    cents: new Int32Array(),
  };
}

/** Arrow IPC bytes of the rows of explanations. `term` is a dictionary, so that other tools read names. */
export function encodeTerms({ names, term, value, units, cents }: TermColumns): Uint8Array {
  const type = new Dictionary(new Utf8(), new Int16(), 0);
  const length = term.length;
  const children = {
    term: makeData({
      type,
      length,
      nullCount: 0,
      data: term,
      dictionary: vectorFromArray(names as string[], new Utf8()),
    }),
    value: makeData({ type: new Float32(), length, nullCount: 0, data: value }),
    log_return_e8: makeData({ type: new Int32(), length, nullCount: 0, data: units }),
    cents: makeData({ type: new Int32(), length, nullCount: 0, data: cents }),
  };
  const fields = Object.entries(children).map(([name, data]) => new Field(name, data.type, false));
  const schema = new Schema(fields);
  const data = makeData({ type: new Struct(fields), length, nullCount: 0, children: Object.values(children) });
  return tableToIPC(new Table(schema, [new RecordBatch(schema, data)]), 'file');
}

/** Decodes what `encodeTerms` made. @throws when a column is not there */
export function decodeTerms(
  table: Table,
  cards: { readonly ends: Uint32Array; readonly shown: Uint32Array },
): TermColumns {
  const column = (name: string) => {
    const found = table.getChild(name);
    if (found === null) throw new Error(`no column ${name}`);
    return found;
  };
  const term = column('term');
  const data = term.data[0];
  const of_term = (data?.values ?? new Int16Array()) as Int16Array;
  const names = data?.dictionary === undefined ? [] : Array.from(data.dictionary as Iterable<string>);
  return {
    names,
    ...cards,
    // The bytes of a column are padded; its length is said beside them.
    term: of_term.subarray(0, table.numRows),
    value: column('value').toArray() as Float32Array,
    units: column('log_return_e8').toArray() as Int32Array,
    cents: column('cents').toArray() as Int32Array,
  };
}

/**
 * Checks that explanations belong to the predictions: each card's rows follow, name known terms, and add up to its
 * newest fair price less the market price to the cent, unless there are none.
 * @throws when they do not
 */
export function checkTerms({ cards, market, fair }: PredictionTable, terms: TermColumns): void {
  const { ends, shown, term, units, cents, names } = terms;
  if (ends.length !== cards.length || shown.length !== cards.length || (ends.at(-1) ?? 0) !== term.length)
    throw new Error(`${term.length} terms do not belong to ${cards.length} cards`);
  let at = 0;
  for (const [index, { card_id, to }] of cards.entries()) {
    if (ends[index]! < at || shown[index]! < at || shown[index]! > ends[index]!)
      throw new Error(`the terms of ${card_id} do not follow`);
    let sum = 0;
    let none = true;
    for (; at < ends[index]!; at++) {
      if (!(term[at]! >= 0 && term[at]! < names.length)) throw new Error(`row ${at} of the terms has no name`);
      sum += cents[at]!;
      none &&= units[at] === 0 && cents[at] === 0;
    }
    const difference = Math.round(fair[to - 1]! * 100) - Math.round(market[to - 1]! * 100);
    if (!none && sum !== difference)
      throw new Error(`the terms of ${card_id} add up to ${sum} cents rather than ${difference}`);
  }
}
