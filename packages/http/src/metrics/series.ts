import { type AnyLabels, allLabels, type Labels, type MetricDefinition } from './definition.ts';

/** How often something happened; whoever counts it often keeps this and raises `n`. */
export class Count {
  n = 0;
}

/** The series of a metric by their labels. Those that are known before are there from the start. */
export class SeriesOf<D extends MetricDefinition, T> {
  readonly #names: readonly string[];
  readonly #make: () => T;
  readonly #all = new Map<string, readonly [AnyLabels, T]>();

  constructor(definition: D, make: () => T) {
    this.#names = Object.keys(definition.labels ?? {});
    this.#make = make;
    for (const labels of allLabels(definition)) this.of(labels as Labels<D>);
  }

  /** The series with these labels. */
  of(labels: Labels<D>): T {
    const given = labels as AnyLabels;
    const key = this.#names.map((name) => given[name]).join('\n');
    const known = this.#all.get(key);
    if (known !== undefined) return known[1];
    const made = this.#make();
    this.#all.set(key, [given, made]);
    return made;
  }

  get all(): readonly (readonly [AnyLabels, T])[] {
    return [...this.#all.values()];
  }
}
