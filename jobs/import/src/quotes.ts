import type { QuoteColumns } from '@pokewatch/store';
import type { Faults } from './faults.ts';
import type { Row } from './row.ts';

/** What the file says of a card in one variant; where rows differ, the last one counts. */
export interface FileCard {
  readonly card_id: string;
  readonly variant: string;
  readonly card_name: string;
  readonly set: string;
  readonly number: string;
  readonly rarity: string;
}

const PRICES = ['market', 'low', 'mid', 'high'] as const;
const NO_CARD = -1;

/** Good rows of a file, as columns that grow; about 50 bytes a row. */
export class Quotes {
  readonly cards: FileCard[] = [];
  readonly faults: Faults;
  duplicates = 0;
  without_price = 0;
  last_day = Number.NEGATIVE_INFINITY;
  private readonly indexOfCard = new Map<string, number>();
  /** For each card, the row of each day. */
  private readonly rowOfDay: Map<number, number>[] = [];
  private conflicts = 0;
  private rows = 0;
  private card = new Int32Array(1024);
  private day = new Int32Array(1024);
  private line = new Int32Array(1024);
  private prices = PRICES.map(() => new Float64Array(1024));

  constructor(faults: Faults) {
    this.faults = faults;
  }

  /** Rows that will be imported. */
  get length(): number {
    return this.rows - this.conflicts;
  }

  /** Takes a row in. Rows without any price say nothing; the same row again is a duplicate; another price is a fault. */
  add(row: Row, line: number): void {
    if (PRICES.every((name) => Number.isNaN(row[name]))) {
      this.without_price += 1;
      return;
    }
    const card = this.cardOf(row);
    const rowOfDay = this.rowOfDay[card]!;
    const earlier = rowOfDay.get(row.day);
    if (earlier !== undefined) {
      this.meet(earlier, row, line);
      return;
    }
    if (this.rows === this.card.length) this.grow();
    const at = this.rows++;
    rowOfDay.set(row.day, at);
    this.card[at] = card;
    this.day[at] = row.day;
    this.line[at] = line;
    for (const [i, name] of PRICES.entries()) this.prices[i]![at] = row[name];
    this.last_day = Math.max(this.last_day, row.day);
  }

  /**
   * The rows without those that contradict each other: nobody knows which of them is right. To be called once, at the
   * end: the rows are moved together in place.
   */
  columns(): QuoteColumns {
    let length = 0;
    for (let at = 0; at < this.rows; at++) {
      if (this.card[at] === NO_CARD) continue;
      this.card[length] = this.card[at]!;
      this.day[length] = this.day[at]!;
      for (const column of this.prices) column[length] = column[at]!;
      length += 1;
    }
    const [market, low, mid, high] = this.prices as [Float64Array, Float64Array, Float64Array, Float64Array];
    return { length, card: this.card, day: this.day, market, low, mid, high };
  }

  private cardOf(row: Row): number {
    const key = `${row.card_id}\u0000${row.variant}`;
    const known = this.indexOfCard.get(key);
    const index = known ?? this.cards.length;
    if (known === undefined) {
      this.indexOfCard.set(key, index);
      this.rowOfDay.push(new Map());
    }
    const { card_id, variant, card_name, set, number, rarity } = row;
    this.cards[index] = { card_id, variant, card_name, set, number, rarity };
    return index;
  }

  private meet(earlier: number, row: Row, line: number): void {
    const same = PRICES.every((name, i) => Object.is(this.prices[i]![earlier], row[name]));
    if (same && this.card[earlier] !== NO_CARD) {
      this.duplicates += 1;
      return;
    }
    const first = this.line[earlier]!;
    if (this.card[earlier] !== NO_CARD) {
      this.card[earlier] = NO_CARD;
      this.conflicts += 1;
      this.faults.add({ line: first, kind: 'conflict', text: `another price than on line ${line} for the same day` });
    }
    this.faults.add({ line, kind: 'conflict', text: `another price than on line ${first} for the same day` });
  }

  private grow(): void {
    const size = this.card.length * 2;
    this.card = grown(this.card, new Int32Array(size));
    this.day = grown(this.day, new Int32Array(size));
    this.line = grown(this.line, new Int32Array(size));
    this.prices = this.prices.map((column) => grown(column, new Float64Array(size)));
  }
}

function grown<T extends Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
