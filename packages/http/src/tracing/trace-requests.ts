import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app-type.ts';
import { UNMATCHED } from '../metrics/index.ts';
import type { RequestLogger } from '../request-logger.ts';
import type { Span, Tracing } from './tracing.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The request's span, while traces are on. */
    span: Span | undefined;
  }
}

/** Gives each request a span, whose ids stand in its log lines. To be called before other hooks are added. */
export function traceRequests(app: App, tracing: Tracing): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { url: route = UNMATCHED, config } = request.routeOptions;
    const { method, id: request_id, headers } = request;
    const span = tracing.request({ method, route, request_id, headers, open: config.open === true });
    request.span = span;
    const { traceId: trace_id, spanId: span_id } = span.spanContext();
    (request.log as unknown as RequestLogger).bind({ trace_id, span_id });
    reply.raw.once('close', () => goneAway(request));
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    answered(request, reply, tracing);
    done();
  });
}

function answered(request: FastifyRequest, { statusCode, problem_code }: FastifyReply, tracing: Tracing): void {
  const { span } = request;
  if (span === undefined) return;
  span.setAttribute('http.response.status_code', statusCode);
  if (problem_code !== '') tracing.fail(span, problem_code, statusCode >= 500);
  span.end();
  request.span = undefined;
}

/** The connection ended; where that is before the answer did, the caller went away. */
function goneAway(request: FastifyRequest): void {
  request.span?.setAttribute('pokewatch.caller_gone', true);
  request.span?.end();
  request.span = undefined;
}
