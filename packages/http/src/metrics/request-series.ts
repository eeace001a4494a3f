/** Upper bounds of the buckets of `pokewatch_request_latency_seconds`. */
const BOUNDS_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const;

interface Series {
  readonly labels: { readonly method: string; readonly route: string; readonly status: number };
  /** Answers by the bucket that they fall in; the last one has no bound. */
  readonly buckets: number[];
  count: number;
  seconds: number;
}

interface Value {
  readonly value: number;
  readonly metricName: string;
  readonly labels?: Readonly<Record<string, string | number>>;
  readonly sharedLabels?: Readonly<Record<string, string | number>>;
}

/**
 * Answers and their times by method, route and status. prom-client puts labels together into a text at every count,
 * which takes longer than the rest of counting; here they are looked up, and told to prom-client when it is asked.
 */
export class RequestSeries {
  readonly #by_route = new Map<string, Map<string, Series[]>>();

  /** Counts an answer that took so many seconds. */
  add(method: string, route: string, status: number, seconds: number): void {
    const series = this.#by_route.get(route)?.get(method)?.[status] ?? this.#create(method, route, status);
    let bucket = 0;
    while (bucket < BOUNDS_S.length && seconds > BOUNDS_S[bucket]!) bucket += 1;
    series.buckets[bucket]! += 1;
    series.count += 1;
    series.seconds += seconds;
  }

  /** `pokewatch_requests_total` and `pokewatch_request_latency_seconds`, as a registry of prom-client takes them. */
  metrics() {
    const requests = 'pokewatch_requests_total';
    const latency = 'pokewatch_request_latency_seconds';
    return [
      metric(requests, 'counter', 'Requests answered.', () =>
        this.#all().map(({ labels, count }) => ({ value: count, metricName: requests, labels })),
      ),
      metric(latency, 'histogram', 'Time from the request line to the end of the answer, in seconds.', () =>
        this.#all().flatMap((series) => histogramValues(latency, series)),
      ),
    ];
  }

  #create(method: string, route: string, status: number): Series {
    const methods = this.#by_route.get(route) ?? new Map<string, Series[]>();
    this.#by_route.set(route, methods);
    const statuses = methods.get(method) ?? [];
    methods.set(method, statuses);
    const buckets = Array<number>(BOUNDS_S.length + 1).fill(0);
    const series: Series = { labels: { method, route, status }, buckets, count: 0, seconds: 0 };
    statuses[status] = series;
    return series;
  }

  #all(): Series[] {
    return [...this.#by_route.values()].flatMap((methods) =>
      [...methods.values()].flatMap((statuses) => Object.values(statuses)),
    );
  }
}

function histogramValues(name: string, { labels, buckets, count, seconds }: Series): Value[] {
  let below = 0;
  return [
    ...[...BOUNDS_S, '+Inf' as const].map((le, i) => {
      below += buckets[i]!;
      return { value: below, metricName: `${name}_bucket`, labels: { le }, sharedLabels: labels };
    }),
    { value: seconds, metricName: `${name}_sum`, sharedLabels: labels },
    { value: count, metricName: `${name}_count`, sharedLabels: labels },
  ];
}

function metric(name: string, type: 'counter' | 'histogram', help: string, values: () => Value[]) {
  const reading = async () => ({ name, help, type, aggregator: 'sum' as const, values: values() });
  return { name, help, aggregator: 'sum' as const, get: reading, reset: () => {} };
}
