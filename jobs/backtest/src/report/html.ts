import { folded, heading, smallPrint, table } from '@pokewatch/report';
import type { FigureTable } from '../tables/table.ts';

/** Tables with their titles and notes. */
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
