import type { HttpMetrics } from '@pokewatch/http';
import { Counter, Gauge } from 'prom-client';

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

export function createRateLimitMetrics({ registry }: HttpMetrics): RateLimitMetrics {
  const requests = new Counter({
    name: 'pokewatch_rate_limit_requests_total',
    help: 'Requests that were held against a rate limit, by who counted them and how it ended.',
    labelNames: ['store', 'outcome'],
    registers: [registry],
  });
  const failures = new Counter({
    name: 'pokewatch_rate_limit_redis_failures_total',
    help: 'Requests that Redis gave no answer for; this process counted them instead.',
    labelNames: ['reason'],
    registers: [registry],
  });
  for (const outcome of ['allowed', 'refused']) requests.inc({ store: 'local', outcome }, 0);
  return {
    counted: (store, allowed) => requests.inc({ store, outcome: allowed ? 'allowed' : 'refused' }),
    failed: (reason) => failures.inc({ reason }),
    watchShared(shared) {
      for (const outcome of ['allowed', 'refused']) requests.inc({ store: 'redis', outcome }, 0);
      for (const reason of ['timeout', 'error']) failures.inc({ reason }, 0);
      new Gauge({
        name: 'pokewatch_rate_limit_shared',
        help: '1 while replicas share their rate limits through Redis, 0 while this process counts for itself.',
        registers: [registry],
        collect() {
          this.set(shared() ? 1 : 0);
        },
      });
    },
  };
}
