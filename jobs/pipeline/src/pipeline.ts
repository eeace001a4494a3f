import { ERROR_CODES, type ErrorCode, type PipelineRun, type RunReport, type StepState } from '@pokewatch/contracts';
import { type Clock, isPokewatchError, PokewatchError, pause, type Settings } from '@pokewatch/core';
import { type JobContext, type JobOptions, type JobOutcome, type JobProcess, runJob } from '@pokewatch/job';
import { type DataStore, fetchChampion, withStore } from '@pokewatch/store';
import { failedBy } from './domain/causes.ts';
import { newRun, unfinishedStep, wasKept } from './domain/run-state.ts';
import { drive, type Happening, type StepRunner } from './drive.ts';
import { type ReplicaAddress, reloadReplicas } from './reload/reload-replicas.ts';
import { runWords, servingLines, stepLine } from './words.ts';

/** What a pipeline runs on: a cluster, or this machine. */
export interface Ground {
  readonly runner: PipelineRun['runner'];
  /** Name of the Kubernetes Job that owns the run. */
  readonly owner: string | null;
  /** Keeps other runs away; the lock of the data folder when there is none. @throws job_locked */
  readonly lock?: NonNullable<JobOptions['lock']>;
  /** Runs the steps that are jobs. */
  readonly jobs: StepRunner;
  readonly replicas: (signal: AbortSignal) => Promise<readonly ReplicaAddress[]>;
  readonly replicasMayBeAbsent: boolean;
  /** Tells the surroundings what happened to a step, and how the run ended. Must not throw. */
  readonly announce?: (happening: Happening | 'run ended', run: PipelineRun, step?: StepState) => Promise<void>;
}

/**
 * Runs collector, preprocess, train and the reload of the model service in order, with retries by cause. A run that died
 * is gone on with while its deadline has not passed. A refused model is a success: what served is kept.
 * @param print gets a line for each thing that happens
 */
export function pipeline(
  given: JobProcess,
  groundOn: (given: JobProcess, store: DataStore) => Ground | Promise<Ground>,
  print: (line: string) => void,
): Promise<RunReport> {
  const ticking = { ...given, clock: tickingClock(given.clock, given.settings) };
  return withStore(given.settings, async (store) => runOn(store, ticking, await groundOn(ticking, store), print));
}

function runOn(store: DataStore, given: JobProcess, ground: Ground, print: (line: string) => void): Promise<RunReport> {
  const { settings, clock } = given;
  const options: JobOptions = {
    job: 'pipeline',
    store,
    owns: [],
    // The run has a deadline of its own, which outlives deaths; this is for what hangs beyond it.
    limit_ms: Math.min(2 ** 31 - 1, settings.POKEWATCH_PIPELINE_LIMIT_MS + 600_000),
    ...given,
    takesOver: ({ pipeline: left }) =>
      left !== undefined && left.runner === ground.runner && Date.parse(left.deadline_at) > clock.now().getTime(),
    ...(ground.lock === undefined ? {} : { lock: ground.lock }),
  };
  return runJob(options, (context) => work(context, settings, ground, print));
}

async function work(
  context: JobContext,
  settings: Settings,
  ground: Ground,
  print: (line: string) => void,
): Promise<JobOutcome> {
  const { clock, signal } = context;
  const left = context.left?.pipeline;
  const from = left === undefined ? await begin(context, settings, ground) : { ...left, owner: ground.owner };
  print(`${context.resumed ? 'going on with' : 'run'} ${from.run_id}`);
  const parts = {
    clock,
    runner: stepRunner(context, settings, ground),
    wait: pause,
    random: Math.random,
    save: (run: PipelineRun) => context.save({ pipeline: run }),
    async tell(happening: Happening, step: StepState, run: PipelineRun) {
      if (happening !== 'began') print(stepLine(step));
      await ground.announce?.(happening, run, step);
    },
  };
  const run = await drive(from, parts, signal);
  for (const line of servingLines(run)) print(`${'reload'.padEnd(10)} ${line}`);
  await ground.announce?.('run ended', run);
  return outcomeOf(run);
}

async function begin(context: JobContext, settings: Settings, ground: Ground): Promise<PipelineRun> {
  const { runner, owner } = ground;
  const now_ms = context.clock.now().getTime();
  const limit_ms = settings.POKEWATCH_PIPELINE_LIMIT_MS;
  const champion = await championIn(context.store);
  const run = newRun({ run_id: context.run_id, runner, owner, now_ms, limit_ms, champion });
  await context.save({ pipeline: run });
  return run;
}

/** Runs jobs on their ground, and the reload from here. */
function stepRunner({ clock, store }: JobContext, settings: Settings, { jobs, ...ground }: Ground): StepRunner {
  const reload = {
    replicas: ground.replicas,
    champion: () => championIn(store),
    key: settings.POKEWATCH_RELOAD_KEY || settings.API_KEYS[0],
    mayBeAbsent: ground.replicasMayBeAbsent,
  };
  return {
    nameOf: (run_id, step, attempt) => (step === 'reload' ? null : jobs.nameOf(run_id, step, attempt)),
    async run(ref, stop) {
      if (ref.step !== 'reload') return jobs.run(ref, stop);
      const left_ms = Math.max(1, ref.deadline_ms - clock.now().getTime());
      try {
        const limit_ms = Math.min(settings.POKEWATCH_RELOAD_LIMIT_MS, left_ms);
        return await reloadReplicas({ ...reload, limit_ms }, stop);
      } catch (error) {
        // The store or the API server may be back for another try.
        if (stop.aborted || !isPokewatchError(error) || error.family !== 'retry') throw error;
        return failedBy(error);
      }
    },
  };
}

async function championIn(store: DataStore): Promise<string | null> {
  return (await fetchChampion(store))?.model_version ?? null;
}

function outcomeOf(run: PipelineRun): JobOutcome {
  const failed = unfinishedStep(run);
  const summary = runWords(run);
  if (failed !== undefined) throw failureOf(failed, summary);
  const attempts = run.steps.reduce((sum, step) => sum + step.attempts.length, 0);
  const current = run.serving.filter(({ state }) => state === 'current').length;
  return {
    status: 'ok',
    summary,
    counts: { attempts, replicas: run.serving.length, replicas_current: current, kept: wasKept(run) ? 1 : 0 },
  };
}

function failureOf({ state, attempts }: StepState, summary: string): PokewatchError {
  const last = attempts.at(-1);
  if (state !== 'failed')
    return new PokewatchError('job_timed_out', summary, { hint: 'POKEWATCH_PIPELINE_LIMIT_MS sets the limit.' });
  const code = ERROR_CODES.find((known) => known === last?.code) ?? 'step_failed';
  // Code 4 says that another pipeline is running; here a single job was held up.
  return new PokewatchError(code === 'job_locked' ? 'step_lost' : (code satisfies ErrorCode), summary);
}

/** A clock that the settings hold fast would never come to the end of a wait: it ticks on from where it stands. */
function tickingClock(clock: Clock, settings: Settings): Clock {
  if (settings.POKEWATCH_NOW === '') return clock;
  const start_ms = clock.now().getTime() - performance.now();
  return { now: () => new Date(start_ms + performance.now()) };
}
