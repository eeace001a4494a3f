import type { TermColumns } from '@pokewatch/contracts';
import { type Part, tellParts } from './amounts.ts';

/** A term of an explanation as it is stored; `value` is null where the input is missing. */
interface StoredTerm extends Part {
  readonly term: string;
  readonly value: number | null;
}

/** The terms of one card's prediction with its prices. */
export interface ExplainedPrices {
  readonly market: number;
  readonly fair: number;
  readonly terms: readonly StoredTerm[];
}

/**
 * Explanations as they are stored: term by term in cents and units that add up to each card's prices, then the inputs
 * that were missing. `names` are the terms that the model reads; a missing one of another name is none of its inputs
 * and left out. One entry of `ends` and `shown` for each card, in the order given; each card is needed once only.
 */
export function termColumns(cards: Iterable<ExplainedPrices>, names: readonly string[]): TermColumns {
  const positions = new Map(names.map((name, index) => [name, index]));
  const ends: number[] = [];
  const shown: number[] = [];
  let rows = emptyRows(FIRST_ROWS);
  let at = 0;
  for (const { terms, market, fair } of cards) {
    if (at + terms.length > rows.term.length) rows = grown(rows, 2 * (at + terms.length));
    const told = terms.filter(isTold);
    const parts = tellParts(told, market, fair);
    shown.push(at + parts.shown);
    for (const [row, index] of parts.order.entries()) {
      rows.term[at] = positionOf(told[index]!.term);
      rows.value[at] = told[index]!.value ?? Number.NaN;
      rows.units[at] = parts.units[row]!;
      rows.cents[at] = parts.cents[row]!;
      at++;
    }
    for (const one of terms) if (!isTold(one) && positions.has(one.term)) rows.term[at++] = positionOf(one.term);
    ends.push(at);
  }
  const { term, value, units, cents } = rows;
  return {
    names,
    ends: Uint32Array.from(ends),
    shown: Uint32Array.from(shown),
    term: term.slice(0, at),
    value: value.slice(0, at),
    units: units.slice(0, at),
    cents: cents.slice(0, at),
  };

  function positionOf(name: string): number {
    const position = positions.get(name);
    if (position === undefined) throw new Error(`${name} is no term of the model`);
    return position;
  }
}

const FIRST_ROWS = 1 << 12;

type Rows = Pick<TermColumns, 'term' | 'value' | 'units' | 'cents'>;

/** Rows whose value is not known. */
function emptyRows(length: number): Rows {
  return {
    term: new Int16Array(length),
    value: new Float32Array(length).fill(Number.NaN),
    units: new Int32Array(length),
    cents: new Int32Array(length),
  };
}

/** The same rows with room for `length`. */
function grown(rows: Rows, length: number): Rows {
  const more = emptyRows(length);
  for (const name of ['term', 'value', 'units', 'cents'] as const) more[name].set(rows[name]);
  return more;
}

function isTold({ value, log_return }: StoredTerm): boolean {
  return value !== null || log_return !== 0;
}
