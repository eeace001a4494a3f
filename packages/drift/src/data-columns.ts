import type { ComparedColumn, DriftColumn } from '@pokewatch/evaluation';
import { dayRows, type Panel, TERMS, TermStore } from '@pokewatch/fair-value';

/** Terms that are compared: what the model reads of a card's own price, of its listings, and of both against its set. */
const COMPARED = [
  'ret_3',
  'ret_7',
  'ret_30',
  'vol_30',
  'price',
  'gap_mid',
  'gap_low',
  'spread',
  'mid_ret_14',
  'low_ret_14',
  'ret_7_vs_set',
  'gap_mid_vs_set',
] as const;

/** What each of them says. */
export function dataMeaning(name: string): string {
  if (name === 'listed') return 'whether a lowest or median listing is known';
  return TERMS.find((term) => term.name === name)?.definition ?? name;
}

/** Most rows of a window that are compared; of more, days are taken at equal distances. */
const MOST_ROWS = 100_000;

/** Days as epoch days, both ends included. */
export interface Days {
  readonly from_day: number;
  readonly to_day: number;
}

/** Columns of the card-days of two windows, and how many rows were taken of each. */
export function dataColumns(
  panel: Panel,
  windows: { readonly reference: Days; readonly current: Days },
): { readonly columns: ComparedColumn[]; readonly rows: { readonly reference: number; readonly current: number } } {
  const store = new TermStore(panel);
  const [before, now] = [rowsOf(store, windows.reference), rowsOf(store, windows.current)];
  const terms = COMPARED.map((name) => TERMS.findIndex((term) => term.name === name));
  const [of, to] = [store.table(before.card, before.day, terms), store.table(now.card, now.day, terms)];
  const numbers = COMPARED.map((name, i): ComparedColumn => {
    const column = (values: Float32Array): DriftColumn => ({ kind: 'float', values });
    return { name, reference: column(of.columns[terms[i]!]!), current: column(to.columns[terms[i]!]!) };
  });
  const listed = { name: 'listed', reference: listings(panel, before), current: listings(panel, now) };
  return { columns: [...numbers, listed], rows: { reference: before.card.length, current: now.card.length } };
}

interface Rows {
  readonly card: Int32Array;
  /** Indices within the panel. */
  readonly day: Int32Array;
}

function rowsOf(store: TermStore, { from_day, to_day }: Days): Rows {
  const all = dayRows(store, from_day, to_day, 'teaching');
  const every = Math.max(1, Math.ceil(all.card.length / MOST_ROWS));
  const { panel } = store;
  const rows = Array.from(all.card.keys()).filter((row) => {
    const [card, day] = [all.card[row]!, all.day[row]!];
    // Counted from the last day, so that the newest days are always among them.
    return (to_day - panel.first_day - day) % every === 0 && panel.suspect[card * panel.days + day] === 0;
  });
  return { card: Int32Array.from(rows, (row) => all.card[row]!), day: Int32Array.from(rows, (row) => all.day[row]!) };
}

function listings(panel: Panel, { card, day }: Rows): DriftColumn {
  const known = (price: number) => price > 0 && price < Number.POSITIVE_INFINITY;
  const values = Array.from(card, (of, row) => {
    const cell = of * panel.days + day[row]!;
    return known(panel.low[cell]!) || known(panel.mid[cell]!);
  });
  return { kind: 'bool', values };
}
