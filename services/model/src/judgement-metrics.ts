import { CALL_STATE_NAMES, type KpiFigure, PAUSE_CODES, type Paused } from '@pokewatch/contracts';
import type { HttpMetrics } from '@pokewatch/http';
import { Gauge } from 'prom-client';
import type { Judgements } from './judgements.ts';

/** The parts of a figure, each a value of the label `part`: the figure, its interval, and what it is read beside. */
const PARTS = ['value', 'lower', 'upper', 'base_rate'] as const;

interface Watched {
  readonly judgements: Judgements;
  /** How many cards’ newest answers are paused, by reason. */
  readonly paused: () => Readonly<Record<Paused['code'], number>>;
  readonly version: () => string | undefined;
}

/** Gauges of what jobs found last. What is not known has no series, rather than a 0 that means something else. */
export function createJudgementMetrics({ registry }: HttpMetrics, { judgements, paused, version }: Watched): void {
  const gauge = (name: string, help: string, labelNames: readonly string[], collect: (gauge: Gauge<string>) => void) =>
    new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      collect() {
        this.reset();
        collect(this);
      },
    });
  const figure = (to: Gauge<string>, labels: Readonly<Record<string, string>>, from: KpiFigure) => {
    for (const part of PARTS) {
      const value = from[part];
      if (value !== null) to.set({ ...labels, part }, value);
    }
  };
  const of_calls = (name: 'precision' | 'recall', help: string) =>
    gauge(`pokewatch_kpi_${name}`, help, ['signal', 'days', 'part'], (to) => {
      for (const one of judgements.kpis?.signals ?? [])
        figure(to, { signal: one.signal, days: String(one.days) }, one[name]);
    });
  of_calls(
    'precision',
    'Share of published calls after which the price moved by 10 % or more their way, by days after.',
  );
  of_calls('recall', 'Share of moves of 10 % or more that had been called, by days after.');
  gauge(
    'pokewatch_kpi_error',
    'Error of published fair prices: mape a fraction, rmse in currency.',
    ['figure', 'part'],
    (to) => {
      const { kpis } = judgements;
      if (kpis === undefined) return;
      figure(to, { figure: 'mape' }, kpis.mape);
      figure(to, { figure: 'rmse' }, kpis.rmse);
    },
  );
  gauge('pokewatch_kpi_band_coverage', 'Share of prices inside the published 80 % band.', ['part'], (to) => {
    if (judgements.kpis !== undefined) figure(to, {}, judgements.kpis.coverage);
  });
  gauge('pokewatch_kpi_signal_share', 'Share of published calls by signal.', ['signal', 'part'], (to) => {
    for (const { signal, share } of judgements.kpis?.distribution ?? []) figure(to, { signal }, share);
  });
  gauge(
    'pokewatch_kpi_stability',
    'Share of calls like the card’s call before, and of those that were reversed.',
    ['figure', 'part'],
    (to) => {
      const { kpis } = judgements;
      if (kpis === undefined) return;
      figure(to, { figure: 'same' }, kpis.stability.same);
      figure(to, { figure: 'reversed' }, kpis.stability.reversed);
    },
  );
  gauge('pokewatch_kpi_calls', 'Published calls by what is known of them at their horizon.', ['state'], (to) => {
    const { kpis } = judgements;
    if (kpis !== undefined) for (const state of CALL_STATE_NAMES) to.set({ state }, kpis.states[state]);
  });
  gauge('pokewatch_kpi_computed_timestamp_seconds', 'When the KPIs were computed.', [], (to) => {
    const { kpis } = judgements;
    if (kpis !== undefined) to.set(Date.parse(kpis.computed_at) / 1000);
  });
  gauge('pokewatch_drift_share', 'Share of columns that differ from before, by table.', ['table'], (to) => {
    const drift = judgements.driftOf(version() ?? '');
    if (drift === undefined) return;
    to.set({ table: 'data' }, drift.data.share_of_drifted_columns);
    if (drift.predictions !== null) to.set({ table: 'predictions' }, drift.predictions.share_of_drifted_columns);
  });
  gauge('pokewatch_paused_cards', 'Cards whose newest answer is no advice, by reason.', ['code'], (to) => {
    const counts = paused();
    for (const code of PAUSE_CODES) to.set({ code }, counts[code]);
  });
}
