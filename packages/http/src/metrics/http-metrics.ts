import { Counter, collectDefaultMetrics, type Metric, Registry } from 'prom-client';
import { RequestSeries } from './request-series.ts';

/** What every service counts. Labels are route templates, methods, statuses and codes, never paths or cards. */
export interface HttpMetrics {
  readonly registry: Registry;
  /** Counts an answer. */
  answered(labels: { method: string; route: string; status: number }, seconds: number): void;
  /** Counts an answer that is a problem. */
  failed(labels: { route: string; code: string }): void;
}

/** Label of requests that no route took. */
export const UNMATCHED = 'unmatched';

/** A registry of its own with the metrics of the HTTP side and of the process. */
export function createMetrics(service: string): HttpMetrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const series = new RequestSeries();
  for (const metric of series.metrics()) registry.registerMetric(metric as unknown as Metric);
  const errors = new Counter({
    name: 'pokewatch_errors_total',
    help: 'Answers that were problems, by code.',
    labelNames: ['route', 'code'],
    registers: [registry],
  });
  return {
    registry,
    answered: ({ method, route, status }, seconds) => series.add(method, route, status, seconds),
    failed: (labels) => errors.inc(labels),
  };
}
