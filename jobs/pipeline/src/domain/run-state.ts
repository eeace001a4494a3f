import { PIPELINE_STEPS, type PipelineRun, type PipelineStep, type StepState } from '@pokewatch/contracts';
import { type AttemptEnd, MOST_ATTEMPTS, POLICIES } from './causes.ts';

/** What is to be done next in a run. */
export type Action =
  /** Begin this attempt. */
  | { readonly do: 'begin'; readonly step: PipelineStep; readonly attempt: number }
  /** See the attempt that has begun to its end. */
  | { readonly do: 'follow'; readonly step: PipelineStep; readonly attempt: number }
  | { readonly do: 'wait'; readonly step: PipelineStep; readonly until_ms: number }
  | { readonly do: 'end' };

interface NewRun {
  readonly run_id: string;
  readonly runner: PipelineRun['runner'];
  readonly owner: string | null;
  readonly now_ms: number;
  readonly limit_ms: number;
  readonly champion: string | null;
}

/** A run in which nothing has happened yet. */
export function newRun({ run_id, runner, owner, now_ms, limit_ms, champion }: NewRun): PipelineRun {
  return {
    run_id,
    runner,
    owner,
    started_at: iso(now_ms),
    deadline_at: iso(now_ms + limit_ms),
    steps: PIPELINE_STEPS.map((step) => ({
      step,
      state: 'pending',
      attempts: [],
      retry_at: null,
      summary: '',
      counts: {},
    })),
    champion_before: champion,
    champion_after: null,
    serving: [],
  };
}

/** What comes next: the first step that is not done decides. After the deadline nothing begins. */
export function nextAction(run: PipelineRun, now_ms: number): Action {
  for (const { step, state, attempts, retry_at } of run.steps) {
    if (state === 'done' || state === 'kept') continue;
    if (state === 'failed') return { do: 'end' };
    if (state === 'running') return { do: 'follow', step, attempt: attempts.length };
    const until_ms = retry_at === null ? now_ms : Date.parse(retry_at);
    if (now_ms >= Date.parse(run.deadline_at)) return { do: 'end' };
    if (until_ms > now_ms) return { do: 'wait', step, until_ms };
    return { do: 'begin', step, attempt: attempts.length + 1 };
  }
  return { do: 'end' };
}

/** The run with a new attempt at a step; `name` is that of its Job. */
export function attemptBegan(run: PipelineRun, step: PipelineStep, name: string | null, now_ms: number): PipelineRun {
  return withStep(run, step, (state) => ({
    ...state,
    state: 'running',
    retry_at: null,
    attempts: [
      ...state.attempts,
      {
        number: state.attempts.length + 1,
        name,
        started_at: iso(now_ms),
        ended_at: null,
        outcome: null,
        cause: null,
        code: null,
        detail: '',
        exit_code: null,
        job_run_id: null,
      },
    ],
  }));
}

/** The run after the attempt that was under way has ended; `random` in [0, 1) is for the jitter of the next wait. */
export function attemptEnded(
  run: PipelineRun,
  step: PipelineStep,
  end: AttemptEnd,
  now_ms: number,
  random: number,
): PipelineRun {
  const { serving } = end;
  const known = serving === undefined ? {} : { champion_after: serving.champion, serving: [...serving.replicas] };
  return withStep({ ...run, ...known }, step, (before) => {
    const attempts = before.attempts.map((attempt, index) =>
      index < before.attempts.length - 1
        ? attempt
        : {
            ...attempt,
            ended_at: iso(now_ms),
            outcome: end.outcome,
            cause: end.outcome === 'failed' ? end.cause : null,
            code: end.outcome === 'failed' ? end.code : null,
            detail: end.outcome === 'failed' ? end.detail : '',
            exit_code: end.exit_code,
            job_run_id: end.report?.run_id ?? null,
          },
    );
    const after = { ...before, attempts, counts: end.report?.counts ?? {} };
    if (end.outcome !== 'failed') {
      const summary = end.summary ?? end.report?.summary ?? '';
      return { ...after, state: end.outcome === 'ok' ? 'done' : 'kept', summary };
    }
    const retry = retryAt(after, end, { now_ms, random, deadline_ms: Date.parse(run.deadline_at) });
    if ('why_not' in retry) return { ...after, state: 'failed', summary: `${end.detail}${retry.why_not}` };
    return { ...after, state: 'waiting', retry_at: iso(retry.at_ms), summary: end.detail };
  });
}

/** When a failed step is tried again, or why it is not. */
function retryAt(
  { attempts }: StepState,
  end: Extract<AttemptEnd, { outcome: 'failed' }>,
  given: { now_ms: number; random: number; deadline_ms: number },
): { at_ms: number } | { why_not: string } {
  const policy = POLICIES[end.cause];
  const tried = attempts.filter(({ cause }) => cause === end.cause).length;
  if (policy.tries === 1) return { why_not: '' };
  if (tried >= policy.tries || attempts.length >= MOST_ATTEMPTS)
    return { why_not: ` (given up after ${attempts.length} attempts)` };
  const told_ms = end.retry_at === null ? undefined : Date.parse(end.retry_at);
  const backoff_ms = Math.min(policy.cap_ms, policy.base_ms * 2 ** (tried - 1));
  // Half of the wait is fixed: two clients that failed together must not come back together, nor at once.
  const at_ms =
    told_ms === undefined
      ? given.now_ms + Math.round(backoff_ms * (0.5 + given.random / 2))
      : Math.max(told_ms, given.now_ms);
  if (at_ms >= given.deadline_ms)
    return { why_not: ` (another try at ${iso(at_ms)} would be after the deadline of the run)` };
  return { at_ms };
}

/** The step that a run ended at, or undefined when all are done. */
export function unfinishedStep(run: PipelineRun): StepState | undefined {
  return run.steps.find(({ state }) => state !== 'done' && state !== 'kept');
}

/** True when train refused its new model. */
export function wasKept(run: PipelineRun): boolean {
  return run.steps.some(({ state }) => state === 'kept');
}

function withStep(run: PipelineRun, step: PipelineStep, change: (state: StepState) => StepState): PipelineRun {
  return { ...run, steps: run.steps.map((state) => (state.step === step ? change(state) : state)) };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
