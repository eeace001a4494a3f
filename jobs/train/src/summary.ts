import type { ModelManifest } from '@pokewatch/contracts';
import type { Figure } from '@pokewatch/evaluation';
import { readModelFile } from '@pokewatch/store';
import type { TrainEvaluation } from './evaluation.ts';
import { worthText } from './listings.ts';

const SHOWN = ['ic', 'ic_within_day', 'mae_over_naive', 'coverage'] as const;

/**
 * What the gate found and how the candidate did beside the other models, as lines for the run report. `why_none` says why
 * there was no champion to compare with.
 */
export function summaryLines(root: string, model: ModelManifest, why_none: string | undefined): string[] {
  const checks = model.gate.checks.map(({ name, passed, text }) => `${passed ? 'passed' : 'FAILED'}  ${name}: ${text}`);
  const worth = model.listings && worthText(model.listings);
  return [
    ...checks,
    ...(why_none === undefined ? [] : [`no champion to compare with: ${why_none}`]),
    ...model.gate.notes.map((note) => `note: ${note}`),
    ...(worth === undefined ? [] : [`what listings are worth: ${worth}`]),
    ...figureLines(root, model),
  ];
}

function figureLines(root: string, model: ModelManifest): string[] {
  const evaluation = JSON.parse(readModelFile(root, model, 'evaluation.json')) as TrainEvaluation | null;
  if (evaluation === null) return [];
  const rows = Object.entries(evaluation.models).map(([name, figures]) => [
    name,
    ...SHOWN.map((metric) => shown(figures[metric])),
    remark(name, evaluation),
  ]);
  const header = [`${evaluation.from} to ${evaluation.to}`, 'IC', 'within a day', 'MAE/naive', '80 % band', ''];
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  return [header, ...rows].map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  );
}

function remark(name: string, { candidate, challengers }: TrainEvaluation): string {
  if (name === candidate) return 'the candidate';
  const challenger = challengers.find((one) => one.name === name);
  return challenger?.better_beyond_noise ? 'better than the default beyond noise' : '';
}

function shown(figure: Figure | undefined): string {
  return figure === undefined || figure.value === null ? '–' : figure.value.toFixed(3);
}
