import { setTimeout as sleep } from 'node:timers/promises';
import { expectations, type Fault, type Observed, type Scale } from '../support/fault.ts';
import type { ServiceProcess } from '../support/process.ts';
import type { Stage } from '../support/stage.ts';
import { underLoad } from '../support/under-load.ts';

/** Asks a replica to end while its gateway is under load, and starts it again. */
async function rolled(stage: Stage, scale: Scale, victim: ServiceProcess, gateway: ServiceProcess): Promise<Observed> {
  let code: number | string = -1;
  const seen = await underLoad(stage, gateway, scale, {
    break: async () => {
      victim.signal('SIGTERM');
      code = await victim.ended;
    },
    cure: () => victim.start(),
  });
  const expected = expectations(seen.outcomes, scale, { outcomes: [], share: 0 });
  expected.that(code === 0, `it ended with ${code}`);
  return { ...seen, breaches: expected.breaches };
}

/** Ends that were asked for. */
export const DRAINING: readonly Fault[] = [
  {
    name: 'SIGTERM of the gateway',
    done: 'while it is under load; started again once it has ended',
    expected: 'every request that it took is answered; only connections after its end are refused',
    async run(stage, scale) {
      let code: number | string = -1;
      const seen = await underLoad(stage, stage.single, scale, {
        break: async () => {
          stage.single.signal('SIGTERM');
          code = await stage.single.ended;
        },
        cure: () => stage.single.start(),
        during_ms: 0,
      });
      const expected = expectations(seen.outcomes, scale, {
        outcomes: ['ECONNREFUSED'],
        recovery_ms: seen.recovery_ms,
      });
      expected.that(code === 0, `it ended with ${code}`);
      return { ...seen, breaches: expected.breaches, note: 'refused while no gateway listened' };
    },
  },
  {
    name: 'SIGTERM of one of two model services',
    done: 'while it is under load; started again later',
    expected: 'not one error',
    run: (stage, scale) => rolled(stage, scale, stage.models[1]!, stage.pairs),
  },
  {
    name: 'SIGTERM of one of two decision services',
    done: 'while it is under load; started again later',
    expected: 'not one error',
    run: (stage, scale) => rolled(stage, scale, stage.decisions[1]!, stage.pairs),
  },
  {
    name: 'a new model under load',
    done: 'another version becomes the champion and comes back, through /reload',
    expected: 'every answer is whole from one of the two versions',
    async run(stage, scale) {
      const other = await stage.knownOf('v2', 1.05);
      const model = stage.models[0]!;
      await stage.well(stage.single);
      const load = stage.load(stage.single, scale.rate, { also: other });
      try {
        for (let i = 0; i < 4; i++) {
          await sleep(scale.during_ms / 2);
          await stage.publish(i % 2 === 0 ? 'v2' : 'v1', i % 2 === 0 ? 1.05 : 1);
          await fetch(`${model.url}/reload`, { method: 'POST' });
        }
        await sleep(500);
        const outcomes = await load.stop();
        const expected = expectations(outcomes, scale, { outcomes: [], share: 0 });
        return { outcomes, breaches: expected.breaches };
      } finally {
        await load.stop();
        await stage.publish('v1');
      }
    },
  },
];
