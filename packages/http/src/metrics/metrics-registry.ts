import { Registry } from 'prom-client';
import { Buckets } from './buckets.ts';
import type { AnyLabels, Labels, MetricDefinition } from './definition.ts';
import { Count, SeriesOf } from './series.ts';
import { type MetricType, type Told, tellMetric } from './told-metric.ts';

/** Says a value of a gauge, with its labels where it has some. */
export type Tell<D extends MetricDefinition> = (value: number, labels?: Labels<D>) => void;

/** Counts by labels. */
export interface Counter<D extends MetricDefinition> {
  /** What to raise for these labels; for what happens often, so that labels are looked up once. */
  of(labels: Labels<D>): Count;
  add(labels: Labels<D>): void;
}

/**
 * The metrics of a service. They are kept in plain numbers and told to prom-client when it is asked, because its own
 * counting looks up labels each time.
 */
export class MetricsRegistry {
  readonly registry = new Registry();
  readonly #definitions: (MetricDefinition & { readonly type: MetricType })[] = [];

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
  }

  /** All metrics of our own, in the order in which they were added. */
  get definitions(): readonly (MetricDefinition & { readonly type: MetricType })[] {
    return this.#definitions;
  }

  counter<const D extends MetricDefinition>(definition: D): Counter<D> {
    const series = new SeriesOf<D, Count>(definition, () => new Count());
    this.told(definition, 'counter', () => series.all.map(([labels, { n }]) => ({ value: n, labels })));
    return {
      of: (labels) => series.of(labels),
      add(labels) {
        series.of(labels).n += 1;
      },
    };
  }

  histogram<const D extends MetricDefinition>(definition: D, bounds: readonly number[]): SeriesOf<D, Buckets> {
    const series = new SeriesOf<D, Buckets>(definition, () => new Buckets(bounds));
    this.told(definition, 'histogram', () =>
      series.all.flatMap(([labels, buckets]) => buckets.told(definition.name, labels)),
    );
    return series;
  }

  /** A gauge that `read` tells when it is asked for; what is not told has no series. */
  gauge<const D extends MetricDefinition>(definition: D, read: (tell: Tell<D>) => void): void {
    this.told(definition, 'gauge', () => {
      const values: Told[] = [];
      read((value, labels) => values.push({ value, labels: (labels ?? {}) as AnyLabels }));
      return values;
    });
  }

  /** A metric that is kept elsewhere. */
  told(definition: MetricDefinition, type: MetricType, values: () => readonly Told[]): void {
    tellMetric(this.registry, definition, type, values);
    this.#definitions.push({ ...definition, type });
  }
}
