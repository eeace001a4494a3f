import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

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
  const requests = new Counter({
    name: 'pokewatch_requests_total',
    help: 'Requests answered.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  const latency = new Histogram({
    name: 'pokewatch_request_latency_seconds',
    help: 'Time from the request line to the end of the answer, in seconds.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  const errors = new Counter({
    name: 'pokewatch_errors_total',
    help: 'Answers that were problems, by code.',
    labelNames: ['route', 'code'],
    registers: [registry],
  });
  return {
    registry,
    answered(labels, seconds) {
      requests.inc(labels);
      latency.observe(labels, seconds);
    },
    failed: (labels) => errors.inc(labels),
  };
}
