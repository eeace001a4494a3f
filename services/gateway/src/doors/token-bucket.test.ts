import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rateOf } from './limiter.ts';
import { TokenBuckets } from './token-bucket.ts';

describe('a token bucket', () => {
  test('lets a burst through, then one for each token that flows in', () => {
    let now = 0;
    const buckets = new TokenBuckets(rateOf(60, 3), { now_ms: () => now });
    expect([1, 2, 3, 4].map(() => buckets.take('a').allowed)).toEqual([true, true, true, false]);
    now = 999;
    expect(buckets.take('a').allowed).toBe(false);
    now = 1000;
    expect(buckets.take('a')).toMatchObject({ allowed: true, remaining: 0 });
    now = 100_000;
    expect(buckets.take('a')).toEqual({ allowed: true, remaining: 2, reset_seconds: 1, retry_seconds: 0 });
  });

  test('says when the next request is allowed, and when it is full again', () => {
    const buckets = new TokenBuckets(rateOf(6, 2), { now_ms: () => 0 });
    expect(buckets.take('a')).toEqual({ allowed: true, remaining: 1, reset_seconds: 10, retry_seconds: 0 });
    expect(buckets.take('a')).toEqual({ allowed: true, remaining: 0, reset_seconds: 20, retry_seconds: 10 });
    expect(buckets.take('a')).toEqual({ allowed: false, remaining: 0, reset_seconds: 20, retry_seconds: 10 });
  });

  test('is one for each caller', () => {
    const buckets = new TokenBuckets(rateOf(60, 1), { now_ms: () => 0 });
    expect(buckets.take('a').allowed).toBe(true);
    expect(buckets.take('b').allowed).toBe(true);
    expect(buckets.take('a').allowed).toBe(false);
  });

  test('holds no more than a minute’s worth', () => {
    const buckets = new TokenBuckets(rateOf(2, 100), { now_ms: () => 0 });
    expect([1, 2, 3].map(() => buckets.take('a').allowed)).toEqual([true, true, false]);
  });

  test('never lets more through than the burst and what flowed in, whatever the gaps', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 200 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 50 }), (waits, rpm, burst) => {
        let now = 0;
        let allowed = 0;
        const buckets = new TokenBuckets(rateOf(rpm, burst), { now_ms: () => now });
        for (const wait of waits) {
          now += wait;
          if (buckets.take('a').allowed) allowed += 1;
        }
        expect(allowed).toBeLessThanOrEqual(Math.min(burst, rpm) + (now * rpm) / 60_000 + 1e-6);
      }),
    );
  });

  test('is not upset by a clock that goes back', () => {
    let now = 1000;
    const buckets = new TokenBuckets(rateOf(60, 1), { now_ms: () => now });
    buckets.take('a');
    now = 0;
    expect(buckets.take('a').allowed).toBe(false);
    now = 1000;
    expect(buckets.take('a').allowed).toBe(true);
  });
});
