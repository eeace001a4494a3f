import type { Readiness } from '../readiness.ts';
import { MetricsRegistry } from './metrics-registry.ts';
import { addProcessMetrics } from './process-metrics.ts';
import { LATENCY, REQUESTS, RequestSeries } from './request-series.ts';

/** What every service counts. Labels are route templates, methods, statuses and codes, never paths or cards. */
export interface HttpMetrics extends MetricsRegistry {
  /** Counts an answer. */
  answered(labels: { method: string; route: string; status: number }, seconds: number): void;
  /** Counts an answer that is a problem. */
  failed(labels: { route: string; code: string }): void;
  /** Has what a route may answer counted with 0 before it first does. */
  expect(route: { method: string; route: string; statuses: Iterable<number>; codes: Iterable<string> }): void;
}

/** Label of requests that no route took. */
export const UNMATCHED = 'unmatched';

const ERRORS = {
  name: 'pokewatch_errors_total',
  help: 'Answers that were problems, by code.',
  labels: { route: REQUESTS.labels.route, code: 'of errors.md' },
} as const;

/** A registry of its own with the metrics of the HTTP side and of the process. */
export function createMetrics(service: string, readiness: Readiness): HttpMetrics {
  const metrics = new MetricsRegistry(service);
  addProcessMetrics(metrics, readiness);
  const series = new RequestSeries();
  metrics.told(REQUESTS, 'counter', () => series.requests());
  metrics.told(LATENCY, 'histogram', () => series.times());
  const errors = metrics.counter(ERRORS);
  return Object.assign(metrics, {
    answered: (labels, seconds) => series.add(labels.method, labels.route, labels.status, seconds),
    failed: (labels) => errors.add(labels),
    expect({ method, route, statuses, codes }) {
      series.expect(method, route, statuses);
      for (const code of codes) errors.of({ route, code });
    },
  } satisfies Omit<HttpMetrics, keyof MetricsRegistry>);
}
