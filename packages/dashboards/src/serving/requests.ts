import type { Row } from '../parts/dashboard.ts';
import { heatmap, lines } from '../parts/kinds.ts';
import { at, quantile, rate } from '../parts/query.ts';

const SERVICE = 'service=~"$service"';
const FAIR_PRICES = 'service="gateway", route=~"/fair_price.*"';
const REQUESTS = 'pokewatch_requests_total';
const LATENCY = 'pokewatch_request_latency_seconds';

/** Rate, errors and duration of each route of each service. */
export const REQUESTS_ROW: Row = {
  title: 'Requests: rate, errors, duration',
  panels: [
    lines({
      title: 'Requests by route',
      text: 'Requests a second. Good: follows your callers. A sudden zero with callers about: look at “Processes that answer” and at what is in front of the gateway.',
      unit: 'reqps',
      min: 0,
      queries: [{ expr: `sum by (service, route) (${rate(REQUESTS, SERVICE)})`, legend: '{{service}} {{route}}' }],
      runbooks: ['PokewatchServiceGone'],
    }),
    lines({
      title: 'Share of 5xx by route',
      text: 'Share of answers with 5xx. Good: 0. Above: “Problems by code” says what they were; peer_… is a service behind the gateway, overloaded is too much load.',
      unit: 'percentunit',
      min: 0,
      queries: [
        {
          expr: `sum by (service, route) (${rate(REQUESTS, `${SERVICE}, status=~"5.."`)}) / sum by (service, route) (${rate(REQUESTS, SERVICE)})`,
          legend: '{{service}} {{route}}',
        },
      ],
      nothing: 'none',
      thresholds: [
        { value: null, color: 'transparent' },
        { value: 0.005, color: 'red' },
      ],
      runbooks: ['PokewatchErrorBudgetBurn'],
    }),
    lines({
      title: '99 % within, by route',
      text: 'Time within which 99 of 100 requests are answered. Good: fair prices below 0.25 s. Above: “Answers of services” and “Wait for a trip” show whether the services or the gateway take it, “Event loop” whether a process has too much to do.',
      unit: 's',
      min: 0,
      queries: [{ expr: quantile(0.99, LATENCY, ['service', 'route'], SERVICE), legend: '{{service}} {{route}}' }],
      thresholds: [
        { value: null, color: 'transparent' },
        { value: 0.25, color: 'red' },
      ],
      runbooks: ['PokewatchLatencyBudgetBurn'],
    }),
    lines({
      title: 'Fair prices: within',
      text: 'Time within which half, 95 and 99 of 100 fair-price requests are answered by the gateway. Good: 99 % below 0.25 s, half within a few milliseconds.',
      unit: 's',
      min: 0,
      queries: [0.5, 0.95, 0.99].map((q) => ({
        expr: quantile(q, LATENCY, [], FAIR_PRICES),
        legend: `${q * 100} %`,
      })),
      thresholds: [
        { value: null, color: 'transparent' },
        { value: 0.25, color: 'red' },
      ],
      runbooks: ['PokewatchLatencyBudgetBurn'],
    }),
    heatmap({
      title: 'Fair prices: how long how many took',
      text: 'All fair-price requests by the time that they took. Good: one dark band at the bottom. A second band higher up is one slow service, or one kind of request.',
      unit: 's',
      queries: [
        { expr: `sum by (le) (increase(${LATENCY}_bucket${at(FAIR_PRICES)}[$__rate_interval]))`, legend: '{{le}}' },
      ],
      runbooks: ['PokewatchLatencyBudgetBurn'],
    }),
    lines({
      title: 'Answers by status',
      text: 'Answers a second by HTTP status. Good: 200, and a few 404 and 422 of callers’ mistakes. 429: somebody is over the limit; 401 and 403: keys; 5xx: the runbook.',
      unit: 'reqps',
      min: 0,
      stacked: true,
      queries: [{ expr: `sum by (status) (${rate(REQUESTS, SERVICE)})`, legend: '{{status}}' }],
      runbooks: ['PokewatchErrorBudgetBurn'],
    }),
    lines({
      title: 'Problems by code',
      text: 'Answers that were problems, by the code of docs/errors.md, which says of each what to do. Good: only codes of callers (unknown_card, invalid_body, …).',
      unit: 'reqps',
      min: 0,
      width: 12,
      nothing: 'none',
      queries: [
        { expr: `sum by (service, code) (${rate('pokewatch_errors_total', SERVICE)})`, legend: '{{service}} {{code}}' },
      ],
      runbooks: ['PokewatchErrorBudgetBurn', 'PokewatchInvalidKeys'],
    }),
    lines({
      title: 'Fair prices by signal',
      text: 'Answered fair prices a second by what they said. Good: mostly HOLD. All HOLD for days: “Paused cards” on the dashboard Advice.',
      unit: 'reqps',
      min: 0,
      width: 12,
      stacked: true,
      queries: [{ expr: `sum by (signal) (${rate('pokewatch_predictions_total')})`, legend: '{{signal}}' }],
      runbooks: ['PokewatchSignalsPaused'],
    }),
  ],
};
