import {
  type Cause,
  ERRORS,
  type ErrorCode,
  EXIT,
  type PipelineStep,
  type Replica,
  type StepReport,
} from '@pokewatch/contracts';

/** What is done about a cause: attempts in all, and how long to wait before the next one. */
export interface Policy {
  /** Attempts of a step that may end with this cause; 1 is no retry. */
  readonly tries: number;
  /** The wait doubles from `base_ms` to `cap_ms`, with jitter, unless the step said when to come back. */
  readonly base_ms: number;
  readonly cap_ms: number;
  /** For people. */
  readonly means: string;
  /** Code of the run's error where the step gave none. */
  readonly code: ErrorCode;
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const ONCE = { tries: 1, base_ms: 0, cap_ms: 0 };

/** Every cause and what is done about it; docs/pipeline.md shows this table. */
export const POLICIES: Readonly<Record<Cause, Policy>> = {
  quota: {
    tries: 6,
    base_ms: 5 * MINUTE_MS,
    cap_ms: 30 * MINUTE_MS,
    means: 'the source is out of quota (429)',
    code: 'source_quota',
  },
  unavailable: {
    tries: 4,
    base_ms: 30 * SECOND_MS,
    cap_ms: 10 * MINUTE_MS,
    means: 'a source or a service cannot be reached',
    code: 'source_unavailable',
  },
  locked: {
    tries: 6,
    base_ms: 20 * SECOND_MS,
    cap_ms: 5 * MINUTE_MS,
    means: 'somebody else runs this job on the same data',
    code: 'job_locked',
  },
  stopped: {
    tries: 4,
    base_ms: 2 * SECOND_MS,
    cap_ms: MINUTE_MS,
    means: 'it was told to stop: an eviction, a drained node',
    code: 'job_stopped',
  },
  lost: {
    tries: 4,
    base_ms: 2 * SECOND_MS,
    cap_ms: MINUTE_MS,
    means: 'it is gone without a word: a lost node, a deleted pod or Job, a kill',
    code: 'step_lost',
  },
  timed_out: {
    tries: 2,
    base_ms: SECOND_MS,
    cap_ms: SECOND_MS,
    means: 'it ran into its time limit; it goes on where it stopped',
    code: 'job_timed_out',
  },
  out_of_memory: { ...ONCE, means: 'it needs more memory than its limit', code: 'step_out_of_memory' },
  cannot_start: {
    ...ONCE,
    means: 'its pod does not start: no image, no volume, no node, a missing ConfigMap',
    code: 'step_cannot_start',
  },
  setup: {
    ...ONCE,
    means: 'a setting, a key, the watch-list or the data folder has to be put right',
    code: 'step_failed',
  },
  fault: { ...ONCE, means: 'the program or its data is at fault', code: 'step_failed' },
};

/** Attempts at one step, whatever they ended with. */
export const MOST_ATTEMPTS = 8;

interface Ended {
  readonly exit_code: number | null;
  readonly report: StepReport | null;
  /** Of a reload: the champion, and what each replica serves. */
  readonly serving?: { readonly champion: string | null; readonly replicas: readonly Replica[] };
}

/** How an attempt at a step ended. */
export type AttemptEnd =
  | (Ended & { readonly outcome: 'ok' | 'refused'; readonly summary?: string })
  | (Ended & {
      readonly outcome: 'failed';
      readonly cause: Cause;
      readonly code: string;
      readonly detail: string;
      readonly retry_at: string | null;
    });

/** What was seen of a process or container that ended. */
export interface Seen {
  readonly exit_code: number | null;
  /** What it left in its termination message or, when that is lost, in the store. */
  readonly report: StepReport | null;
  /** What whoever ran it knows beyond the exit code. */
  readonly because?: { readonly cause: Cause; readonly detail: string } | undefined;
}

/** The exit codes that a shell or a kernel makes of signals: SIGABRT (Node out of heap), SIGKILL. */
const ABORTED = 134;
const KILLED = 137;

/** Says how an attempt ended, by what was seen of it: what the runner knows first, then the report, then the exit code. */
export function endOf(step: PipelineStep, seen: Seen): AttemptEnd {
  const { exit_code, report, because } = seen;
  if (because !== undefined) return failed(seen, because.cause, POLICIES[because.cause].code, because.detail);
  if (exit_code === EXIT.ok) return { outcome: 'ok', exit_code, report };
  if (exit_code === EXIT.refused && step === 'train') return { outcome: 'refused', exit_code, report };
  const error = report?.error;
  if (error) return failed(seen, causeOfCode(error.code), error.code, error.detail);
  const cause = causeOfExit(exit_code);
  const detail = exit_code === null ? 'it left no exit code' : `exit code ${exit_code}: ${POLICIES[cause].means}`;
  return failed(seen, cause, POLICIES[cause].code, detail);
}

function failed({ exit_code, report }: Seen, cause: Cause, code: string, detail: string): AttemptEnd {
  return { outcome: 'failed', cause, code, detail, retry_at: report?.error?.retry_at ?? null, exit_code, report };
}

/** The end of an attempt that broke off with an error of ours. */
export function failedBy(error: { readonly code: string; readonly message: string }): AttemptEnd {
  return failed({ exit_code: null, report: null }, causeOfCode(error.code), error.code, error.message);
}

function causeOfCode(code: string): Cause {
  if (code === 'source_quota') return 'quota';
  if (code === 'job_locked') return 'locked';
  if (code === 'job_timed_out') return 'timed_out';
  if (code === 'job_stopped') return 'stopped';
  if (!Object.hasOwn(ERRORS, code)) return 'fault';
  return ({ retry: 'unavailable', fix: 'setup', call: 'fault' } as const)[ERRORS[code as ErrorCode].family];
}

function causeOfExit(exit_code: number | null): Cause {
  switch (exit_code) {
    case EXIT.unavailable:
      return 'unavailable';
    case EXIT.locked:
      return 'locked';
    case EXIT.timed_out:
      return 'timed_out';
    case EXIT.stopped:
      return 'stopped';
    case EXIT.usage:
      return 'setup';
    case ABORTED:
      return 'out_of_memory';
    case KILLED:
    case null:
      return 'lost';
    default:
      return 'fault';
  }
}
