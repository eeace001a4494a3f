import { performance } from 'node:perf_hooks';
import { versions } from 'node:process';
import { CODE_VERSION } from '@pokewatch/core';
import { collectDefaultMetrics } from 'prom-client';
import type { Readiness } from '../readiness.ts';
import type { MetricsRegistry } from './metrics-registry.ts';

/** Sums of gauges that are told one by one as well; their names end as those of counters do, which they are not. */
const LEFT_OUT = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** Two readings that are closer than this say the same: a shorter time says more of the reading than of the service. */
const LEAST_WINDOW_MS = 1000;

/** Metrics of the process: those of prom-client, how busy the event loop is, and what runs here. */
export function addProcessMetrics(metrics: MetricsRegistry, readiness: Readiness): void {
  collectDefaultMetrics({ register: metrics.registry });
  for (const name of LEFT_OUT) metrics.registry.removeSingleMetric(name);
  const utilization = loopUtilization();
  metrics.gauge(
    {
      name: 'pokewatch_event_loop_utilization_ratio',
      help: 'Share of the time since the last reading in which the event loop was busy.',
    },
    (tell) => tell(utilization()),
  );
  metrics.gauge({ name: 'pokewatch_draining', help: '1 while the service is about to stop, else 0.' }, (tell) =>
    tell(readiness.draining ? 1 : 0),
  );
  metrics.gauge(
    {
      name: 'pokewatch_build_info',
      help: 'What runs here; always 1.',
      labels: { version: 'of PokeWatch', node: 'version of Node.js' },
    },
    (tell) => tell(1, { version: CODE_VERSION, node: versions.node }),
  );
}

function loopUtilization(): () => number {
  let from = performance.eventLoopUtilization();
  let from_ms = performance.now();
  let last = from.utilization;
  return () => {
    const now_ms = performance.now();
    if (now_ms - from_ms < LEAST_WINDOW_MS) return last;
    const now = performance.eventLoopUtilization();
    last = performance.eventLoopUtilization(now, from).utilization;
    from = now;
    from_ms = now_ms;
    return last;
  };
}
