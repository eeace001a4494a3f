import type { ErrorCode } from '@pokewatch/contracts';
import type { Logger } from '@pokewatch/core';
import fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import type * as z from 'zod';
import { addApiPages } from './api-pages.ts';
import type { App } from './app-type.ts';
import { clientErrorHandler, refuseConnect } from './client-errors.ts';
import { countRoutes } from './count-routes.ts';
import { addHealthRoutes } from './health.ts';
import { addJsonBody } from './json-body.ts';
import { createMetrics, type HttpMetrics, UNMATCHED } from './metrics/http-metrics.ts';
import { addNotFound } from './not-found.ts';
import { beginOnConnection, endOnConnection } from './pipelining.ts';
import { HttpProblem, sendProblem, toHttpProblem } from './problems.ts';
import { Readiness } from './readiness.ts';
import { REQUEST_IDS, requestId } from './request-id.ts';
import { RequestLogger } from './request-logger.ts';
import { refuseLateWork } from './request-timeout.ts';
import type { KeyedRoutes } from './route-problems.ts';
import { compileWriter, validatorCompiler, type ZodTypes } from './schemas.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { refuseSmallPieces } from './small-pieces.ts';
import { traceRequests } from './tracing/trace-requests.ts';
import type { Tracing } from './tracing/tracing.ts';
import { closeOnUnreadBody } from './unread-body.ts';

/** An app with what belongs to it. */
export interface Service {
  readonly name: string;
  readonly app: App;
  readonly metrics: HttpMetrics;
  readonly readiness: Readiness;
  readonly logger: Logger;
  readonly tracing: Tracing | undefined;
}

/** Limits on what a client may send, and for how long. */
export interface Limits {
  readonly body_bytes: number;
  readonly url_chars: number;
  readonly header_bytes: number;
  readonly header_count: number;
  /** Deepest nesting of arrays and objects in a body. */
  readonly json_depth: number;
  /** Until the headers have arrived. */
  readonly headers_ms: number;
  /** Until the whole request has arrived. */
  readonly request_ms: number;
  /** Without a byte in either direction. */
  readonly idle_ms: number;
}

const LIMITS: Limits = {
  body_bytes: 1_048_576,
  url_chars: 4096,
  header_bytes: 16_384,
  header_count: 100,
  json_depth: 32,
  headers_ms: 5000,
  request_ms: 10_000,
  idle_ms: 30_000,
};

export interface AppOptions {
  /** The component's name: folder, image, label and metric `service`. */
  readonly service: string;
  readonly title: string;
  readonly description: string;
  readonly logger: Logger;
  readonly limits?: Partial<Limits>;
  /** Problems of the doors in front of every route that is not open. */
  readonly door_problems?: readonly ErrorCode[];
  /** Which routes need an API key: all that are not open, or only those with a scope. None when it is not given. */
  readonly keys?: KeyedRoutes | undefined;
  /** Proxies whose `X-Forwarded-For` is believed: addresses, ranges or names of ranges. */
  readonly trusted_proxies?: readonly string[];
  /** Follows requests through the services, where it is given. */
  readonly tracing?: Tracing | undefined;
  /** Headers for every answer; for a service that browsers reach. */
  readonly security_headers?: boolean;
}

/**
 * An app with everything but its own routes: limits, request ids, problems, metrics, `/livez`, `/readyz`, `/metrics`,
 * `/openapi.json` and `/docs`. It does not listen.
 */
export async function createApp(options: AppOptions): Promise<Service> {
  const limits = { ...LIMITS, ...options.limits };
  const readiness = new Readiness();
  const metrics = createMetrics(options.service, readiness);
  const doors = { door_problems: options.door_problems ?? [], keys: options.keys };
  const trusted = options.trusted_proxies ?? [];
  const app = fastify({
    loggerInstance: options.logger as FastifyBaseLogger,
    childLoggerFactory: (_logger, bindings) =>
      new RequestLogger(options.logger, bindings) as unknown as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    genReqId: requestId,
    bodyLimit: limits.body_bytes,
    requestTimeout: limits.request_ms,
    connectionTimeout: limits.idle_ms,
    // While it drains, a service answers what still arrives and closes the connection.
    return503OnClosing: false,
    http: {
      headersTimeout: limits.headers_ms,
      connectionsCheckingInterval: Math.min(1000, limits.headers_ms),
      requireHostHeader: false,
      maxHeaderSize: limits.header_bytes,
    },
    ...(trusted.length > 0 ? { trustProxy: [...trusted] } : {}),
    clientErrorHandler: clientErrorHandler(metrics, limits.url_chars),
    frameworkErrors: (error, request, reply) => {
      const problem = toHttpProblem(error);
      sendProblem(reply, problem);
      metrics.failed({ route: UNMATCHED, code: problem.code });
      metrics.answered({ method: request.method, route: UNMATCHED, status: reply.statusCode }, 0);
    },
  }).withTypeProvider<ZodTypes>() as unknown as App;
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  app.server.on('connect', refuseConnect(metrics));
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler<z.ZodType>(({ schema }) => compileWriter(schema));
  app.decorateReply('problem_code', '');
  app.decorateRequest('span', undefined);
  app.decorate('readiness', readiness);
  if (options.tracing !== undefined) traceRequests(app, options.tracing);
  addJsonBody(app, limits.json_depth);
  if (options.security_headers) addSecurityHeaders(app, trusted.length > 0);
  addHooks(app, limits, metrics, readiness, options.logger);
  refuseLateWork(app);
  addErrors(app);
  addNotFound(app);
  countRoutes(app, metrics, doors);
  refuseSmallPieces(app);
  addApiPages(app, { title: options.title, description: options.description, ...doors });
  addHealthRoutes(app, readiness, metrics);
  return { name: options.service, app, metrics, readiness, logger: options.logger, tracing: options.tracing };
}

function addHooks(app: App, limits: Limits, metrics: HttpMetrics, readiness: Readiness, logger: Logger): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    const tooMany = beginOnConnection(request.raw.socket);
    if (tooMany !== undefined) done(tooMany);
    else if (request.url.length > limits.url_chars) done(new HttpProblem('uri_too_long', 'The URL is too long'));
    else if (request.raw.rawHeaders.length > 2 * limits.header_count)
      done(new HttpProblem('headers_too_large', 'There are too many headers'));
    else if (request.headers.host === undefined && request.raw.httpVersion === '1.1')
      done(new HttpProblem('bad_request', 'The Host header is missing'));
    else done();
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    closeOnUnreadBody(request, reply, limits.body_bytes);
    if (readiness.draining) reply.header('connection', 'close');
    done(null, payload);
  });
  app.addHook('onResponse', (request, reply, done) => {
    endOnConnection(request.raw.socket);
    const route = request.routeOptions.url ?? UNMATCHED;
    const { method } = request;
    metrics.answered({ method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    if (reply.problem_code !== '') metrics.failed({ route, code: reply.problem_code });
    if (logger.isLevelEnabled('debug')) {
      const others = request.headers[REQUEST_IDS];
      const ids = others === undefined ? {} : { request_ids: others };
      const ms = Math.round(reply.elapsedTime);
      request.log.debug({ method, route, status: reply.statusCode, ms, ...ids }, 'answered');
    }
    done();
  });
}

function addErrors(app: App): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = toHttpProblem(error);
    const callerGone = request.raw.socket?.destroyed === true;
    sendProblem(reply, problem);
    const route = request.routeOptions.url ?? UNMATCHED;
    const about = { code: problem.code, method: request.method, route, status: reply.statusCode };
    if (callerGone) request.log.debug(about, 'the caller went away');
    // There is no time for a line each; they are counted.
    else if (problem.code === 'overloaded') request.log.debug(about, 'refused');
    else if (problem.code === 'internal') request.log.error({ ...about, err: error }, 'failed');
    else if (reply.statusCode >= 500)
      request.log.error({ ...about, detail: problem.message, ...because(problem) }, 'failed');
    else request.log.info(about, 'refused');
  });
}

function because({ cause }: Error): { cause?: string } {
  return cause instanceof Error ? { cause: cause.message } : {};
}
