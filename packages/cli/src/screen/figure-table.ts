import { stripVTControlCharacters } from 'node:util';
import type { FigureTable } from '@pokewatch/report';
import type { Context } from '../context.ts';
import { tableLines } from './table.ts';

/** Width of lines of text where the terminal's is not known. */
const USUAL_WIDTH = 100;

/** A table of figures under its title, with its note below; optional columns give way on a narrow terminal, the last first. */
export function figureTableLines(
  { title, note, columns, rows }: FigureTable,
  { paint, width }: Pick<Context, 'paint' | 'width'>,
): string[] {
  const render = (keep: (i: number) => boolean) =>
    tableLines(
      columns
        .map((column) => ({ title: column.title, align: column.number ? ('right' as const) : ('left' as const) }))
        .filter((_, i) => keep(i)),
      rows.map((row) => row.filter((_, i) => keep(i))),
    );
  const dropped = new Set<number>();
  let shown = render(() => true);
  for (let i = columns.length - 1; i >= 0 && width !== undefined && widest(shown) > width; i--) {
    if (columns[i]!.optional !== true) continue;
    dropped.add(i);
    shown = render((column) => !dropped.has(column));
  }
  const [heading = '', ...lines] = shown;
  return [
    paint('bold', title),
    paint('dim', heading),
    ...lines,
    ...wrapped(note, Math.min(width ?? USUAL_WIDTH, USUAL_WIDTH)).map((line) => paint('dim', line)),
    '',
  ];
}

function widest(lines: readonly string[]): number {
  return Math.max(...lines.map((line) => stripVTControlCharacters(line).length));
}

/** Words in lines of at most `width` characters. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
