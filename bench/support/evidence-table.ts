import { dayFromEpoch, epochDay } from '../../packages/core/src/index.ts';
import { evaluate, type Figure } from '../../packages/evaluation/src/index.ts';
import {
  emptyPanel,
  type ForecasterSpec,
  lastDay,
  type Panel,
  type PanelCard,
  type Predictions,
} from '../../packages/fair-value/src/index.ts';
import { judgedRows, noChange, outcomesOf, walk, withPool } from '../../packages/walk-forward/src/index.ts';

/** Windows of origins: where the data cover them all, they are judged one by one, else the last days whose outcome is known. */
const WINDOWS = [
  ['2025-07-10', '2025-08-31'],
  ['2025-09-01', '2025-12-31'],
  ['2026-01-01', '2026-04-06'],
] as const;
const LAST_DAYS = 90;
const HORIZON_DAYS = 14;
const REFIT_DAYS = 14;
const RECALIBRATE_DAYS = 7;
const THREADS = 2;

interface Window {
  readonly from_day: number;
  readonly to_day: number;
}

interface Row {
  readonly name: string;
  readonly spec: ForecasterSpec;
  readonly panel: (panel: Panel) => Panel;
  readonly horizon_days: number;
}

const whole = (panel: Panel) => panel;
const row = (name: string, spec: ForecasterSpec['name'], more: Partial<Row> = {}): Row => ({
  name,
  spec: { name: spec },
  panel: whole,
  horizon_days: HORIZON_DAYS,
  ...more,
});

/** Judged in every window. */
const EVERYWHERE = [row('mean of the last 3 quotes', 'mean3'), row('ridge', 'ridge'), row('**curves**', 'curves')];

/** Judged in the last window: what inputs are worth, other cards, other horizons. */
const LAST = [
  row('curves, no listings', 'curves', { panel: (panel) => without(panel, ['low', 'mid', 'high']) }),
  row('curves, no median listing', 'curves', { panel: (panel) => without(panel, ['mid']) }),
  row('curves, no lowest listing', 'curves', { panel: (panel) => without(panel, ['low']) }),
  row('curves, one half of the cards', 'curves', { panel: (panel) => everyOther(panel, 0) }),
  row('curves, the other half', 'curves', { panel: (panel) => everyOther(panel, 1) }),
  row('curves, 7 days ahead', 'curves', { horizon_days: 7 }),
  row('curves, 30 days ahead', 'curves', { horizon_days: 30 }),
];

const FIGURES = ['ic', 'ic_within_day', 'buy_over_base', 'sell_over_base', 'mae_over_naive', 'coverage'] as const;

/** The table of all models, inputs and horizons over a panel, walked forward, as Markdown. */
export async function evidenceTable(panel: Panel, simulated: boolean): Promise<string> {
  const windows = windowsOf(panel);
  const last = windows.at(-1)!;
  const lines: string[] = [];
  for (const window of windows) {
    for (const [i, one] of EVERYWHERE.entries()) {
      const predictions = await walked(panel, one, window);
      if (i === 0) lines.push(line('no change', window, figures(panel, noChange(predictions))));
      lines.push(line(one.name, window, figures(panel, predictions)));
    }
  }
  for (const one of LAST) {
    const part = one.panel(panel);
    const window = { ...last, to_day: Math.min(last.to_day, lastDay(panel) - one.horizon_days) };
    lines.push(line(one.name, window, figures(part, await walked(part, one, window))));
  }
  return `${head(panel, simulated)}\n\n${HEADER}\n${lines.join('\n')}`;
}

function head(panel: Panel, simulated: boolean): string {
  const of = simulated ? 'simulated prices' : 'daily prices';
  return `${panel.cards.length} cards with ${of} from ${dayFromEpoch(panel.first_day)} to ${dayFromEpoch(lastDay(panel))}; cards of 5 USD and
more; ${HORIZON_DAYS} days ahead unless the row says otherwise; refitted every ${REFIT_DAYS} days. In brackets 90 % intervals by bootstrap over blocks of
days; after the multiples the base rate.`;
}

const HEADER = `| forecaster | days | card-days | IC | within a day | BUY × base | SELL × base | MAE / naive | 80 % band covers |
|---|---|---|---|---|---|---|---|---|`;

function windowsOf(panel: Panel): Window[] {
  const windows = WINDOWS.map(([from, to]) => ({ from_day: epochDay(from), to_day: epochDay(to) }));
  const to_day = lastDay(panel) - HORIZON_DAYS;
  const covered = windows[0]!.from_day > panel.first_day + 60 && windows.at(-1)!.to_day <= to_day;
  return covered ? windows : [{ from_day: Math.max(panel.first_day + 60, to_day - LAST_DAYS + 1), to_day }];
}

async function walked(panel: Panel, { spec, horizon_days }: Row, window: Window): Promise<Predictions> {
  const options = { threads: THREADS, signal: new AbortController().signal };
  const plan = {
    forecaster: spec,
    ...window,
    horizon_days,
    refit_days: REFIT_DAYS,
    recalibrate_days: RECALIBRATE_DAYS,
  };
  return withPool(panel, options, async (pool) => (await walk(pool, plan)).predictions);
}

function figures(panel: Panel, predictions: Predictions): Readonly<Record<string, Figure>> {
  const outcomes = outcomesOf(panel, predictions);
  return evaluate(outcomes, judgedRows(outcomes));
}

function line(name: string, { from_day, to_day }: Window, all: Readonly<Record<string, Figure>>): string {
  const days = `${dayFromEpoch(from_day)} to ${dayFromEpoch(to_day)}`;
  const cells = FIGURES.map((figure) => cell(figure, all[figure]!));
  return `| ${[name, days, all.ic!.n.toLocaleString('en-US'), ...cells].join(' | ')} |`;
}

function cell(name: string, { value, lower, upper, base_rate }: Figure): string {
  if (value === null) return '–';
  const digits = name.endsWith('over_base') ? 2 : 3;
  const interval = lower === null || upper === null ? '' : ` [${lower.toFixed(digits)}, ${upper.toFixed(digits)}]`;
  const base = base_rate === null ? '' : `, ${(100 * base_rate).toFixed(1)} %`;
  return `${value.toFixed(digits)}${interval}${base}`;
}

/** The panel without some columns of listings. */
function without(panel: Panel, columns: readonly ('low' | 'mid' | 'high')[]): Panel {
  const none = new Float64Array(panel.market.length).fill(Number.NaN);
  return { ...panel, ...Object.fromEntries(columns.map((column) => [column, none])) };
}

/** Every other card of the panel, from the `first` on: fitted and judged apart from the rest. */
function everyOther(panel: Panel, first: 0 | 1): Panel {
  const kept = panel.cards.map((_, card) => card).filter((card) => card % 2 === first);
  const cards: PanelCard[] = kept.map((card) => panel.cards[card]!);
  const part = emptyPanel(cards, panel.first_day, panel.days);
  for (const column of ['market', 'low', 'mid', 'high', 'suspect'] as const) {
    for (const [place, card] of kept.entries())
      part[column].set(panel[column].subarray(card * panel.days, (card + 1) * panel.days), place * panel.days);
  }
  return part;
}
