import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasRedis, startRedis } from '../../../services/gateway/src/testing/redis.ts';
import { expectations, type Fault } from '../support/fault.ts';
import { get } from '../support/health.ts';
import { underLoad } from '../support/under-load.ts';

const CLOCK = join(import.meta.dirname, '../../support/jumping-clock.ts');
/** Limits that the load stays below. */
const LIMITED = { RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_RPM: '600000', RATE_LIMIT_BURST: '10000' };

/** What services rely on beside each other. */
export const SURROUNDINGS: readonly Fault[] = [
  {
    name: 'the clock jumps',
    done: 'the wall clock of a gateway with a rate limit jumps a day ahead, later two days back. The clock is simulated',
    expected: 'as before',
    async run(stage, scale) {
      const gateway = await stage.gateway({
        model: stage.models[0]!.url,
        decision: stage.decisions[0]!.url,
        env: LIMITED,
        preload: [CLOCK],
      });
      try {
        const seen = await underLoad(stage, gateway, scale, {
          break: () => gateway.signal('SIGUSR2'),
          cure: () => gateway.signal('SIGUSR2'),
        });
        const expected = expectations(seen.outcomes, scale, { outcomes: [], share: 0 });
        const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
        expected.that(gateway.output.includes(`"time":"${tomorrow}`), 'the clock of its log did not jump');
        return { ...seen, breaches: expected.breaches };
      } finally {
        await gateway.kill();
      }
    },
  },
  {
    name: 'Redis goes and comes back',
    done: 'kill −9 of the Redis that shares rate limits; started again later; then it stands still for a while',
    expected: 'as before: limits are counted in the process meanwhile, and a metric says so',
    missing: hasRedis ? undefined : 'redis-server',
    async run(stage, scale) {
      const redis = await startRedis();
      const gateway = await stage.gateway({
        model: stage.models[0]!.url,
        decision: stage.decisions[0]!.url,
        env: { ...LIMITED, REDIS_URL: redis.url },
      });
      try {
        let metrics = '';
        const seen = await underLoad(stage, gateway, scale, {
          break: () => redis.kill(),
          cure: async () => {
            metrics = (await get(gateway, '/metrics')).text;
            await redis.start();
            await sleep(scale.during_ms);
            redis.signal('SIGSTOP');
            await sleep(scale.during_ms);
            redis.signal('SIGCONT');
          },
        });
        const expected = expectations(seen.outcomes, scale, { outcomes: [], share: 0 });
        const shared = /^pokewatch_rate_limit_shared(?:\{[^}]*\})? (\d)/m.exec(metrics)?.[1];
        expected.that(shared === '0', `pokewatch_rate_limit_shared was ${shared}`);
        return { ...seen, breaches: expected.breaches };
      } finally {
        await gateway.kill();
        redis.signal('SIGCONT');
        await redis.kill();
      }
    },
  },
];
