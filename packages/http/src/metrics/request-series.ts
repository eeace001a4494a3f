import { Buckets, TIMES_S } from './buckets.ts';
import type { Told } from './told-metric.ts';

export const REQUESTS = {
  name: 'pokewatch_requests_total',
  help: 'Requests answered.',
  labels: { method: 'of the request', route: 'as it is declared, or unmatched', status: 'of the answer' },
} as const;

export const LATENCY = {
  name: 'pokewatch_request_latency_seconds',
  help: 'Time from the request line to the end of the answer.',
  labels: REQUESTS.labels,
} as const;

interface Series {
  readonly labels: { readonly method: string; readonly route: string; readonly status: number };
  readonly times: Buckets;
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
    series.times.add(seconds);
  }

  /** Has a route counted with 0 before its first answer. */
  expect(method: string, route: string, statuses: Iterable<number>): void {
    for (const status of statuses)
      if (this.#by_route.get(route)?.get(method)?.[status] === undefined) this.#create(method, route, status);
  }

  requests(): Told[] {
    return this.#all().map(({ labels, times }) => ({ value: times.count, labels }));
  }

  /** Times, but for those of problems that nobody has had yet: their many buckets would say nothing. */
  times(): Told[] {
    return this.#all()
      .filter(({ labels, times }) => labels.status === 200 || times.count > 0)
      .flatMap(({ labels, times }) => times.told(LATENCY.name, labels));
  }

  #create(method: string, route: string, status: number): Series {
    const methods = this.#by_route.get(route) ?? new Map<string, Series[]>();
    this.#by_route.set(route, methods);
    const statuses = methods.get(method) ?? [];
    methods.set(method, statuses);
    const series: Series = { labels: { method, route, status }, times: new Buckets(TIMES_S) };
    statuses[status] = series;
    return series;
  }

  #all(): Series[] {
    return [...this.#by_route.values()].flatMap((methods) =>
      [...methods.values()].flatMap((statuses) => Object.values(statuses)),
    );
  }
}
