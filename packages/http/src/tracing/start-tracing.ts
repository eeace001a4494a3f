import type { Logger, Settings } from '@pokewatch/core';
import type { Tracing } from './tracing.ts';

/** Traces of a service, where the settings ask for them. What makes them is loaded only then: it takes time and memory. */
export async function startTracing(service: string, settings: Settings, logger: Logger): Promise<Tracing | undefined> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: ratio } = settings;
  if (endpoint === '') return undefined;
  const { OtelTracing } = await import('./otel-tracing.ts');
  return new OtelTracing({ service, endpoint, ratio, logger });
}
