import type { FigureTable } from './table.ts';

/** A table as lines of text, for the job's own process: title, columns, rows, note. */
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
