import type { IncomingHttpHeaders } from 'node:http';
import { hostname } from 'node:os';
import {
  type Attributes,
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { BATCH_MAX } from '@pokewatch/contracts';
import { CODE_VERSION, type Logger } from '@pokewatch/core';
import { LoggedExporter } from './logged-exporter.ts';
import { OPEN, requestSampler } from './sampler.ts';
import type { TracedRequest, Tracing } from './tracing.ts';

/** Longest time that the collector may take for a batch of spans. */
const EXPORT_MS = 5000;
/** How long spans wait for others to be sent with them. */
const GATHER_MS = 1000;

interface OtelOptions {
  readonly service: string;
  /** Base URL of the collector. */
  readonly endpoint: string;
  /** Share of requests that are traced. */
  readonly ratio: number;
  readonly logger: Logger;
}

/** Traces through OpenTelemetry's SDK, sent as OTLP over HTTP. Spans are handed on by hand, so nothing is kept for each asynchronous step. */
export class OtelTracing implements Tracing {
  readonly #provider: TracerProvider;
  readonly #tracer: Tracer;
  readonly #propagator = new W3CTraceContextPropagator();
  readonly #exporter: LoggedExporter;
  readonly #logger: Logger;

  constructor({ service, endpoint, ratio, logger }: OtelOptions) {
    const otlp = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: EXPORT_MS });
    this.#exporter = new LoggedExporter(otlp, endpoint, logger);
    this.#logger = logger;
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({
        'service.name': `pokewatch-${service}`,
        'service.version': CODE_VERSION,
        'service.instance.id': hostname(),
      }),
      sampler: requestSampler(ratio),
      // A trip has a link to each request that shares it.
      spanLimits: { linkCountLimit: BATCH_MAX },
      spanProcessors: [
        new BatchSpanProcessor({
          exporter: this.#exporter,
          scheduledDelayMillis: GATHER_MS,
        }),
      ],
    });
    this.#tracer = this.#provider.getTracer('pokewatch', CODE_VERSION);
  }

  request({ method, route, request_id, headers, open }: TracedRequest): Span {
    const attributes: Attributes = {
      'http.request.method': method,
      'http.route': route,
      'pokewatch.request_id': request_id,
      ...(open ? { [OPEN]: true } : {}),
    };
    return this.#tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, this.#callerOf(headers));
  }

  shared(name: string, of: readonly Span[], attributes: Attributes): Span {
    const [first] = of;
    if (first !== undefined && of.length === 1) return this.#tracer.startSpan(name, { attributes }, below(first));
    const links = of.map((span) => ({ context: span.spanContext() }));
    const shared = this.#tracer.startSpan(name, { attributes, links, root: true }, ROOT_CONTEXT);
    const context = shared.spanContext();
    for (const span of of) span.addLink({ context });
    return shared;
  }

  call(name: string, parent: Span, attributes: Attributes): Span {
    return this.#tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, below(parent));
  }

  headersOf(span: Span): Readonly<Record<string, string>> {
    const headers: Record<string, string> = {};
    this.#propagator.inject(below(span), headers, defaultTextMapSetter);
    return headers;
  }

  fail(span: Span, code: string, at_fault: boolean): void {
    span.setAttribute('error.type', code);
    if (at_fault) span.setStatus({ code: SpanStatusCode.ERROR, message: code });
  }

  async end(most_ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), most_ms);
    });
    // What fails has been logged by the exporter.
    const ended = await Promise.race([late, this.#provider.shutdown().catch(() => undefined)]);
    clearTimeout(timer);
    if (ended === 'late' && !this.#exporter.failed)
      this.#logger.warn({ waited_ms: most_ms }, 'traces were not handed over in time and are lost');
  }

  #callerOf(headers: IncomingHttpHeaders): Context {
    return this.#propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
  }
}

function below(parent: Span): Context {
  return trace.setSpan(ROOT_CONTEXT, parent);
}
