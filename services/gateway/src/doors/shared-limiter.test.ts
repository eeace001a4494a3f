import { setTimeout as sleep } from 'node:timers/promises';
import { memoryLogger } from '@pokewatch/http/testing';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hasRedis, startDoor, startRedis, type TestRedis } from '../testing/redis.ts';
import { rateOf, type Taken } from './limiter.ts';
import { SharedLimiter } from './shared-limiter.ts';
import { TokenBuckets } from './token-bucket.ts';

describe.skipIf(!hasRedis)('limits that replicas share through Redis (needs redis-server)', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis?.kill());

  const open: Replica[] = [];
  afterEach(async () => {
    for (const replica of open.splice(0)) replica.limiter.close();
    redis.signal('SIGCONT');
    await redis.kill();
    await redis.start();
  });

  interface Replica {
    readonly limiter: SharedLimiter;
    readonly counts: Record<string, number>;
    readonly lines: Record<string, unknown>[];
    take(caller?: string): Promise<Taken>;
    /** Waits until limits are shared, or no longer. */
    until(shared: boolean): Promise<void>;
  }

  /** It waits long for Redis: on a busy machine an answer may come late, and then it would count alone. */
  function replica(per_minute = 60, burst = 3, url = redis.url, timeout_ms = 5000): Replica {
    const rate = rateOf(per_minute, burst);
    const counts: Record<string, number> = {};
    const count = (name: string) => {
      counts[name] = (counts[name] ?? 0) + 1;
    };
    const { logger, lines } = memoryLogger('info');
    const local = new TokenBuckets(rate, { onTaken: () => count('local') });
    const metrics = { counted: () => count('redis'), failed: count, watchShared: () => {} };
    const limiter = new SharedLimiter({ url, rate, local, logger, metrics, timeout_ms });
    const made: Replica = {
      limiter,
      counts,
      lines,
      take: async (caller = 'a') => limiter.take(caller),
      async until(shared) {
        for (const since = performance.now(); performance.now() - since < 20_000; await sleep(5))
          if (limiter.shared === shared) return;
        throw new Error(`not ${shared ? '' : 'un'}shared within 20 s`);
      },
    };
    open.push(made);
    return made;
  }

  async function replicas(count: number, ...rate: [number?, number?]): Promise<Replica[]> {
    const made = Array.from({ length: count }, () => replica(...rate));
    await Promise.all(made.map((one) => one.until(true)));
    return made;
  }

  test('are one bucket for all', async () => {
    const [first, second] = (await replicas(2)) as [Replica, Replica];
    expect(await first.take()).toEqual({ allowed: true, remaining: 2, reset_seconds: 1, retry_seconds: 0 });
    expect(await second.take()).toMatchObject({ allowed: true, remaining: 1, reset_seconds: 2 });
    expect(await first.take()).toMatchObject({ allowed: true, remaining: 0, retry_seconds: 1 });
    expect(await second.take()).toMatchObject({ allowed: false, remaining: 0, retry_seconds: 1 });
    expect((await first.take('b')).allowed).toBe(true);
    expect([first.counts, second.counts]).toEqual([{ redis: 3 }, { redis: 2 }]);
  });

  test('say the same as a bucket in memory', async () => {
    const rates = fc.record({ rpm: fc.integer({ min: 1, max: 600 }), burst: fc.integer({ min: 1, max: 20 }) });
    let caller = 0;
    await fc.assert(
      fc.asyncProperty(rates, fc.integer({ min: 1, max: 25 }), async ({ rpm, burst }, requests) => {
        const [shared] = (await replicas(1, rpm, burst)) as [Replica];
        const alone = new TokenBuckets(rateOf(rpm, burst), { now_ms: () => 0 });
        caller += 1;
        for (let i = 0; i < requests; i++) {
          const { allowed, remaining } = await shared.take(`p${caller}`);
          // In the milliseconds between, a fast bucket may have got a token back; it never has fewer.
          const expected = alone.take('p');
          if (rpm < 60)
            expect({ allowed, remaining }).toEqual({ allowed: expected.allowed, remaining: expected.remaining });
          else if (expected.allowed) expect(allowed).toBe(true);
        }
        shared.limiter.close();
      }),
      { numRuns: 15 },
    );
  });

  test('let through no more than burst and inflow, however many replicas ask at once', async () => {
    const all = await replicas(4, 600, 20);
    const started = performance.now();
    const answers = await Promise.all(Array.from({ length: 400 }, (_, at) => all[at % 4]!.take()));
    const took_ms = performance.now() - started;
    const allowed = answers.filter((answer) => answer.allowed).length;
    const counted = all.reduce((sum, one) => sum + (one.counts.redis ?? 0), 0);
    expect(counted).toBe(400);
    expect(allowed).toBeLessThanOrEqual(20 + Math.ceil(took_ms / 100));
    expect(allowed).toBeGreaterThanOrEqual(20);
  });

  test('are kept in Redis no longer than they matter', async () => {
    const [one] = (await replicas(1)) as [Replica];
    await one.take('short');
    expect(await redis.command('PTTL pokewatch:limit:short')).toMatch(/^:(\d{1,3}|1000)$/);
    await sleep(1100);
    expect(await redis.command('EXISTS pokewatch:limit:short')).toBe(':0');
  });

  test('survive that Redis forgets its scripts, or holds nonsense', async () => {
    const [one] = (await replicas(1)) as [Replica];
    await redis.command('SCRIPT FLUSH');
    await redis.command('SET pokewatch:limit:odd nonsense');
    expect((await one.take('odd')).remaining).toBe(2);
    await redis.command('LPUSH pokewatch:limit:list 1');
    expect((await one.take('list')).remaining).toBe(2);
    expect(one.counts).toEqual({ redis: 1, error: 1, local: 1 });
  });

  test('are counted alone while Redis is gone, at no cost, and shared again once it is back', async () => {
    const [one] = (await replicas(1)) as [Replica];
    await one.take();
    await redis.kill();
    await one.until(false);
    const answers = [];
    for (let i = 0; i < 1000; i++) {
      const answer = one.limiter.take('a');
      expect(answer).not.toBeInstanceOf(Promise);
      answers.push((answer as Taken).allowed);
    }
    expect(answers.slice(0, 4)).toEqual([true, true, true, false]);
    await redis.start();
    await one.until(true);
    expect((await one.take()).remaining).toBe(2);
    expect(one.lines.map(({ level }) => level)).toEqual(['info', 'warn', 'info']);
  });

  test('of a Redis that stands still cost a few requests a moment, then none anything, until it goes on', async () => {
    const one = replica(60_000, 100, redis.url, 100);
    await one.until(true);
    redis.signal('SIGSTOP');
    for (let i = 0; i < 3; i++) expect((await one.take()).allowed).toBe(true);
    expect(one.limiter.shared).toBe(false);
    expect(one.limiter.take('a')).not.toBeInstanceOf(Promise);
    expect(one.counts).toEqual({ timeout: 3, local: 4 });
    await sleep(1200);
    redis.signal('SIGCONT');
    await one.until(true);
    await one.take();
    expect(one.counts.redis).toBe(1);
  });

  test('of a Redis that vanished without a word are shared again over a new connection', async () => {
    const door = await startDoor(redis);
    try {
      const one = replica(60, 3, door.url, 100);
      await one.until(true);
      door.swallow();
      for (let i = 0; i < 3; i++) await one.take();
      expect(one.limiter.shared).toBe(false);
      await one.until(true);
      expect((await one.take('b')).remaining).toBe(2);
      expect(one.counts).toEqual({ timeout: 3, local: 3, redis: 1 });
    } finally {
      door.close();
    }
  });

  test('of a Redis that refuses us are counted alone; the log has no password', async () => {
    const strict = await startRedis('right');
    try {
      const one = replica(60, 3, strict.url.replace('right', 'a-secret-password'));
      await sleep(300);
      expect(one.limiter.shared).toBe(false);
      expect((await one.take()).remaining).toBe(2);
      expect(one.lines.length).toBeGreaterThan(0);
      expect(JSON.stringify(one.lines)).not.toContain('a-secret-password');
      const other = replica(60, 3, strict.url);
      await other.until(true);
    } finally {
      await strict.kill();
    }
  });

  test('of a Redis that was never there are counted alone', async () => {
    const one = replica(60, 3, 'redis://127.0.0.1:1');
    expect([(await one.take()).allowed, one.limiter.shared]).toEqual([true, false]);
  });
});
