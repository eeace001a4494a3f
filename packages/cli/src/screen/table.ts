import CliTable from 'cli-table3';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Colours a cell; colours take no room. */
  readonly paint?: (text: string) => string;
}

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

const plain = (text: string) => text;

/** Lines of a table without borders: a title line, then one line a row. Widths count wide characters as two. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const table = new CliTable({
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colAligns: columns.map((column) => column.align ?? 'left'),
    wordWrap: false,
  });
  table.push(
    columns.map((column) => column.title),
    ...rows.map((row) => row.map((cell, index) => (columns[index]?.paint ?? plain)(oneLine(cell)))),
  );
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}

/** Names come from files and sources: whatever would break out of its line or act on a terminal becomes a space. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, ' ');
}
