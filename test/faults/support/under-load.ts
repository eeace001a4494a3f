import { setTimeout as sleep } from 'node:timers/promises';
import type { Scale } from './fault.ts';
import type { Load, Outcomes } from './load.ts';
import type { ServiceProcess } from './process.ts';
import type { Stage } from './stage.ts';

/** Requests run so long before something breaks. */
const BEFORE_MS = 300;
/** Without a failure for so long, a gateway counts as recovered. */
const QUIET_MS = 300;

/** What was seen between a fault and its end. */
export interface Broken {
  readonly outcomes: Outcomes;
  /** From the end of the fault to the last request that failed. */
  readonly recovery_ms: number;
  readonly load: Load;
  /** When the fault began and ended, as `performance.now()` tells it. */
  readonly broken_at: number;
  readonly cured_at: number;
}

/** Breaks something while a gateway is asked, cures it after a while, and goes on asking. */
export async function underLoad(
  stage: Stage,
  gateway: ServiceProcess,
  scale: Scale,
  fault: {
    readonly break: () => unknown;
    readonly cure?: () => unknown;
    readonly during_ms?: number;
    /** Most connections of the load; all of them are open before the fault. */
    readonly connections?: number;
  },
): Promise<Broken> {
  await stage.well(gateway);
  const load = stage.load(gateway, scale.rate, { connections: fault.connections });
  try {
    // A busy machine lets requests wait, for which connections would be opened only then.
    if (fault.connections !== undefined) await load.open(fault.connections);
    await sleep(BEFORE_MS);
    const broken_at = performance.now();
    try {
      await fault.break();
      await sleep(fault.during_ms ?? scale.during_ms);
    } finally {
      // Also when breaking failed: others are tried on this stage afterwards.
      await fault.cure?.();
    }
    const cured_at = performance.now();
    const [least_ms, most_ms] = scale.after_ms;
    await sleep(least_ms);
    while (load.failedSince(performance.now() - QUIET_MS) && performance.now() - cured_at < most_ms) await sleep(20);
    const outcomes = await load.stop();
    return { outcomes, recovery_ms: load.recoveredAfter(cured_at), load, broken_at, cured_at };
  } finally {
    await load.stop();
  }
}
