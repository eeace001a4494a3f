import cors from '@fastify/cors';
import type { ErrorCode } from '@pokewatch/contracts';
import type { Settings } from '@pokewatch/core';
import { type App, HttpProblem, type Service } from '@pokewatch/http';
import { checkKeys, createKeyDoor, KEY_PROBLEMS, type KeyDoor } from '@pokewatch/keys';
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { callerAddress } from './caller-address.ts';
import { type Limiter, rateOf, type Taken } from './limiter.ts';
import { createRateLimitMetrics } from './rate-limit-metrics.ts';
import { SharedLimiter } from './shared-limiter.ts';
import { TokenBuckets } from './token-bucket.ts';

/** What stands between callers and the routes that are not open. */
export interface Doors {
  /** Problems that the doors answer. */
  readonly problems: readonly ErrorCode[];
  readonly keys: 'not_open' | undefined;
  addTo(service: Service): Promise<void>;
}

const ASK_HEADERS = ['Content-Type', 'X-API-Key', 'Authorization', 'X-Request-ID'];
const LIMIT_HEADERS = ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'];
/** How long a browser may remember what a preflight said. */
const PREFLIGHT_SECONDS = 600;

/**
 * Keys, rate limit and CORS as the settings ask. The limit is by key, or by address where there is no good key, so that
 * wrong keys are limited too. Requests wait for nothing, unless limits are shared through Redis.
 * @throws bad_setting when keys are asked for but there is none.
 */
export async function createDoors(settings: Settings): Promise<Doors> {
  await checkKeys(settings);
  const { AUTH_ENABLED, RATE_LIMIT_ENABLED, RATE_LIMIT_RPM } = settings;
  return {
    problems: [...(AUTH_ENABLED ? KEY_PROBLEMS : []), ...(RATE_LIMIT_ENABLED ? (['rate_limited'] as const) : [])],
    keys: AUTH_ENABLED ? 'not_open' : undefined,
    async addTo(service) {
      const { app, metrics, logger } = service;
      // CORS comes first: a browser sends no key with its preflight, and must be able to read a refusal.
      if (settings.CORS_ENABLED) await addCors(app, settings);
      const keys = AUTH_ENABLED ? await createKeyDoor({ settings, logger, metrics }) : undefined;
      const limiter = RATE_LIMIT_ENABLED ? createLimiter(settings, service) : undefined;
      if (keys === undefined && limiter === undefined) return;
      app.addHook('onRequest', enter(keys, limiter, RATE_LIMIT_RPM));
      app.addHook('onClose', async () => {
        keys?.close();
        limiter?.close();
      });
    },
  };
}

function enter(keys: KeyDoor | undefined, limiter: Limiter | undefined, per_minute: number) {
  return (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void => {
    const { open, scope = 'read' } = request.routeOptions.config;
    if (open === true) {
      done();
      return;
    }
    const found = keys?.identify(request.headers);
    const holder = found instanceof HttpProblem ? undefined : found;
    const refusal = found instanceof HttpProblem ? found : holder && keys?.refuse(holder, scope);
    if (limiter === undefined) {
      done(refusal);
      return;
    }
    const taken = limiter.take(holder === undefined ? `address ${callerAddress(request)}` : `key ${holder.id}`);
    const finish = (answer: Taken) => done(limit(answer, per_minute, reply) ?? refusal);
    if (taken instanceof Promise) void taken.then(finish);
    else finish(taken);
  };
}

function createLimiter(settings: Settings, { metrics, logger }: Service): Limiter {
  const rate = rateOf(settings.RATE_LIMIT_RPM, settings.RATE_LIMIT_BURST);
  const counts = createRateLimitMetrics(metrics);
  const local = new TokenBuckets(rate, { onTaken: (allowed) => counts.counted('local', allowed) });
  const { REDIS_URL: url, POKEWATCH_REDIS_TIMEOUT_MS: timeout_ms } = settings;
  return url === '' ? local : new SharedLimiter({ url, timeout_ms, rate, local, logger, metrics: counts });
}

async function addCors(app: App, { ALLOWED_ORIGINS }: Settings): Promise<void> {
  await app.register(cors, {
    origin: ALLOWED_ORIGINS.includes('*') ? '*' : [...ALLOWED_ORIGINS],
    methods: ['GET', 'POST'],
    allowedHeaders: ASK_HEADERS,
    exposedHeaders: ['X-Request-ID', 'Retry-After', ...LIMIT_HEADERS],
    maxAge: PREFLIGHT_SECONDS,
    strictPreflight: false,
  });
}

function limit(taken: Taken, per_minute: number, reply: FastifyReply): HttpProblem | undefined {
  reply.headers({
    'x-ratelimit-limit': per_minute,
    'x-ratelimit-remaining': taken.remaining,
    'x-ratelimit-reset': taken.reset_seconds,
  });
  if (taken.allowed) return undefined;
  return new HttpProblem('rate_limited', 'Rate limit exceeded', {
    headers: { 'retry-after': String(taken.retry_seconds) },
  });
}
