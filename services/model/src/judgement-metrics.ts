import {
  CALL_STATE_NAMES,
  type DriftTable,
  type KpiFigure,
  NORMED_WASSERSTEIN,
  PAUSE_CODES,
  type Paused,
} from '@pokewatch/contracts';
import type { HttpMetrics } from '@pokewatch/http';
import type { Judgements } from './judgements.ts';

/** The parts of a figure, each a value of the label `part`: the figure, its interval, and what it is read beside. */
const PARTS = ['value', 'lower', 'upper', 'base_rate'] as const;
type Part = (typeof PARTS)[number];

interface Watched {
  readonly judgements: Judgements;
  /** How many cards’ newest answers are paused, by reason. */
  readonly paused: () => Readonly<Record<Paused['code'], number>>;
  readonly version: () => string | undefined;
}

/** Gauges of what jobs found last. What is not known has no series, rather than a 0 that means something else. */
export function createJudgementMetrics(metrics: HttpMetrics, { judgements, paused, version }: Watched): void {
  addKpis(metrics, judgements);
  addDrift(metrics, () => judgements.driftOf(version() ?? ''));
  metrics.gauge(
    {
      name: 'pokewatch_paused_cards',
      help: 'Cards whose newest answer is no advice, by reason.',
      labels: { code: PAUSE_CODES },
    },
    (tell) => {
      const counts = paused();
      for (const code of PAUSE_CODES) tell(counts[code], { code });
    },
  );
}

function addKpis(metrics: HttpMetrics, judgements: Judgements): void {
  const kpis = () => judgements.kpis;
  const calls = (name: 'precision' | 'recall', help: string) =>
    metrics.gauge(
      {
        name: `pokewatch_kpi_${name}`,
        help,
        unit: 'fraction',
        labels: { signal: ['BUY', 'SELL'], days: 'after the call', part: PARTS },
      },
      (tell) => {
        for (const { signal, days, [name]: figure } of kpis()?.signals ?? [])
          eachPart(figure, (value, part) => tell(value, { signal, days: String(days), part }));
      },
    );
  calls('precision', 'Share of published calls after which the price moved by 10 % or more their way, by days after.');
  calls('recall', 'Share of moves of 10 % or more that had been called, by days after.');
  metrics.gauge(
    {
      name: 'pokewatch_kpi_error',
      help: 'Error of published fair prices: mape a fraction, rmse in currency.',
      unit: 'fraction; currency',
      labels: { figure: ['mape', 'rmse'], part: PARTS },
    },
    (tell) => {
      const now = kpis();
      if (now === undefined) return;
      for (const figure of ['mape', 'rmse'] as const)
        eachPart(now[figure], (value, part) => tell(value, { figure, part }));
    },
  );
  metrics.gauge(
    {
      name: 'pokewatch_kpi_band_coverage',
      help: 'Share of prices inside the published 80 % band.',
      unit: 'fraction',
      labels: { part: PARTS },
    },
    (tell) => {
      const now = kpis();
      if (now !== undefined) eachPart(now.coverage, (value, part) => tell(value, { part }));
    },
  );
  metrics.gauge(
    {
      name: 'pokewatch_kpi_signal_share',
      help: 'Share of published calls by signal.',
      labels: { signal: ['BUY', 'SELL', 'HOLD'], part: PARTS },
    },
    (tell) => {
      for (const { signal, share } of kpis()?.distribution ?? [])
        eachPart(share, (value, part) => tell(value, { signal, part }));
    },
  );
  metrics.gauge(
    {
      name: 'pokewatch_kpi_stability',
      help: 'Share of calls like the card’s call before, and of those that were reversed.',
      unit: 'fraction',
      labels: { figure: ['same', 'reversed'], part: PARTS },
    },
    (tell) => {
      const now = kpis();
      if (now === undefined) return;
      for (const figure of ['same', 'reversed'] as const)
        eachPart(now.stability[figure], (value, part) => tell(value, { figure, part }));
    },
  );
  metrics.gauge(
    {
      name: 'pokewatch_kpi_calls',
      help: 'Published calls by what is known of them at their horizon.',
      labels: { state: CALL_STATE_NAMES },
    },
    (tell) => {
      const now = kpis();
      if (now !== undefined) for (const state of CALL_STATE_NAMES) tell(now.states[state], { state });
    },
  );
  metrics.gauge({ name: 'pokewatch_kpi_computed_timestamp_seconds', help: 'When the KPIs were computed.' }, (tell) => {
    const now = kpis();
    if (now !== undefined) tell(Date.parse(now.computed_at) / 1000);
  });
}

function eachPart(figure: KpiFigure, tell: (value: number, part: Part) => void): void {
  for (const part of PARTS) {
    const value = figure[part];
    if (value !== null) tell(value, part);
  }
}

/** Tables of columns that are watched for drift. */
const TABLES = ['data', 'predictions'] as const;

function addDrift(metrics: HttpMetrics, drift: () => ReturnType<Judgements['driftOf']>): void {
  const gauge = (name: `pokewatch_drift_${string}`, help: string, value: (table: DriftTable) => number | undefined) =>
    metrics.gauge({ name, help, labels: { table: TABLES } }, (tell) => {
      const now = drift();
      for (const table of TABLES) {
        const found = now?.[table] ?? undefined;
        const told = found === undefined ? undefined : value(found);
        if (told !== undefined) tell(told, { table });
      }
    });
  gauge(
    'pokewatch_drift_share',
    'Share of columns that differ from before, by table.',
    (table) => table.share_of_drifted_columns,
  );
  gauge(
    'pokewatch_drift_distance_max',
    'Farthest that a column moved, by table: the normed Wasserstein distance, in standard deviations of before.',
    farthest,
  );
}

/** The largest distance of a column in standard deviations, or undefined where none was compared so. */
function farthest({ drift_by_columns }: DriftTable): number | undefined {
  const distances = drift_by_columns
    .filter(({ stattest_name }) => stattest_name === NORMED_WASSERSTEIN)
    .flatMap(({ drift_score }) => (drift_score === null ? [] : [drift_score]));
  return distances.length === 0 ? undefined : Math.max(...distances);
}
