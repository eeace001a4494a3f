import type { ModelManifest } from '@pokewatch/contracts';
import { dayFromEpoch } from '@pokewatch/core';
import { type Figure, METRICS, type Reliability } from '@pokewatch/evaluation';
import { lineChart, page, paragraph, type Section, scatterChart, table } from '@pokewatch/report';
import type { PredictionTable } from '@pokewatch/store';
import type { TrainEvaluation } from './evaluation.ts';
import { worthText } from './listings.ts';

interface Reported {
  readonly manifest: Omit<ModelManifest, 'files'>;
  readonly evaluation: TrainEvaluation | undefined;
  readonly table: PredictionTable;
}

const STRONGEST = 20;

/** `report.html`: what the model says today, how good it was on days it had not seen, and whether it may serve. */
export function reportPage({ manifest, evaluation, table: predictions }: Reported): string {
  const lead = `Version ${manifest.version}. ${manifest.rows} quotes of ${manifest.cards} cards from ${manifest.first_date} to ${manifest.last_date}, source ${manifest.source}. Fair price: the market price expected ${manifest.horizon_days} days later.`;
  const sections = [
    gateSection(manifest),
    ...(evaluation === undefined ? [] : evaluationSections(evaluation, manifest)),
    callsSection(predictions),
  ];
  const banner = manifest.simulated ? 'SIMULATED market: these are not real prices.' : undefined;
  return page(`PokeWatch: model ${manifest.model}`, lead, sections, banner);
}

function gateSection({ gate, model, refitted, fitted_as_of }: Reported['manifest']): Section {
  const verdict = gate.passed
    ? refitted === false
      ? `It passed the gate when it was fitted, on data to ${fitted_as_of}; it speaks on because its successor was refused.`
      : 'It passed the gate.'
    : model === 'naive'
      ? 'No model passed the gate: “no change” serves.'
      : 'It was refused.';
  const rows = gate.checks.map((check) => [check.passed ? 'passed' : 'failed', check.name, check.text]);
  const notes = gate.notes.map((note) => paragraph(`Note: ${note}.`)).join('');
  return {
    title: 'May it serve?',
    html:
      paragraph(verdict) + table([{ title: 'result' }, { title: 'check' }, { title: 'what was found' }], rows) + notes,
  };
}

function evaluationSections(evaluation: TrainEvaluation, { listings }: Reported['manifest']): Section[] {
  const { error_by_week: byWeek, challengers } = evaluation;
  const names = Object.keys(evaluation.models);
  const figures = METRICS.map((metric) => [
    metric.name,
    ...names.map((name) => shown(evaluation.models[name]![metric.name])),
    metric.definition,
  ]);
  const tiers = evaluation.tiers.map(({ group, figures: f }) => [
    group,
    String(f.mape?.n ?? 0),
    shown(f.ic),
    shown(f.mae_over_naive),
    shown(f.coverage),
  ]);
  const days = (x: number) => dayFromEpoch(Math.round(x)).slice(2);
  return [
    {
      title: `On days it had not seen, ${evaluation.from} to ${evaluation.to}`,
      html:
        paragraph(
          'Each prediction was made by a model fitted only on what was known that day. In brackets: 90 % interval from a bootstrap over blocks of days.',
        ) +
        table(
          [{ title: 'figure' }, ...names.map((title) => ({ title, number: true as const })), { title: 'meaning' }],
          figures,
        ) +
        challengersTable(challengers, evaluation.candidate),
    },
    ...listingsSection(listings),
    {
      title: 'Error against “no change”, week by week',
      html: lineChart([{ name: 'error / naive', x: byWeek.week_start, y: byWeek.ratio }], {
        title: 'Mean absolute error over that of no change, by week',
        xLabel: 'week of the prediction',
        yLabel: 'below 1 is better',
        reference: 1,
        formatX: days,
      }),
    },
    {
      title: 'By price',
      html: table(
        [
          { title: 'price' },
          { title: 'rows', number: true },
          { title: 'ic', number: true },
          { title: 'error / naive', number: true },
          { title: '80 % band covers', number: true },
        ],
        tiers,
      ),
    },
    { title: 'Do the chances come true?', html: reliabilityChart(evaluation.chances.up, evaluation.chances.down) },
  ];
}

function challengersTable(challengers: TrainEvaluation['challengers'], candidate: string): string {
  if (challengers.length === 0) return '';
  const rows = challengers.map(({ name, mae_difference: { value, lower, upper }, better_beyond_noise }) => [
    name,
    value === null ? '–' : value.toFixed(4),
    lower === null || upper === null ? '–' : `${lower.toFixed(4)} to ${upper.toFixed(4)}`,
    better_beyond_noise ? 'yes' : 'no',
  ]);
  const columns = [
    { title: 'model' },
    { title: 'MAE / naive less the default’s', number: true as const },
    { title: '90 % interval', number: true as const },
    { title: 'better beyond noise' },
  ];
  return (
    paragraph(
      `Candidate: ${candidate}. Another model becomes it only when it is better than the default beyond noise.`,
    ) + table(columns, rows)
  );
}

function listingsSection(listings: ModelManifest['listings']): Section[] {
  const worth = listings && worthText(listings);
  return worth === undefined ? [] : [{ title: 'What listings are worth', html: paragraph(`${worth}.`) }];
}

function reliabilityChart(up: Reliability, down: Reliability): string {
  const series = (name: string, one: Reliability) => ({
    name,
    x: one.bins.map((bin) => bin.predicted),
    y: one.bins.map((bin) => bin.came_true),
  });
  const percent = (x: number) => `${Math.round(x * 100)} %`;
  return (
    paragraph(
      `Chance of a gain of 10 % or more (base rate ${rate(up.base_rate)}) and of a loss of 10 % or more (base rate ${rate(down.base_rate)}). On the dashed line what was said came true as often as said.`,
    ) +
    scatterChart([series('gain ≥ 10 %', up), series('loss ≥ 10 %', down)], {
      title: 'Reliability of the chances',
      xLabel: 'said',
      yLabel: 'came true',
      diagonal: true,
      formatX: percent,
      formatY: percent,
    })
  );
}

function callsSection(predictions: PredictionTable): Section {
  const newest = predictions.cards.map((card) => {
    const row = card.to - 1;
    const [market, fair] = [predictions.market[row]!, predictions.fair[row]!];
    return { card, row, market, fair, deviation: (market - fair) / fair };
  });
  const strongest = [...newest].sort((a, b) => a.deviation - b.deviation);
  const picked =
    strongest.length <= 2 * STRONGEST ? strongest : [...strongest.slice(0, STRONGEST), ...strongest.slice(-STRONGEST)];
  const rows = picked.map(({ card, row, market, fair, deviation }) => [
    card.name,
    card.set_name,
    dayFromEpoch(predictions.day[row]!),
    `${market.toFixed(2)} ${card.currency}`,
    fair.toFixed(2),
    `${predictions.lower[row]!.toFixed(2)} to ${predictions.upper[row]!.toFixed(2)}`,
    `${(deviation * 100).toFixed(1)} %`,
  ]);
  const columns = [
    { title: 'card' },
    { title: 'set' },
    { title: 'day' },
    { title: 'market', number: true as const },
    { title: 'fair', number: true as const },
    { title: '80 % band', number: true as const },
    { title: 'deviation', number: true as const },
  ];
  return { title: 'Furthest from their fair price today', html: table(columns, rows) };
}

function shown(figure: Figure | undefined): string {
  if (figure === undefined || figure.value === null) return '–';
  const interval =
    figure.lower === null || figure.upper === null ? '' : ` (${figure.lower.toFixed(2)} to ${figure.upper.toFixed(2)})`;
  return `${figure.value.toFixed(3)}${interval}`;
}

function rate(value: number | null): string {
  return value === null ? 'not known' : `${(value * 100).toFixed(1)} %`;
}
