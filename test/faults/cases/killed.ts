import { expectations, type Fault } from '../support/fault.ts';
import { healthOf } from '../support/health.ts';
import { oneOfTwo } from '../support/one-of-two.ts';
import { underLoad } from '../support/under-load.ts';

/** Allowed while one of two replicas is gone. */
const ONE_OF_TWO = 0.001;

function alone(service: 'model' | 'decision'): Fault {
  return {
    name: `the ${service} service is killed`,
    done: 'kill −9 of its only process; started again later',
    expected: '503 at once and `/health` names it; then as before',
    async run(stage, scale) {
      const victim = stage[`${service}s`][0]!;
      let health: unknown;
      const seen = await underLoad(stage, stage.single, scale, {
        break: () => victim.kill(),
        async cure() {
          health = await healthOf(stage.single);
          await victim.start();
        },
      });
      const expected = expectations(seen.outcomes, scale, {
        outcomes: ['503 peer_unavailable'],
        recovery_ms: seen.recovery_ms,
      });
      expected.that(
        (health as { services: Record<string, string> }).services[service] === 'down',
        `/health says ${JSON.stringify(health)}`,
      );
      expected.that((seen.outcomes.by['503 peer_unavailable'] ?? 0) > 0, 'no 503 was seen');
      return { ...seen, breaches: expected.breaches };
    },
  };
}

const killed = (service: 'model' | 'decision'): Fault =>
  oneOfTwo({
    service,
    name: `one of two ${service} services is killed`,
    done: 'kill −9 of one process; started again later',
    break: (victim) => victim.kill(),
    cure: (victim) => victim.start(),
    outcomes: ['503 peer_unavailable'],
    share: ONE_OF_TWO,
  });

const gateway: Fault = {
  name: 'the gateway is killed',
  done: 'kill −9 of its only process; started again later',
  expected: 'connections are refused or broken off; then as before',
  async run(stage, scale) {
    const seen = await underLoad(stage, stage.single, scale, {
      break: () => stage.single.kill(),
      cure: () => stage.single.start(),
    });
    const expected = expectations(seen.outcomes, scale, {
      outcomes: ['ECONNREFUSED', 'ECONNRESET'],
      recovery_ms: seen.recovery_ms,
    });
    return { ...seen, breaches: expected.breaches };
  },
};

/** Processes that end at once. */
export const KILLED: readonly Fault[] = [
  alone('model'),
  alone('decision'),
  killed('model'),
  killed('decision'),
  gateway,
];
