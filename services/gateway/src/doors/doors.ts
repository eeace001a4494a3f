import cors from '@fastify/cors';
import type { ErrorCode } from '@pokewatch/contracts';
import type { Settings } from '@pokewatch/core';
import { type App, HttpProblem } from '@pokewatch/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createKeyCheck } from './api-keys.ts';
import { type Taken, TokenBuckets } from './token-bucket.ts';

/** What stands between callers and the routes that are not open. */
export interface Doors {
  /** Problems that the doors answer. */
  readonly problems: readonly ErrorCode[];
  readonly keys: boolean;
  addTo(app: App): Promise<void>;
}

const HEADERS = { allowed: ['Content-Type', 'X-API-Key', 'Authorization', 'X-Request-ID'] };
const LIMIT_HEADERS = ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'];

/**
 * Keys, rate limit and CORS as the settings ask. The limit is by key, or by address where there is no good key, so that
 * wrong keys are limited too.
 * @throws bad_setting when keys are asked for but none is set.
 */
export function createDoors(settings: Settings, now_ms?: () => number): Doors {
  const checkKey = settings.AUTH_ENABLED ? createKeyCheck(settings.API_KEYS) : undefined;
  const buckets = settings.RATE_LIMIT_ENABLED
    ? new TokenBuckets(settings.RATE_LIMIT_RPM, settings.RATE_LIMIT_BURST, now_ms)
    : undefined;

  function enter(request: FastifyRequest, reply: FastifyReply): HttpProblem | undefined {
    if (request.routeOptions.config.open === true) return undefined;
    const holder = checkKey?.(request.headers);
    if (buckets !== undefined) {
      const caller = typeof holder === 'string' ? `key ${holder}` : `address ${request.ip}`;
      const refused = limit(buckets.take(caller), settings.RATE_LIMIT_RPM, reply);
      if (refused !== undefined) return refused;
    }
    return holder instanceof HttpProblem ? holder : undefined;
  }

  return {
    problems: [
      ...(checkKey === undefined ? [] : (['missing_api_key', 'invalid_api_key'] as const)),
      ...(buckets === undefined ? [] : (['rate_limited'] as const)),
    ],
    keys: checkKey !== undefined,
    async addTo(app) {
      // CORS comes first: a browser sends no key with its preflight, and must be able to read a refusal.
      if (settings.CORS_ENABLED)
        await app.register(cors, {
          origin: settings.ALLOWED_ORIGINS.includes('*') ? '*' : [...settings.ALLOWED_ORIGINS],
          methods: ['GET', 'POST'],
          allowedHeaders: HEADERS.allowed,
          exposedHeaders: ['X-Request-ID', 'Retry-After', ...LIMIT_HEADERS],
          strictPreflight: false,
        });
      if (checkKey !== undefined || buckets !== undefined)
        app.addHook('onRequest', (request, reply, done) => done(enter(request, reply)));
    },
  };
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
