import { EXIT, type JobName, type RunReport } from '@pokewatch/contracts';
import {
  type Clock,
  dayOf,
  describeError,
  exitCodeOf,
  isPokewatchError,
  type Logger,
  PokewatchError,
} from '@pokewatch/core';
import { lastReport, layout, listRuns, saveReport, sweepUnfinished } from '@pokewatch/store';
import { takeLock } from './lock.ts';
import type { Progress } from './progress.ts';

/** What a job's work is given. */
export interface JobContext {
  readonly run_id: string;
  /** True when this run takes over one that died before it ended. */
  readonly resumed: boolean;
  readonly root: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly progress: Progress;
  /** Fires on SIGTERM, Ctrl-C and at the time limit. */
  readonly signal: AbortSignal;
  /** Throws `job_stopped` or `job_timed_out` when the signal has fired; for loops. */
  checkpoint(): void;
  /** Gives the event loop a turn, so that signals are heard in the middle of long computations; then `checkpoint`. */
  breathe(): Promise<void>;
}

/** What a job did. `refused` is an outcome, not an error: the job worked and said no. */
export interface JobOutcome {
  readonly status: 'ok' | 'refused';
  readonly summary: string;
  readonly counts?: Readonly<Record<string, number>>;
  readonly flags?: Readonly<Record<string, number>>;
  readonly notes?: readonly string[];
}

export interface JobOptions {
  readonly job: JobName;
  readonly root: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly progress: Progress;
  readonly limit_ms: number;
  /** Fires when the process is asked to stop. */
  readonly stop: AbortSignal;
  /** Parts of the data folder that this job alone writes; what a dead run left unfinished there is removed. */
  readonly owns: readonly string[];
}

/**
 * Runs one job: takes its lock, opens a run report, does the work within its time limit, and closes the report.
 * A run that died (no end in its report) is taken over under its own id, so that data does not depend on accidents.
 * @returns the report; its `exit_code` is what the process should end with. Does not throw for failures of the work.
 */
export async function runJob(
  options: JobOptions,
  work: (context: JobContext) => Promise<JobOutcome>,
): Promise<RunReport> {
  const lock = takeLock(options.root, options.job);
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), options.limit_ms);
  try {
    for (const folder of options.owns) sweepUnfinished(folder);
    for (const shared of [layout.raw(options.root), layout.runs(options.root)]) sweepUnfinished(shared, options.job);
    const open = openReport(options);
    saveReport(options.root, open);
    const report = await attempt(options, open, limit.signal, work);
    saveReport(options.root, report);
    return report;
  } finally {
    clearTimeout(timer);
    options.progress.end();
    lock.release();
  }
}

async function attempt(
  options: JobOptions,
  open: RunReport,
  limit: AbortSignal,
  work: (context: JobContext) => Promise<JobOutcome>,
): Promise<RunReport> {
  const started = performance.now();
  const end = (part: Partial<RunReport>): RunReport => ({
    ...open,
    ended_at: options.clock.now().toISOString(),
    duration_ms: Math.round(performance.now() - started),
    ...part,
  });
  const checkpoint = () => {
    if (limit.aborted) {
      throw new PokewatchError('job_timed_out', `${options.job} did not end within ${options.limit_ms} ms`, {
        hint: 'Run it again, it goes on where it stopped; POKEWATCH_JOB_LIMIT_MS sets the limit.',
      });
    }
    if (options.stop.aborted)
      throw new PokewatchError('job_stopped', `${options.job} was stopped`, {
        hint: 'Run it again, it goes on where it stopped.',
      });
  };
  const context: JobContext = {
    run_id: open.run_id,
    resumed: open.resumed,
    root: options.root,
    clock: options.clock,
    logger: options.logger.child({ run_id: open.run_id }),
    progress: options.progress,
    signal: AbortSignal.any([limit, options.stop]),
    checkpoint,
    async breathe() {
      await new Promise((resolve) => setImmediate(resolve));
      checkpoint();
    },
  };
  try {
    checkpoint();
    const outcome = await work(context);
    return end({
      status: outcome.status,
      exit_code: outcome.status === 'ok' ? EXIT.ok : EXIT.refused,
      summary: outcome.summary,
      counts: { ...outcome.counts },
      flags: { ...outcome.flags },
      notes: [...(outcome.notes ?? [])],
    });
  } catch (caught) {
    const error = causeOf(caught, checkpoint);
    if (!isPokewatchError(error)) context.logger.error({ err: error }, 'the job failed');
    return end({
      status: isPokewatchError(error) && error.code === 'job_stopped' ? 'stopped' : 'failed',
      exit_code: exitCodeOf(error),
      summary: describeError(error),
      error: { code: isPokewatchError(error) ? error.code : 'internal', detail: describeError(error) },
    });
  }
}

/** When the run was told to stop, whatever broke because of it counts as the stop. */
function causeOf(caught: unknown, checkpoint: () => void): unknown {
  try {
    checkpoint();
    return caught;
  } catch (stopped) {
    return stopped;
  }
}

function openReport(options: JobOptions): RunReport {
  const last = lastReport(options.root, options.job);
  const died = last !== undefined && (last.status === 'running' || last.status === 'stopped');
  return {
    run_id: died ? last.run_id : nextRunId(options),
    job: options.job,
    status: 'running',
    started_at: died ? last.started_at : options.clock.now().toISOString(),
    ended_at: null,
    duration_ms: null,
    exit_code: null,
    resumed: died,
    summary: '',
    counts: {},
    flags: {},
    notes: [],
    error: null,
  };
}

function nextRunId(options: JobOptions): string {
  const stem = `${options.job}-${dayOf(options.clock.now())}-`;
  const used = listRuns(options.root, options.job)
    .filter((id) => id.startsWith(stem))
    .map((id) => Number(id.slice(stem.length)));
  return `${stem}${String(Math.max(0, ...used) + 1).padStart(3, '0')}`;
}
