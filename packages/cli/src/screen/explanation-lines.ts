import type { FairPrice, GroupSum, Reason } from '@pokewatch/contracts';
import { signed } from './amounts.ts';
import { tableLines } from './table.ts';

type Explained = Pick<FairPrice, 'reasons' | 'groups' | 'missing' | 'log_return' | 'market_price' | 'fair_price'>;

interface Look {
  /** Shows log returns beside amounts, the names of terms, and the sum. */
  readonly exact: boolean;
}

/**
 * Why the fair price is what it is: each group with its sum, strongest first, its reasons below it, what the data lack and
 * what is odd about them. No lines where there is nothing to explain.
 */
export function explanationLines(answer: Explained, { exact }: Look): string[] {
  const { reasons, groups, missing, log_return, market_price, fair_price } = answer;
  const moved = [...groups]
    .filter((group) => group.amount !== 0 || group.log_return !== 0)
    .sort((a, b) => Math.abs(b.log_return) - Math.abs(a.log_return));
  const rows = moved.flatMap((group) => groupRows(group, reasons, exact));
  if (exact && rows.length > 0)
    rows.push({ name: 'sum', amount: fair_price - market_price, log_return, text: 'fair − market' });
  const notes = [
    ...(missing ?? []).map(({ text, names = [] }) => [
      'missing',
      [text, ...names].join(names.length > 0 ? '\n  ' : ''),
    ]),
    ...reasons.filter((reason) => reason.group === 'data').map(({ text }) => ['data', text]),
  ];
  const columns = [
    { title: '' },
    { title: 'amount', align: 'right' as const },
    ...(exact ? [{ title: 'log return', align: 'right' as const }] : []),
    { title: '' },
  ];
  const cells = rows.map(({ name, amount, log_return: part, text }) =>
    exact ? [name, signed(amount), part.toFixed(8), text] : [name, signed(amount), text],
  );
  return [
    ...(rows.length === 0 ? [] : ['', ...tableLines(columns, cells)]),
    ...(notes.length === 0 ? [] : ['', ...notes.map(([what, text]) => `${what}: ${text}`)]),
  ];
}

interface Row {
  readonly name: string;
  readonly amount: number;
  readonly log_return: number;
  readonly text: string;
}

function groupRows({ group, text, amount, log_return }: GroupSum, reasons: readonly Reason[], named: boolean): Row[] {
  const own = reasons.filter((reason) => reason.group === group);
  const head = { name: group, amount, log_return, text };
  // Without terms the only reason is the group itself.
  if (own.every((reason) => reason.value === null)) return [head];
  const rows = own.map((reason) => ({
    ...reason,
    name: named ? `  ${reason.term}` : '',
    text: named ? reason.text : `  ${reason.text}`,
  }));
  return [head, ...rows];
}
