import { type CardGroups, cardGroups } from './groups.ts';
import type { Panel } from './panel.ts';
import { BASE_COLUMNS } from './terms/base.ts';
import { cardSeries } from './terms/card-series.ts';
import { TERMS, type Term } from './terms/catalogue.ts';
import { withColumnRoom } from './terms/column-room.ts';
import { type CrossSection, clipped, crossSection } from './terms/cross-section.ts';

/**
 * Terms of chosen card-days: `columns[term][row]`, NaN where unknown, in the order of `TERMS` (empty for terms that were
 * not asked for). `day` is the index of the day within the panel. Rows are in the order of days, then cards.
 */
export interface TermTable {
  readonly rows: number;
  readonly card: Int32Array;
  readonly day: Int32Array;
  readonly columns: readonly Float32Array[];
}

/** The rows from `start` to below `end` of a table, sharing its memory. */
export function sliceTable(table: TermTable, start: number, end: number): TermTable {
  return {
    rows: end - start,
    card: table.card.subarray(start, end),
    day: table.day.subarray(start, end),
    columns: table.columns.map((column) => column.subarray(start, end)),
  };
}

/** Computes terms of a panel for chosen card-days and keeps what all of them share. Terms of day t know day t and earlier only. */
export class TermStore {
  readonly panel: Panel;
  readonly groups: CardGroups;
  #cross_section: CrossSection | null = null;
  readonly #kept = new Map<string, TermTable>();

  constructor(panel: Panel) {
    this.panel = panel;
    this.groups = cardGroups(panel.cards);
  }

  /** Medians and sums over groups, computed once. */
  get crossSection(): CrossSection {
    this.#cross_section ??= crossSection(this.panel, this.groups);
    return this.#cross_section;
  }

  /** The table kept under `key`, made on first use from the card-days that `rows` gives. The key must name the terms too. */
  keep(key: string, terms: readonly number[], rows: () => { card: Int32Array; day: Int32Array }): TermTable {
    const kept = this.#kept.get(key);
    if (kept) return kept;
    const { card, day } = rows();
    const table = this.table(card, day, terms);
    this.#kept.set(key, table);
    return table;
  }

  /** The chosen terms (positions in `TERMS`) of the given card-days; `day` holds indices within the panel. */
  table(card: Int32Array, day: Int32Array, terms: readonly number[]): TermTable {
    const rows = card.length;
    const columns = TERMS.map(() => EMPTY);
    for (const term of terms) columns[term] = new Float32Array(rows);
    const { start, row } = rowsByCard(card, this.panel.cards.length);
    for (let of_card = 0; of_card + 1 < start.length; of_card++) {
      const own = row.subarray(start[of_card], start[of_card + 1]);
      if (own.length > 0) withColumnRoom(() => this.#fill(of_card, own, day, terms, columns));
    }
    return { rows, card, day, columns };
  }

  /** Writes the chosen terms of one card into its rows. */
  #fill(
    card: number,
    rows: Int32Array,
    day: Int32Array,
    terms: readonly number[],
    columns: readonly Float32Array[],
  ): void {
    const series = cardSeries(this.panel, card);
    const made: (Float64Array | undefined)[] = [];
    const base = (index: number) => {
      made[index] ??= BASE_COLUMNS[index]!.of(series);
      return made[index];
    };
    for (const term of terms) this.#fillTerm(TERMS[term]!, card, base, rows, day, columns[term]!);
  }

  #fillTerm(
    { form }: Term,
    card: number,
    base: (index: number) => Float64Array,
    rows: Int32Array,
    day: Int32Array,
    out: Float32Array,
  ): void {
    const { groups, panel } = this;
    const set = groups.set.of[card]!;
    const set_start = set * panel.days;
    const market_start = groups.market.of[card]! * panel.days;
    switch (form.kind) {
      case 'plain': {
        const values = base(form.base);
        for (let i = 0; i < rows.length; i++) out[rows[i]!] = values[day[rows[i]!]!]!;
        return;
      }
      case 'market': {
        const of_market = this.crossSection.market[form.base]!;
        for (let i = 0; i < rows.length; i++) out[rows[i]!] = of_market[market_start + day[rows[i]!]!]!;
        return;
      }
      case 'set': {
        const of_set = this.crossSection.set[form.base]!;
        const of_market = this.crossSection.market[form.base]!;
        for (let i = 0; i < rows.length; i++)
          out[rows[i]!] = of_set[set_start + day[rows[i]!]!]! - of_market[market_start + day[rows[i]!]!]!;
        return;
      }
      case 'against_set': {
        const values = base(form.base);
        const of_set = this.crossSection.set[form.base]!;
        for (let i = 0; i < rows.length; i++)
          out[rows[i]!] = values[day[rows[i]!]!]! - of_set[set_start + day[rows[i]!]!]!;
        return;
      }
      case 'relatives': {
        const values = base(form.base);
        const { sum, count } = this.crossSection.relatives[form.of][form.base]!;
        const start = groups[form.of].of[card]! * panel.days;
        const within_set = form.of === 'rarity';
        const whole = within_set ? this.crossSection.set[form.base]! : this.crossSection.market[form.base]!;
        const whole_start = within_set ? set_start : market_start;
        for (let i = 0; i < rows.length; i++) {
          const row = rows[i]!;
          const t = day[row]!;
          const own = values[t]!;
          const known = !Number.isNaN(own);
          const others = count[start + t]! - (known ? 1 : 0);
          const mean = (sum[start + t]! - (known ? clipped(own) : 0)) / others;
          out[row] = others > 0 ? mean - whole[whole_start + t]! : Number.NaN;
        }
      }
    }
  }
}

const EMPTY = new Float32Array(0);

/** The rows of each card, ascending: those of card `c` stand from `start[c]` to below `start[c + 1]`. */
function rowsByCard(card: Int32Array, cards: number): { start: Int32Array; row: Int32Array } {
  const start = new Int32Array(cards + 1);
  for (let row = 0; row < card.length; row++) start[card[row]! + 1]!++;
  for (let c = 0; c < cards; c++) start[c + 1] = start[c + 1]! + start[c]!;
  const next = start.slice();
  const row_of = new Int32Array(card.length);
  for (let row = 0; row < card.length; row++) row_of[next[card[row]!]!++] = row;
  return { start, row: row_of };
}
