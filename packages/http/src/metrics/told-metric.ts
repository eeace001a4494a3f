import type { Metric, Registry } from 'prom-client';
import type { AnyLabels } from './definition.ts';

/** One line of an answer to Prometheus. */
export interface Told {
  readonly value: number;
  readonly metricName?: string;
  readonly labels?: AnyLabels;
  readonly sharedLabels?: AnyLabels;
}

export type MetricType = 'counter' | 'gauge' | 'histogram';

/** Adds a metric to a registry of prom-client that is read when it is asked for, and kept elsewhere. */
export function tellMetric(
  registry: Registry,
  { name, help }: { readonly name: string; readonly help: string },
  type: MetricType,
  values: () => readonly Told[],
): void {
  const get = async () => ({ name, help, type, aggregator: 'sum' as const, values: values() });
  const metric = { name, help, type, aggregator: 'sum' as const, get, reset: () => {} };
  registry.registerMetric(metric as unknown as Metric);
}
