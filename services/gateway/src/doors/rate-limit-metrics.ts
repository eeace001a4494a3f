import type { HttpMetrics } from '@pokewatch/http';

/** Who counted a request: this process, or Redis for all replicas. */
type Store = 'local' | 'redis';

/** What is counted about rate limits. */
export interface RateLimitMetrics {
  counted(store: Store, allowed: boolean): void;
  /** Counts a request that Redis did not answer for. */
  failed(reason: 'timeout' | 'error'): void;
  /** From now on tells whether replicas share their limits. */
  watchShared(shared: () => boolean): void;
}

export function createRateLimitMetrics(metrics: HttpMetrics): RateLimitMetrics {
  const requests = metrics.counter({
    name: 'pokewatch_rate_limit_requests_total',
    help: 'Requests that were held against a rate limit, by who counted them and how it ended.',
    labels: { store: ['local', 'redis'], outcome: ['allowed', 'refused'] },
  });
  const failures = metrics.counter({
    name: 'pokewatch_rate_limit_redis_failures_total',
    help: 'Requests that Redis gave no answer for; this process counted them instead.',
    labels: { reason: ['timeout', 'error'] },
  });
  let isShared: (() => boolean) | undefined;
  metrics.gauge(
    {
      name: 'pokewatch_rate_limit_shared',
      help: '1 while replicas share their rate limits through Redis, 0 while this process counts for itself; absent without Redis.',
    },
    (tell) => isShared !== undefined && tell(isShared() ? 1 : 0),
  );
  return {
    counted: (store, allowed) => requests.add({ store, outcome: allowed ? 'allowed' : 'refused' }),
    failed: (reason) => failures.add({ reason }),
    watchShared(shared) {
      isShared = shared;
    },
  };
}
