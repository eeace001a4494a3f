import type { Outcomes } from './load.ts';
import type { Stage } from './stage.ts';

/** How much load a fault is put under, and for how long. */
export interface Scale {
  /** Requests a second. */
  readonly rate: number;
  /** How long a fault lasts. */
  readonly during_ms: number;
  /** How long it is watched afterwards at least, and at most while requests still fail. */
  readonly after_ms: readonly [number, number];
  /** Longest time from the end of a fault to the last answer that suffers from it. */
  readonly recovery_ms: number;
  /** Requests that may fail beyond the share that is allowed; so few are sent in a short run that one is a large share. */
  readonly extra_errors: number;
  /** Connections of the storm. */
  readonly storm: number;
}

/** What was seen of a fault. */
export interface Observed {
  readonly outcomes: Outcomes;
  /** From the end of the fault to the last answer that was not as before; undefined where nothing is to recover. */
  readonly recovery_ms?: number | undefined;
  /** Rows of data that were lost, where data was at stake. */
  readonly lost_rows?: number;
  /** Expectations that were not met, in words. */
  readonly breaches: readonly string[];
  /** What else is worth saying. */
  readonly note?: string;
}

/** Something that breaks while requests arrive. */
export interface Fault {
  readonly name: string;
  /** What is done, in words. */
  readonly done: string;
  /** What must be seen. */
  readonly expected: string;
  /** Why this machine cannot show it, or undefined when it can. */
  readonly missing?: string | undefined;
  run(stage: Stage, scale: Scale): Promise<Observed>;
}

/** Collects expectations that are not met. */
export class Expectations {
  readonly breaches: string[] = [];

  /** Notes `sentence` when `met` is false. */
  that(met: boolean, sentence: string): void {
    if (!met) this.breaches.push(sentence);
  }
}

/** What every fault must keep: no answer but the known one, nothing but the allowed outcomes, and recovery in time. */
export function expectations(
  outcomes: Outcomes,
  scale: Scale,
  allowed: { readonly outcomes: readonly string[]; readonly share?: number; readonly recovery_ms?: number | undefined },
): Expectations {
  const expected = new Expectations();
  expected.that(outcomes.wrong === 0, `${outcomes.wrong} wrong answers: ${outcomes.wrong_example ?? ''}`);
  const known = ['200', '404', ...allowed.outcomes];
  const others = Object.keys(outcomes.by).filter((outcome) => !known.includes(outcome));
  expected.that(others.length === 0, `outcomes that must not be: ${others.join(', ')}`);
  if (allowed.share !== undefined)
    expected.that(
      outcomes.error_share * outcomes.total <= allowed.share * outcomes.total + scale.extra_errors,
      `${percent(outcomes.error_share)} errors, of which ${percent(allowed.share)} are allowed`,
    );
  if (allowed.recovery_ms !== undefined)
    expected.that(
      allowed.recovery_ms <= scale.recovery_ms,
      `recovered only after ${Math.round(allowed.recovery_ms)} ms`,
    );
  return expected;
}

/** A share as per cent. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.001 ? 3 : 1)} %`;
}
