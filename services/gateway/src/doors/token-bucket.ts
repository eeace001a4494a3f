import { describeBucket, type Limiter, type Rate, type Taken } from './limiter.ts';

interface Bucket {
  tokens: number;
  at_ms: number;
}

/** Most callers that are remembered; the one not seen for longest is forgotten first. */
const MOST_CALLERS = 50_000;

interface BucketOptions {
  readonly now_ms?: () => number;
  /** Told of every request. */
  readonly onTaken?: (allowed: boolean) => void;
}

/** Buckets in the memory of this process. */
export class TokenBuckets implements Limiter {
  readonly #rate: Rate;
  readonly #now_ms: () => number;
  readonly #onTaken: (allowed: boolean) => void;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: Rate, { now_ms = () => performance.now(), onTaken = () => {} }: BucketOptions = {}) {
    this.#rate = rate;
    this.#now_ms = now_ms;
    this.#onTaken = onTaken;
  }

  take(caller: string): Taken {
    const { size, per_ms } = this.#rate;
    const now = this.#now_ms();
    const before = this.#buckets.get(caller);
    const tokens =
      before === undefined ? size : Math.min(size, before.tokens + Math.max(0, now - before.at_ms) * per_ms);
    const allowed = tokens >= 1;
    const left = allowed ? tokens - 1 : tokens;
    this.#keep(caller, { tokens: left, at_ms: now });
    this.#onTaken(allowed);
    return describeBucket(allowed, left, this.#rate);
  }

  close(): void {}

  /** A map keeps the order of insertion, so the first caller in it is the one not seen for longest. */
  #keep(caller: string, bucket: Bucket): void {
    this.#buckets.delete(caller);
    this.#buckets.set(caller, bucket);
    if (this.#buckets.size <= MOST_CALLERS) return;
    const oldest = this.#buckets.keys().next().value;
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}
