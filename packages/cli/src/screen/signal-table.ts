import { stripVTControlCharacters } from 'node:util';
import type { ModelManifest, Signal } from '@pokewatch/contracts';
import type { NamedFairPrice } from '../answers/answers.ts';
import type { Context } from '../context.ts';
import { percent, price } from './amounts.ts';
import type { Style } from './paint.ts';
import { type Column, tableLines } from './table.ts';

const COLOURS: Readonly<Record<Signal, Style>> = { BUY: 'green', SELL: 'red', HOLD: 'dim' };

type Look = Pick<Context, 'paint' | 'width'>;

/** One line a card: id, name, market, fair, band, deviation, signal; below it what is paused. The name gives way on a narrow terminal. */
export function signalTable(answers: readonly NamedFairPrice[], look: Look): string[] {
  const currencies = new Set(answers.map((answer) => answer.currency));
  const dates = new Set(answers.map((answer) => answer.date));
  const last = [...dates].sort().at(-1);
  const columns: (Column & { cell: (answer: NamedFairPrice) => string; optional?: true })[] = [
    { title: 'card', cell: (a) => a.card_id },
    { title: 'name', cell: (a) => a.name, optional: true },
    { title: 'market', align: 'right', cell: (a) => price(a.market_price) },
    { title: 'fair', align: 'right', cell: (a) => price(a.fair_price) },
    { title: 'band', align: 'right', cell: (a) => `${price(a.lower)} – ${price(a.upper)}` },
    { title: 'deviation', align: 'right', cell: (a) => percent(a.deviation_pct) },
    { title: 'signal', cell: (a) => a.signal, paint: (text) => look.paint(COLOURS[text as Signal], text) },
  ];
  if (currencies.size > 1) columns.splice(2, 0, { title: 'in', cell: (a) => a.currency });
  if (dates.size > 1) columns.push({ title: 'as of', cell: (a) => (a.date === last ? '' : a.date) });
  const render = (shown: typeof columns) =>
    tableLines(
      shown,
      answers.map((answer) => shown.map((column) => column.cell(answer))),
    );
  const full = render(columns);
  const [title = '', ...lines] =
    look.width !== undefined && widest(full) > look.width ? render(columns.filter((column) => !column.optional)) : full;
  return [look.paint('bold', title), ...lines, ...pausedLines(answers, look)];
}

/** How many cards carry no advice, and why, a line for each kind of reason. */
function pausedLines(answers: readonly NamedFairPrice[], { paint }: Look): string[] {
  const paused = answers.flatMap((answer) => answer.paused ?? []);
  const kinds = [...Map.groupBy(paused, ({ code }) => code).values()];
  return kinds.map((same) =>
    paint('yellow', `${same.length} of ${answers.length} cards are paused and say HOLD. ${same[0]!.text}`),
  );
}

function widest(lines: readonly string[]): number {
  return Math.max(...lines.map((line) => stripVTControlCharacters(line).length));
}

/** What the figures are: simulated or of which source, of which day and model, in which currency. */
export function tableHeading(answers: readonly NamedFairPrice[], manifest: ModelManifest, { paint }: Look): string[] {
  const currencies = [...new Set(answers.map((answer) => answer.currency))];
  const what = manifest.simulated ? paint('yellow', 'SIMULATED market, not real prices') : `source ${manifest.source}`;
  const money = currencies.length === 1 ? `, prices in ${currencies[0]}` : '';
  const no_change = manifest.model === 'naive' ? ' (no model has passed the gate: “no change” serves)' : '';
  return [
    `${answers.length} cards on ${manifest.last_date}, ${what}${money}`,
    `fair: the market price expected ${manifest.horizon_days} days later; band: 80 % of prices should fall into it; model ${manifest.version}${no_change}`,
  ];
}
