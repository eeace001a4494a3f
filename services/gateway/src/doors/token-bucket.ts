/** What a bucket says to one request. */
export interface Taken {
  readonly allowed: boolean;
  /** Whole requests that are left now. */
  readonly remaining: number;
  /** Seconds until the bucket is full again. */
  readonly reset_seconds: number;
  /** Seconds until the next request is allowed; 0 when it is now. */
  readonly retry_seconds: number;
}

interface Bucket {
  tokens: number;
  at_ms: number;
}

/** Most callers that are remembered; the one not seen for longest is forgotten first. */
const MOST_CALLERS = 50_000;

/**
 * A token bucket for each caller: `per_minute` requests flow in, and at most `burst` (but no more than a minute's worth)
 * wait to be used.
 */
export class TokenBuckets {
  readonly #per_ms: number;
  readonly #size: number;
  readonly #now_ms: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(per_minute: number, burst: number, now_ms: () => number = () => performance.now()) {
    this.#per_ms = per_minute / 60_000;
    this.#size = Math.min(burst, per_minute);
    this.#now_ms = now_ms;
  }

  /** Takes a token of the caller's bucket, if there is one. */
  take(caller: string): Taken {
    const now = this.#now_ms();
    const before = this.#buckets.get(caller);
    const tokens =
      before === undefined
        ? this.#size
        : Math.min(this.#size, before.tokens + Math.max(0, now - before.at_ms) * this.#per_ms);
    const allowed = tokens >= 1;
    const left = allowed ? tokens - 1 : tokens;
    this.#keep(caller, { tokens: left, at_ms: now });
    return {
      allowed,
      remaining: Math.floor(left),
      reset_seconds: Math.ceil((this.#size - left) / this.#per_ms / 1000),
      retry_seconds: left >= 1 ? 0 : Math.max(1, Math.ceil((1 - left) / this.#per_ms / 1000)),
    };
  }

  /** A map keeps the order of insertion, so the first caller in it is the one not seen for longest. */
  #keep(caller: string, bucket: Bucket): void {
    this.#buckets.delete(caller);
    this.#buckets.set(caller, bucket);
    if (this.#buckets.size <= MOST_CALLERS) return;
    const oldest = this.#buckets.keys().next().value;
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}
