import { expectations, type Fault } from './fault.ts';
import type { ServiceProcess } from './process.ts';
import { underLoad } from './under-load.ts';

/** What happens to one of two replicas, and what may be seen of it. */
interface Harm {
  readonly service: 'model' | 'decision';
  readonly name: string;
  readonly done: string;
  readonly break: (victim: ServiceProcess) => unknown;
  readonly cure: (victim: ServiceProcess) => unknown;
  /** Outcomes that are allowed, at this share of the requests. */
  readonly outcomes: readonly string[];
  readonly share: number;
  readonly longer_ms?: number;
}

/** The fault that one of two replicas of a service is harmed: callers must hardly notice. */
export function oneOfTwo({ service, name, done, outcomes, share, longer_ms = 0, ...harm }: Harm): Fault {
  return {
    name,
    done,
    expected: `as before, at most ${100 * share} % errors`,
    async run(stage, scale) {
      const victim = stage[`${service}s`][1]!;
      const seen = await underLoad(stage, stage.pairs, scale, {
        break: () => harm.break(victim),
        cure: () => harm.cure(victim),
        during_ms: scale.during_ms + longer_ms,
      });
      const expected = expectations(seen.outcomes, scale, { outcomes, share, recovery_ms: seen.recovery_ms });
      return { ...seen, breaches: expected.breaches };
    },
  };
}
