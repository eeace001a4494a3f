import { readFileSync, writeFileSync } from 'node:fs';
import { withMeasuredBy } from '../../../bench/support/with-measured.ts';
import { ROOT } from './stage.ts';

/** What came of a case. */
export interface Row {
  readonly name: string;
  readonly seen: string;
  readonly holds: boolean;
  readonly seconds: number;
}

const PAGE = `${ROOT}docs/cluster-suite.md`;
const HEAD = ['what holds', 'what was seen', 'holds', 'time'];

/** Puts what was seen into docs/cluster-suite.md, between the two marks there. */
export function writePage(rows: readonly Row[]): void {
  const total_s = rows.reduce((sum, { seconds }) => sum + seconds, 0);
  const held = rows.filter(({ holds }) => holds).length;
  const lines = [
    `${held} of ${rows.length} hold, in ${(total_s / 60).toFixed(1)} minutes.`,
    '',
    line(HEAD),
    line(HEAD.map(() => '---')),
    ...rows.map(({ name, seen, holds, seconds }) =>
      line([name, seen, holds ? 'yes' : 'no', `${seconds.toFixed(0)} s`]),
    ),
  ];
  writeFileSync(PAGE, withMeasuredBy(readFileSync(PAGE, 'utf8'), 'npm run cluster-test', lines.join('\n')));
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}
