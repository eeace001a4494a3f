import { type Fault, type Observed, percent } from '../../test/faults/support/fault.ts';

const HEAD = ['fault', 'what is done', 'expected', 'answers seen', 'wrong', 'errors', 'recovery', 'holds'];

/** The table of faults as Markdown, with a sentence on how it was measured above it. */
export function faultTable(rows: readonly string[], measured: string): string {
  return [measured, '', line(HEAD), line(HEAD.map(() => '---')), ...rows].join('\n');
}

/** The row of a fault that was tried. */
export function faultRow(fault: Fault, { outcomes, recovery_ms, lost_rows, breaches, note }: Observed): string {
  const answers = Object.entries(outcomes.by).sort(([a], [b]) => (a < b ? -1 : 1));
  const seen = answers.map(([outcome, count]) => `${outcome} × ${count}`).join(', ');
  return line([
    fault.name,
    fault.done,
    fault.expected,
    note === undefined ? seen : `${seen}; ${note}`,
    lost_rows === undefined ? String(outcomes.wrong) : `${outcomes.wrong}; ${lost_rows} rows lost`,
    percent(outcomes.error_share),
    recovery_ms === undefined || outcomes.error_share === 0 ? '–' : `${(recovery_ms / 1000).toFixed(2)} s`,
    breaches.length === 0 ? 'yes' : `no: ${breaches.join('; ')}`,
  ]);
}

/** The row of a fault that this machine cannot show. */
export function skippedRow(fault: Fault): string {
  return line([fault.name, fault.done, fault.expected, `not tried here: needs ${fault.missing}`, '–', '–', '–', '–']);
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}
