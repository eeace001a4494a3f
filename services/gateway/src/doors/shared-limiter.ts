import { describeError, type Logger, systemCode } from '@pokewatch/core';
import { describeBucket, type Limiter, type Rate, type Taken } from './limiter.ts';
import type { RateLimitMetrics } from './rate-limit-metrics.ts';
import { connectRedisBuckets, type RedisBuckets } from './redis-buckets.ts';

/** So many failures in a row, and Redis is left alone until a probe succeeds. */
const FAILURES = 3;
const PROBE_MS = 500;
/** A probe without an answer for this long is given up with its connection: the other end may be gone without a word. */
const STUCK_MS = 2000;
const PROBER = 'probe';

interface SharedOptions {
  readonly url: string;
  readonly rate: Rate;
  /** Counts while Redis is away. */
  readonly local: Limiter;
  readonly logger: Logger;
  readonly metrics: RateLimitMetrics;
  /** Longest time that a request waits for Redis. */
  readonly timeout_ms: number;
}

/**
 * Buckets that replicas share through Redis. Without an answer in time the request is counted by this process alone, and
 * after a few such failures none waits any more: a Redis that is gone, hangs or errs costs callers nothing.
 */
export class SharedLimiter implements Limiter {
  readonly #options: SharedOptions;
  #redis: RedisBuckets | undefined;
  #failures = 0;
  #probe: NodeJS.Timeout | undefined;
  #closed = false;
  #said: boolean | undefined;

  constructor(options: SharedOptions) {
    this.#options = options;
    options.metrics.watchShared(() => this.shared);
    const events = { onReady: () => this.#say(), onError: (error: unknown) => this.#say(error) };
    connectRedisBuckets(options.url, options.rate, events).then((redis) => {
      this.#redis = redis;
      if (this.#closed) redis.close();
    }, events.onError);
  }

  /** True while Redis is asked. */
  get shared(): boolean {
    return this.#redis?.ready === true && this.#failures < FAILURES;
  }

  take(caller: string): Taken | Promise<Taken> {
    const redis = this.#redis;
    return redis !== undefined && this.shared ? this.#ask(redis, caller) : this.#options.local.take(caller);
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#probe);
    this.#redis?.close();
  }

  async #ask(redis: RedisBuckets, caller: string): Promise<Taken> {
    const { local, metrics, rate, timeout_ms } = this.#options;
    try {
      const { allowed, left } = await inTime(redis.take(caller), timeout_ms);
      this.#failures = 0;
      metrics.counted('redis', allowed);
      return describeBucket(allowed, left, rate);
    } catch (error) {
      this.#failed(error);
      return local.take(caller);
    }
  }

  #failed(error: unknown): void {
    this.#options.metrics.failed(error instanceof Late ? 'timeout' : 'error');
    this.#failures += 1;
    if (this.#failures < FAILURES || this.#probe !== undefined || this.#closed) return;
    this.#say(error);
    let asked_at: number | undefined;
    this.#probe = setInterval(async () => {
      const redis = this.#redis;
      if (redis?.ready !== true) return;
      if (asked_at !== undefined) {
        if (performance.now() - asked_at > STUCK_MS) redis.reconnect();
        return;
      }
      asked_at = performance.now();
      try {
        await redis.take(PROBER);
        this.#recovered();
      } catch {
        // The next one may succeed.
      } finally {
        asked_at = undefined;
      }
    }, PROBE_MS).unref();
  }

  #recovered(): void {
    clearInterval(this.#probe);
    this.#probe = undefined;
    this.#failures = 0;
    this.#say();
  }

  /** Tells the log when it changed who counts. The address may hold a password, and is never told. */
  #say(error?: unknown): void {
    const { shared } = this;
    if (shared === this.#said || this.#closed) return;
    this.#said = shared;
    const { logger } = this.#options;
    if (shared) logger.info('rate limits are counted in Redis, for all replicas');
    else logger.warn({ reason: systemCode(error) ?? describeError(error) }, 'Redis is away: this process counts alone');
  }
}

class Late extends Error {}

/** The answer, if it comes within the time. One that has arrived while this process was busy is still in time. */
function inTime<T>(answer: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => setImmediate(() => reject(new Late('no answer in time'))), ms);
    answer.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}
