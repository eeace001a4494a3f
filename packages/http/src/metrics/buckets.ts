import type { AnyLabels } from './definition.ts';
import type { Told } from './told-metric.ts';

/** Upper bounds for times from a fraction of a millisecond to seconds. */
export const TIMES_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const;

/**
 * One series of a histogram in plain numbers: adding to it costs a look at the bounds and three additions, where prom-client
 * puts labels together into a text each time.
 */
export class Buckets {
  readonly #bounds: readonly number[];
  /** Values by the bucket that they fall in; the last one has no bound. */
  readonly #counts: number[];
  #count = 0;
  #sum = 0;

  /** @param bounds upper bounds, ascending */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = Array<number>(bounds.length + 1).fill(0);
  }

  get count(): number {
    return this.#count;
  }

  add(value: number): void {
    const bounds = this.#bounds;
    let bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]!) bucket += 1;
    this.#counts[bucket]! += 1;
    this.#count += 1;
    this.#sum += value;
  }

  /** The series as Prometheus has it: what is in each bucket and all below it, the sum and the count. */
  told(name: string, labels: AnyLabels): Told[] {
    let below = 0;
    return [
      ...[...this.#bounds, '+Inf' as const].map((le, i) => {
        below += this.#counts[i]!;
        return { value: below, metricName: `${name}_bucket`, labels: { le }, sharedLabels: labels };
      }),
      { value: this.#sum, metricName: `${name}_sum`, sharedLabels: labels },
      { value: this.#count, metricName: `${name}_count`, sharedLabels: labels },
    ];
  }
}
