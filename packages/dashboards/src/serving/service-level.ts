import type { Row } from '../parts/dashboard.ts';
import { lines, numbers, states, table } from '../parts/kinds.ts';
import type { Threshold } from '../parts/panel.ts';
import { at } from '../parts/query.ts';

const BUDGET: readonly Threshold[] = [
  { value: null, color: 'red' },
  { value: 0, color: 'orange' },
  { value: 0.25, color: 'green' },
];

const ALERTS = 'alertname=~"Pokewatch.*", alertstate="firing"';

/** What docs/slo.md promises, and how it is kept. */
export const SERVICE_LEVEL: Row = {
  title: 'Is it well?',
  panels: [
    numbers({
      title: 'Answered well, 30 days',
      text: 'Share of fair-price requests of the last 30 days that were not answered with 5xx. Good: 99.5 % or more, which is what docs/slo.md promises. Below: see “Problems by code” for what failed, and the runbook.',
      unit: 'percentunit',
      decimals: 2,
      queries: [{ expr: `1 - pokewatch:fair_price_errors:ratio_rate30d${at()}` }],
      thresholds: [
        { value: null, color: 'red' },
        { value: 0.995, color: 'green' },
      ],
      runbooks: ['PokewatchErrorBudgetBurn'],
    }),
    numbers({
      title: 'Error budget left, 30 days',
      text: '100 %: no request failed in 30 days; 0 %: as many as docs/slo.md allows (0.5 %); negative: more. Good: above 25 %. At 0 nothing but repairs is rolled out until it is positive again.',
      unit: 'percentunit',
      decimals: 0,
      queries: [{ expr: `pokewatch:fair_price_error_budget:left30d${at()}` }],
      thresholds: BUDGET,
      runbooks: ['PokewatchErrorBudgetBurn'],
    }),
    numbers({
      title: 'Latency budget left, 30 days',
      text: '100 %: every answer came within 250 ms; 0 %: 1 % of them took longer, which is all that docs/slo.md allows. Good: above 25 %. Below: “Within, by route” and “Answers of services” show where the time goes.',
      unit: 'percentunit',
      decimals: 0,
      queries: [{ expr: `pokewatch:fair_price_latency_budget:left30d${at()}` }],
      thresholds: BUDGET,
      runbooks: ['PokewatchLatencyBudgetBurn'],
    }),
    numbers({
      title: 'Freshness budget left, 30 days',
      text: 'How much of the time that prices may be more than 26 h behind a pipeline run is left (5 % of 30 days, one missed night). Good: above 25 %. Below: the dashboard Pipeline says which job failed.',
      unit: 'percentunit',
      decimals: 0,
      queries: [{ expr: `pokewatch:pipeline_freshness_budget:left30d${at()}` }],
      thresholds: BUDGET,
      runbooks: ['PokewatchPipelineLate'],
    }),
    numbers({
      title: 'Processes that answer',
      text: 'Processes of each service that Prometheus reads. Good: at least one of each, and as many as were deployed. Missing ones: the runbook.',
      unit: 'short',
      width: 8,
      queries: [{ expr: `count by (service) (pokewatch_build_info${at()})`, legend: '{{service}}' }],
      thresholds: [
        { value: null, color: 'red' },
        { value: 1, color: 'green' },
      ],
      runbooks: ['PokewatchServiceGone', 'PokewatchTargetDown'],
    }),
    lines({
      title: 'Burn rate of the error budget',
      text: 'How many times faster than allowed requests fail: at 1 the budget of 30 days lasts exactly 30 days, at 14.4 it is gone in two. Good: below 1. Alerts need a long and a short window above 14.4, 6, 3 or 1.',
      unit: 'short',
      min: 0,
      queries: ['5m', '1h', '6h', '3d'].map((window) => ({
        expr: `pokewatch:fair_price_errors:ratio_rate${window}${at()} / 0.005`,
        legend: window,
      })),
      thresholds: [
        { value: null, color: 'transparent' },
        { value: 1, color: 'orange' },
        { value: 14.4, color: 'red' },
      ],
      runbooks: ['PokewatchErrorBudgetBurn'],
    }),
    lines({
      title: 'Burn rate of the latency budget',
      text: 'The same for answers that took more than 250 ms. Good: below 1.',
      unit: 'short',
      min: 0,
      queries: ['5m', '1h', '6h', '3d'].map((window) => ({
        expr: `pokewatch:fair_price_slow:ratio_rate${window}${at()} / 0.01`,
        legend: window,
      })),
      thresholds: [
        { value: null, color: 'transparent' },
        { value: 1, color: 'orange' },
        { value: 14.4, color: 'red' },
      ],
      runbooks: ['PokewatchLatencyBudgetBurn'],
    }),
    table({
      title: 'Alerts that fire',
      text: 'Alerts of PokeWatch that fire now. Good: none. Each has a page of its name in docs/runbooks.',
      unit: 'short',
      width: 8,
      nothing: 'none',
      queries: [{ expr: `ALERTS${at(ALERTS)}` }],
      columns: [
        { field: 'alertname', title: 'Alert' },
        { field: 'severity', title: 'Severity' },
        { field: 'service', title: 'Service' },
        { field: 'instance', title: 'Instance' },
      ],
    }),
    states({
      title: 'Alerts over time',
      text: 'When which alert fired. Good: empty. Alerts that come together often have one cause: begin with the first.',
      unit: 'short',
      width: 24,
      height: 6,
      nothing: 'none',
      queries: [{ expr: `max by (alertname) (ALERTS${at(ALERTS)})`, legend: '{{alertname}}' }],
      thresholds: [{ value: null, color: 'red' }],
    }),
  ],
};
