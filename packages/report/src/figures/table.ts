import { folded, heading, smallPrint, table } from '../html.ts';

/** A table of texts, for a terminal and for the HTML report alike. */
export interface FigureTable {
  readonly title: string;
  /** What the table says and how to read it, in a sentence or two. */
  readonly note: string;
  readonly columns: readonly FigureColumn[];
  readonly rows: readonly (readonly string[])[];
}

export interface FigureColumn {
  readonly title: string;
  /** Numbers are right-aligned. */
  readonly number?: true;
  /** Left out where there is little room. */
  readonly optional?: true;
}

/** A column of numbers. */
export function number(title: string): FigureColumn {
  return { title, number: true };
}

/** A column of numbers that gives way on a narrow terminal. */
export function optional(title: string): FigureColumn {
  return { title, number: true, optional: true };
}

/** Tables as HTML, with their titles and notes. */
export function tablesHtml(tables: readonly FigureTable[]): string {
  return tables
    .map(({ title, note, columns, rows }) => heading(title) + table(columns, rows) + smallPrint(note))
    .join('\n');
}

/** The same, folded away until they are wanted. */
export function foldedTables(tables: readonly FigureTable[]): string {
  return tables
    .map(({ title, note, columns, rows }) => folded(title, table(columns, rows) + smallPrint(note)))
    .join('\n');
}

/** A table as lines of text, for a job's own process: title, columns, rows, note. */
export function plainLines({ title, note, columns, rows }: FigureTable): string[] {
  const cells = [columns.map((column) => column.title), ...rows];
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  const lines = cells.map((row) =>
    row
      .map((cell, i) => (columns[i]!.number ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
  return [title, ...lines, note];
}
