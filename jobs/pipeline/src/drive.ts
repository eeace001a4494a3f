import type { PipelineRun, PipelineStep, StepState } from '@pokewatch/contracts';
import type { Clock } from '@pokewatch/core';
import type { AttemptEnd } from './domain/causes.ts';
import { attemptBegan, attemptEnded, nextAction } from './domain/run-state.ts';

/** An attempt at a step, as whoever runs it needs to know it. */
export interface AttemptRef {
  readonly run_id: string;
  readonly step: PipelineStep;
  readonly attempt: number;
  readonly began_at: string;
  /** False when an earlier life of this run began it. */
  readonly fresh: boolean;
  /** When the whole run has to end. */
  readonly deadline_ms: number;
}

/** Runs steps: as Kubernetes Jobs, as processes, or by calls to the model service. */
export interface StepRunner {
  /** The name of the Job that an attempt gets, or null. */
  nameOf(run_id: string, step: PipelineStep, attempt: number): string | null;
  /**
   * Begins an attempt, or finds it again, and sees it to its end; ends it itself when the deadline has passed.
   * @throws job_stopped when `stop` fires, and what keeps it from knowing how the attempt ended
   */
  run(ref: AttemptRef, stop: AbortSignal): Promise<AttemptEnd>;
}

/** What happened to a step, for those who want to know at once. */
export type Happening = 'began' | 'resumed' | 'ended';

interface Parts {
  readonly clock: Clock;
  /** Waits, or throws when the signal fires. */
  readonly wait: (ms: number, stop: AbortSignal) => Promise<void>;
  readonly random: () => number;
  readonly runner: StepRunner;
  /** Keeps the run, so that a later life of it goes on from here. */
  readonly save: (run: PipelineRun) => Promise<void>;
  readonly tell: (happening: Happening, step: StepState, run: PipelineRun) => Promise<void>;
}

/** The longest wait at once, so that a clock that is put right is noticed. */
const WAIT_MS = 60_000;

/**
 * Takes a run to its end: what is decided is saved before it is done, so that whoever takes over after a death knows
 * what may be under way.
 */
export async function drive(from: PipelineRun, parts: Parts, stop: AbortSignal): Promise<PipelineRun> {
  const { clock, runner } = parts;
  const now_ms = () => clock.now().getTime();
  let run = from;
  let fresh: string | undefined;
  const keep = async (next: PipelineRun, happening: Happening, step: PipelineStep) => {
    run = next;
    await parts.save(run);
    await parts.tell(happening, stateOf(run, step), run);
  };
  for (;;) {
    const action = nextAction(run, now_ms());
    if (action.do === 'end') return run;
    const { step } = action;
    if (action.do === 'wait') {
      await parts.wait(Math.min(WAIT_MS, action.until_ms - now_ms()), stop);
      continue;
    }
    const name = runner.nameOf(run.run_id, step, action.attempt);
    const key = `${step} ${action.attempt}`;
    if (action.do === 'begin') {
      fresh = key;
      await keep(attemptBegan(run, step, name, now_ms()), 'began', step);
      continue;
    }
    if (fresh !== key) await parts.tell('resumed', stateOf(run, step), run);
    const ref = {
      run_id: run.run_id,
      step,
      attempt: action.attempt,
      began_at: stateOf(run, step).attempts.at(-1)?.started_at ?? run.started_at,
      fresh: fresh === key,
      deadline_ms: Date.parse(run.deadline_at),
    };
    const end = await runner.run(ref, stop);
    await keep(attemptEnded(run, step, end, now_ms(), parts.random()), 'ended', step);
  }
}

function stateOf(run: PipelineRun, step: PipelineStep): StepState {
  return run.steps.find((state) => state.step === step)!;
}
