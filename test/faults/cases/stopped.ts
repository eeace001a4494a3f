import { expectations, type Fault } from '../support/fault.ts';
import { healthOf } from '../support/health.ts';
import { oneOfTwo } from '../support/one-of-two.ts';
import { DEADLINE_MS } from '../support/stage.ts';
import { underLoad } from '../support/under-load.ts';

/** Allowed while one of two replicas stands still. */
const ONE_OF_TWO = 0.01;
/** More than the deadline, for the time until a busy machine looks at its timers. */
const SLACK_MS = 1500;

function alone(service: 'model' | 'decision'): Fault {
  return {
    name: `the ${service} service stands still`,
    done: 'SIGSTOP of its only process, SIGCONT later',
    expected: `503 within the deadline of ${DEADLINE_MS} ms, later at once, and \`/health\` names it; then as before`,
    async run(stage, scale) {
      const victim = stage[`${service}s`][0]!;
      let health: unknown;
      const seen = await underLoad(stage, stage.single, scale, {
        break: () => victim.signal('SIGSTOP'),
        async cure() {
          health = await healthOf(stage.single);
          victim.signal('SIGCONT');
        },
        during_ms: scale.during_ms + DEADLINE_MS,
      });
      const expected = expectations(seen.outcomes, scale, {
        outcomes: ['503 peer_timeout', '503 peer_unavailable', '503 overloaded'],
        recovery_ms: seen.recovery_ms,
      });
      const slowest_ms = seen.outcomes.slowest_ms;
      expected.that(slowest_ms < DEADLINE_MS + SLACK_MS, `an answer took ${Math.round(slowest_ms)} ms`);
      const state = (health as { services: Record<string, string> }).services[service] ?? '';
      expected.that(['slow', 'down'].includes(state), `/health says ${JSON.stringify(health)}`);
      return { ...seen, breaches: expected.breaches };
    },
  };
}

const stopped = (service: 'model' | 'decision'): Fault =>
  oneOfTwo({
    service,
    name: `one of two ${service} services stands still`,
    done: 'SIGSTOP of one process, SIGCONT later',
    break: (victim) => victim.signal('SIGSTOP'),
    cure: (victim) => victim.signal('SIGCONT'),
    outcomes: ['503 peer_timeout', '503 peer_unavailable', '503 overloaded'],
    share: ONE_OF_TWO,
    longer_ms: DEADLINE_MS,
  });

/** Processes that live but do nothing. */
export const STOPPED: readonly Fault[] = [alone('model'), alone('decision'), stopped('model'), stopped('decision')];
