import { type CardGroups, cardGroups } from './groups.ts';
import type { Panel } from './panel.ts';
import { BASE_COLUMNS } from './terms/base.ts';
import { cardSeries } from './terms/card-series.ts';
import { TERMS, type Term } from './terms/catalogue.ts';
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
    for (const [of_card, places] of placesByCard(card)) this.#fill(of_card, places, day, terms, columns);
    return { rows, card, day, columns };
  }

  #fill(
    card: number,
    places: readonly number[],
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
    for (const term of terms) {
      const out = columns[term]!;
      const value = this.#reader(TERMS[term]!, card, base);
      for (const place of places) out[place] = value(day[place]!);
    }
  }

  /** A function from the day's index to the value of one term for one card. */
  #reader(term: Term, card: number, base: (index: number) => Float64Array): (t: number) => number {
    const { form } = term;
    const days = this.panel.days;
    const set_start = this.groups.set.of[card]! * days;
    const market_start = this.groups.market.of[card]! * days;
    if (form.kind === 'set_age') {
      const first = this.crossSection.set_first[this.groups.set.of[card]!]!;
      return (t) => (first > 0 ? Math.min(365, t - first) : Number.NaN);
    }
    if (form.kind === 'plain') {
      const values = base(form.base);
      return (t) => values[t]!;
    }
    const of_market = this.crossSection.market[form.base]!;
    if (form.kind === 'market') return (t) => of_market[market_start + t]!;
    const of_set = this.crossSection.set[form.base]!;
    if (form.kind === 'set') return (t) => of_set[set_start + t]! - of_market[market_start + t]!;
    const values = base(form.base);
    if (form.kind === 'against_set') return (t) => values[t]! - of_set[set_start + t]!;
    const { of: kind } = form;
    const { sum, count } = this.crossSection.relatives[kind][form.base]!;
    const start = this.groups[kind].of[card]! * days;
    return (t) => {
      const own = values[t]!;
      const known = !Number.isNaN(own);
      const others = count[start + t]! - (known ? 1 : 0);
      if (others <= 0) return Number.NaN;
      const mean = (sum[start + t]! - (known ? clipped(own) : 0)) / others;
      return mean - (kind === 'rarity' ? of_set[set_start + t]! : of_market[market_start + t]!);
    };
  }
}

const EMPTY = new Float32Array(0);

function placesByCard(card: Int32Array): Map<number, number[]> {
  const places = new Map<number, number[]>();
  for (let row = 0; row < card.length; row++) {
    const of_card = places.get(card[row]!);
    if (of_card) of_card.push(row);
    else places.set(card[row]!, [row]);
  }
  return places;
}
