import { METRICS } from '@pokewatch/evaluation';
import type { ModelEvaluation } from '@pokewatch/walk-forward';

/** The figures of a backtest as lines of a table: one a figure, one column a model, with intervals and base rates. */
export function figureLines(evaluation: ModelEvaluation): string[] {
  const names = Object.keys(evaluation.models);
  const rows = METRICS.map((metric) => {
    const cells = names.map((name) => {
      const figure = evaluation.models[name]![metric.name];
      if (figure === undefined || figure.value === null) return '-';
      const interval =
        figure.lower === null || figure.upper === null
          ? ''
          : ` [${figure.lower.toFixed(3)}, ${figure.upper.toFixed(3)}]`;
      return `${figure.value.toFixed(3)}${interval}`;
    });
    const base = evaluation.models[names.at(-1)!]![metric.name]?.base_rate ?? null;
    return [metric.name, ...cells, base === null ? '' : `base rate ${(base * 100).toFixed(1)} %`];
  });
  const header = ['figure', ...names, ''];
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  return [header, ...rows].map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  );
}
