import { CARD_ID_MAX, DaySchema, priceOrNull } from '@pokewatch/contracts';
import { epochDay } from '@pokewatch/core';
import { type Fault, type FaultKind, shown } from './faults.ts';
import type { ColumnName, Header } from './header.ts';

/** One good row: texts as they stand in the file, the day since 1970-01-01, prices with NaN for none. */
export interface Row {
  readonly card_id: string;
  readonly card_name: string;
  readonly set: string;
  readonly number: string;
  readonly rarity: string;
  readonly variant: string;
  readonly day: number;
  readonly market: number;
  readonly low: number;
  readonly mid: number;
  readonly high: number;
}

const TEXT_MAX = 1000;
/** Prices outside of this cannot be real, and would overflow what is computed from them. */
const PRICE_MIN = 1e-6;
const PRICE_MAX = 1e9;
/** No card is older; an earlier date is a slip, and would stretch the daily table over centuries. */
const FIRST_DAY = '1996-01-01';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const NOT_FINITE = /^[+-]?(?:nan|inf|infinity)$/i;
const NEEDS_VALUE = ['card_id', 'card_name', 'set', 'variant', 'date'] as const;
const TEXTS = ['card_id', 'card_name', 'set', 'number', 'rarity', 'variant'] as const;
const CONTROL = /\p{Cc}/u;

/** Stops the reading of a row; caught where the row is read. */
class RowFault extends Error {
  readonly kind: FaultKind;
  constructor(kind: FaultKind, text: string) {
    super(text);
    this.kind = kind;
  }
}

/** Reads records of a file with this header. Days are remembered, because files repeat them. */
export class RowReader {
  private readonly header: Header;
  private readonly days = new Map<string, number>();

  constructor(header: Header) {
    this.header = header;
  }

  /** The row that stands in a record, or what is wrong with it. */
  read(record: readonly string[], line: number): Row | Fault {
    try {
      return this.parse(record);
    } catch (error) {
      if (error instanceof RowFault) return { line, kind: error.kind, text: error.message };
      throw error;
    }
  }

  private parse(record: readonly string[]): Row {
    if (record.length !== this.header.width) {
      throw new RowFault('columns', `${record.length} columns, but the header has ${this.header.width}`);
    }
    const value = (name: ColumnName) => record[this.header.at[name]]?.trim() ?? '';
    for (const name of NEEDS_VALUE) if (value(name) === '') throw new RowFault('empty', `${name} is empty`);
    for (const name of TEXTS) checkText(name, value(name));
    return {
      card_id: value('card_id'),
      card_name: value('card_name'),
      set: value('set'),
      number: value('number'),
      rarity: value('rarity'),
      variant: value('variant'),
      day: this.day(value('date')),
      market: price('market', value('market')),
      low: price('low', value('low')),
      mid: price('mid', value('mid')),
      high: price('high', value('high')),
    };
  }

  private day(text: string): number {
    const known = this.days.get(text);
    if (known !== undefined) return known;
    if (!DaySchema.safeParse(text).success) {
      throw new RowFault('date', `date ${shown(text)} is no calendar day (YYYY-MM-DD)`);
    }
    if (text < FIRST_DAY)
      throw new RowFault('date', `date ${text} is before ${FIRST_DAY}, when there were no cards yet`);
    const day = epochDay(text);
    this.days.set(text, day);
    return day;
  }
}

function checkText(name: ColumnName, text: string): void {
  const limit = name === 'card_id' ? CARD_ID_MAX : TEXT_MAX;
  if (text.length > limit) throw new RowFault('text', `${name} has ${text.length} characters, more than ${limit}`);
  if (CONTROL.test(text)) throw new RowFault('text', `${name} ${shown(text)} has control characters`);
}

/** A price, or NaN for none: empty, zero, negative and non-finite figures mean "none". */
function price(name: ColumnName, text: string): number {
  if (text === '' || NOT_FINITE.test(text)) return Number.NaN;
  if (!NUMBER.test(text)) throw new RowFault('number', `${name} ${shown(text)} is not a number`);
  const value = priceOrNull(Number(text));
  if (value === null) return Number.NaN;
  if (value < PRICE_MIN || value > PRICE_MAX) {
    throw new RowFault('range', `${name} ${shown(text)} is not between ${PRICE_MIN} and ${PRICE_MAX}`);
  }
  return value;
}
