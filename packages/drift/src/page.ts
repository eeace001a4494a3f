import type { Drift, DriftTable } from '@pokewatch/contracts';
import { barChart, facts, page, paragraph, type Section, smallPrint, table } from '@pokewatch/report';
import { driftAdvice } from './words.ts';

/** The drift report as an HTML page. */
export function driftPage(drift: Drift): string {
  const lead = `Model ${drift.model_version}, source ${drift.source}: the last ${drift.window_days} days against those before.`;
  const sections = [shortSection(drift), adviceSection(drift), tableSection('Prices and listings', drift.data)];
  if (drift.predictions !== null) sections.push(tableSection('Predictions', drift.predictions));
  const banner = drift.simulated ? 'SIMULATED market: these are not real prices.' : undefined;
  return page('PokeWatch: drift', lead, sections, banner);
}

function shortSection({ data, predictions, paused, pause }: Drift): Section {
  const part = (what: string, one: DriftTable) => ({
    figure: `${one.number_of_drifted_columns} of ${one.number_of_columns}`,
    text: `columns of ${what} differ from before.`,
  });
  const rules = [
    ...(pause.share === 0 ? [] : [`from ${Math.round(pause.share * 100)} % of the columns on`]),
    ...(pause.distance === 0 ? [] : [`when a column of prices moved by ${pause.distance} standard deviations`]),
  ];
  return {
    title: 'In short',
    html: facts([
      part('prices and listings', data),
      ...(predictions === null ? [] : [part('predictions', predictions)]),
      {
        figure: paused === null ? 'no' : 'yes',
        text: `is the answer to “are signals paused?” They pause ${rules.join(', or ') || 'never, as set'}.`,
      },
    ]),
  };
}

function adviceSection(drift: Drift): Section {
  return { title: 'What to do', html: driftAdvice(drift).map(paragraph).join('') };
}

function tableSection(title: string, one: DriftTable): Section {
  const rows = one.drift_by_columns.map((column) => [
    column.column_name,
    column.drift_detected ? 'drifted' : column.drift_score === null ? `not compared: ${column.why}` : 'as before',
    column.drift_score === null ? '–' : shown(column.drift_score),
    column.stattest_threshold === null ? '–' : String(column.stattest_threshold),
    column.stattest_name ?? '–',
    column.meaning,
  ]);
  const compared = one.drift_by_columns.filter(({ drift_score }) => drift_score !== null);
  const distances = compared.filter(({ stattest_name }) => !stattest_name?.endsWith('p_value'));
  const { reference, current } = one;
  return {
    title,
    html:
      paragraph(
        `${current.rows} rows from ${current.from} to ${current.to} beside ${reference.rows} from ${reference.from} to ${reference.to}. A column differs when its distance is at or above the threshold, or its p-value below it. Evidently would call the table ${one.dataset_drift ? 'drifted' : 'not drifted'}: its line is ${Math.round(one.drift_share * 100)} % of the columns.`,
      ) +
      barChart(
        distances.map(({ column_name }) => column_name),
        [{ name: 'distance', values: distances.map(({ drift_score }) => drift_score!) }],
        { title: `${title}: distance of each column`, xLabel: 'column', yLabel: 'distance', reference: 0.1 },
      ) +
      table(
        [
          { title: 'column' },
          { title: 'result' },
          { title: 'score', number: true },
          { title: 'threshold', number: true },
          { title: 'test' },
          { title: 'meaning' },
        ],
        rows,
      ) +
      smallPrint('Tests, thresholds and formulas are the defaults of Evidently 0.7 (docs/drift.md).'),
  };
}

function shown(score: number): string {
  return score !== 0 && Math.abs(score) < 0.001 ? score.toExponential(1) : score.toFixed(3);
}
