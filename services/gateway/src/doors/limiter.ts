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

/** A token bucket for each caller. */
export interface Limiter {
  /** Takes a token of the caller's bucket, if there is one. Never throws, and a promise of it never fails. */
  take(caller: string): Taken | Promise<Taken>;
  close(): void;
}

/** How fast tokens flow into a bucket, and how many it holds. */
export interface Rate {
  readonly per_ms: number;
  readonly size: number;
}

/** `per_minute` requests flow in, and at most `burst`, but no more than a minute's worth, wait to be used. */
export function rateOf(per_minute: number, burst: number): Rate {
  return { per_ms: per_minute / 60_000, size: Math.min(burst, per_minute) };
}

/** The answer for a bucket that has `left` tokens now that the request was allowed or not. */
export function describeBucket(allowed: boolean, left: number, { per_ms, size }: Rate): Taken {
  return {
    allowed,
    remaining: Math.floor(left),
    reset_seconds: Math.ceil((size - left) / per_ms / 1000),
    retry_seconds: left >= 1 ? 0 : Math.max(1, Math.ceil((1 - left) / per_ms / 1000)),
  };
}
