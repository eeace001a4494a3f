import { EXIT, type JobName, type RunCount, type RunReport } from '@pokewatch/contracts';
import {
  type Clock,
  dayOf,
  describeError,
  exitCodeOf,
  isPokewatchError,
  type Logger,
  PokewatchError,
} from '@pokewatch/core';
import {
  type DataStore,
  fetchLastReport,
  fetchRunIds,
  layout,
  publishReport,
  sweepUnfinished,
  toldBy,
} from '@pokewatch/store';
import type { Lock } from './lock.ts';
import type { Progress } from './progress.ts';
import { noteStanding } from './standing.ts';
import { lockStore } from './store-lock.ts';

/** What a job's work is given. */
export interface JobContext {
  readonly run_id: string;
  /** True when this run takes over one that died before it ended. */
  readonly resumed: boolean;
  /** The report that the run taken over had left. */
  readonly left: RunReport | undefined;
  readonly store: DataStore;
  /** The folder of the store that this process works in. */
  readonly root: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly progress: Progress;
  /** Fires on SIGTERM, Ctrl-C and at the time limit. */
  readonly signal: AbortSignal;
  /** Throws `job_stopped` or `job_timed_out` when the signal has fired; for loops. */
  checkpoint(): void;
  /** Puts something into the run's report while it runs, and saves it. */
  save(part: Pick<RunReport, 'pipeline'>): Promise<void>;
  /** Gives the event loop a turn, so that signals are heard in the middle of long computations; then `checkpoint`. */
  breathe(): Promise<void>;
}

/** What a job did. `refused` is an outcome, not an error: the job worked and said no. */
export interface JobOutcome {
  readonly status: 'ok' | 'refused';
  readonly summary: string;
  readonly counts?: Readonly<Partial<Record<RunCount, number>>>;
  readonly flags?: Readonly<Record<string, number>>;
  readonly notes?: readonly string[];
  /** Where prices were got from, and the newest day that one was of. */
  readonly source?: NonNullable<RunReport['source']>;
}

export interface JobOptions {
  readonly job: JobName;
  readonly store: DataStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly progress: Progress;
  readonly limit_ms: number;
  /** Fires when the process is asked to stop. */
  readonly stop: AbortSignal;
  /** Parts of the data folder that this job alone writes; what a dead run left unfinished there is removed. */
  readonly owns: readonly string[];
  /** Whose step this run is. */
  readonly settings?: { readonly POKEWATCH_PIPELINE_RUN: string };
  /** Takes something else than the lock of the data folder. @throws job_locked */
  readonly lock?: () => Promise<Lock>;
  /** Whether an unfinished run is taken over; one that is not is closed as failed. All are, unless this says otherwise. */
  readonly takesOver?: (unfinished: RunReport) => boolean;
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
  const { store } = options;
  const lock = await (options.lock?.() ?? lockStore(store, options.job));
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), options.limit_ms);
  try {
    for (const folder of options.owns) sweepUnfinished(folder);
    for (const shared of [layout.raw(store.root), layout.runs(store.root), layout.standings(store.root)])
      sweepUnfinished(shared, options.job);
    const { open, left } = await openReport(options);
    await publishReport(store, open);
    const report = await attempt(options, open, left, { limit: limit.signal, lost: lock.lost }, work);
    // Whoever took our place writes this report now.
    if (lock.lost?.aborted) return report;
    await publishReport(store, report);
    await noteStanding(store, report, options.logger);
    return report;
  } finally {
    clearTimeout(timer);
    options.progress.end();
    await lock.release();
  }
}

async function attempt(
  options: JobOptions,
  open: RunReport,
  left: RunReport | undefined,
  ends: { readonly limit: AbortSignal; readonly lost: AbortSignal | undefined },
  work: (context: JobContext) => Promise<JobOutcome>,
): Promise<RunReport> {
  const started = performance.now();
  let current = open;
  const end = (part: Partial<RunReport>): RunReport => ({
    ...current,
    ended_at: options.clock.now().toISOString(),
    duration_ms: Math.round(performance.now() - started),
    ...part,
  });
  const checkpoint = () => {
    if (ends.lost?.aborted) {
      throw new PokewatchError(
        'store_conflict',
        `${options.job} stood still for so long that another run took its place`,
        {
          hint: 'Nothing was lost; run it again if the other run did not end well.',
        },
      );
    }
    if (ends.limit.aborted) {
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
    left,
    store: options.store,
    root: options.store.root,
    clock: options.clock,
    logger: options.logger.child({ run_id: open.run_id }),
    progress: options.progress,
    signal: AbortSignal.any([ends.limit, options.stop, ...(ends.lost === undefined ? [] : [ends.lost])]),
    checkpoint,
    async save(part) {
      current = { ...current, ...part };
      await publishReport(options.store, current);
    },
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
      summary: options.store.say(outcome.summary),
      counts: { ...outcome.counts },
      flags: { ...outcome.flags },
      notes: (outcome.notes ?? []).map((note) => options.store.say(note)),
      ...(outcome.source === undefined ? {} : { source: outcome.source }),
    });
  } catch (caught) {
    const error = toldBy(options.store, causeOf(caught, checkpoint));
    if (!isPokewatchError(error)) context.logger.error({ err: error }, 'the job failed');
    return end({
      status: isPokewatchError(error) && error.code === 'job_stopped' ? 'stopped' : 'failed',
      exit_code: exitCodeOf(error),
      summary: describeError(error),
      error: failureOf(error),
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

/** What a report and a termination message say of an error. */
export function failureOf(error: unknown): NonNullable<RunReport['error']> {
  const detail = describeError(error);
  if (!isPokewatchError(error)) return { code: 'internal', detail };
  const { code, retry_at } = error;
  return { code, detail, ...(retry_at === undefined ? {} : { retry_at }) };
}

/** A report for the run that begins, and the report of the run that it takes over. */
async function openReport(options: JobOptions): Promise<{ open: RunReport; left: RunReport | undefined }> {
  const last = await fetchLastReport(options.store, options.job);
  const unfinished = last !== undefined && (last.status === 'running' || last.status === 'stopped') ? last : undefined;
  const died = unfinished !== undefined && (options.takesOver?.(unfinished) ?? true);
  if (unfinished !== undefined && !died) await publishReport(options.store, closed(unfinished, options.clock));
  const pipeline_run = options.settings?.POKEWATCH_PIPELINE_RUN ?? '';
  const open: RunReport = {
    run_id: died ? unfinished.run_id : await nextRunId(options),
    job: options.job,
    status: 'running',
    started_at: died ? unfinished.started_at : options.clock.now().toISOString(),
    ended_at: null,
    duration_ms: null,
    exit_code: null,
    resumed: died,
    summary: '',
    counts: {},
    flags: {},
    notes: [],
    error: null,
    ...(pipeline_run === '' ? {} : { pipeline_run }),
    ...(died && unfinished.pipeline !== undefined ? { pipeline: unfinished.pipeline } : {}),
  };
  return { open, left: died ? unfinished : undefined };
}

/** The report of a run that died and that nobody took over. */
function closed(report: RunReport, clock: Clock): RunReport {
  const detail = `${report.run_id} did not end, and was not taken over in time`;
  return {
    ...report,
    status: 'failed',
    ended_at: clock.now().toISOString(),
    exit_code: EXIT.failed,
    summary: detail,
    error: { code: 'job_stopped', detail },
  };
}

async function nextRunId(options: JobOptions): Promise<string> {
  const stem = `${options.job}-${dayOf(options.clock.now())}-`;
  const used = (await fetchRunIds(options.store, options.job))
    .filter((id) => id.startsWith(stem))
    .map((id) => Number(id.slice(stem.length)));
  return `${stem}${String(Math.max(0, ...used) + 1).padStart(3, '0')}`;
}
