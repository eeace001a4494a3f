import type { CurvesSettings, TuningResult } from '@pokewatch/contracts';

const FIGURES = ['objective', 'ic', 'ic_within_day', 'mae_over_naive'] as const;

type Differences = TuningResult['all_windows'];

/** What a search found, as lines of tables: best settings against the defaults, window by window, and what differs. */
export function tuningLines(result: TuningResult): string[] {
  const { default_trial, best_trial, windows, by_window, all_windows } = result;
  const rows = by_window.map((differences, window) => [
    `${windows[window]!.from} to ${windows[window]!.to}`,
    String(differences.n),
    objective(default_trial, window),
    objective(best_trial, window),
    ...FIGURES.map((figure) => shown(differences[figure])),
  ]);
  const all = [
    'all windows',
    String(all_windows.n),
    `${default_trial.score.toFixed(4)} ± ${default_trial.spread.toFixed(4)}`,
    `${best_trial.score.toFixed(4)} ± ${best_trial.spread.toFixed(4)}`,
    ...FIGURES.map((figure) => shown(all_windows[figure])),
  ];
  const header = ['window', 'rows', 'defaults', 'best', 'objective', 'IC', 'within a day', 'MAE/naive'];
  return [
    'Objective: IC + IC within a day − MAE/naive. The last four columns: best less defaults, with 90 % intervals.',
    ...aligned([header, ...rows, all]),
    ...changed(default_trial.settings, best_trial.settings),
  ];
}

function objective(trial: TuningResult['best_trial'], window: number): string {
  return trial.windows.find((one) => one.window === window)?.objective.toFixed(4) ?? '–';
}

function shown({ value, lower, upper }: Differences['objective']): string {
  if (value === null) return '–';
  const interval = lower === null || upper === null ? '' : ` [${lower.toFixed(4)}, ${upper.toFixed(4)}]`;
  return `${value.toFixed(4)}${interval}`;
}

function changed(defaults: CurvesSettings, best: CurvesSettings): string[] {
  const names = (Object.keys(defaults) as (keyof CurvesSettings)[]).filter((name) => defaults[name] !== best[name]);
  return names.length === 0
    ? []
    : [`Settings that differ: ${names.map((name) => `${name} ${defaults[name]} → ${best[name]}`).join(', ')}`];
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  );
}
