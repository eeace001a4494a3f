import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PipelineStep, type StepReport, StepReportSchema } from '@pokewatch/contracts';
import { PokewatchError } from '@pokewatch/core';
import { type AttemptEnd, endOf } from './domain/causes.ts';
import type { AttemptRef, StepRunner } from './drive.ts';
import type { Evidence } from './evidence.ts';

/** A job as a process of its own. */
export interface StepProcess {
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  stop(): void;
  kill(): void;
}

/** Starts the job of a step with these settings beside our own. */
export type StartStep = (step: PipelineStep, env: Readonly<Record<string, string>>) => StepProcess;

/** How long a job may take to stop; it is safe to end one at any byte. */
const STOP_MS = 3500;

/** Runs the steps that are jobs as processes of this machine, which end with us. */
export function processSteps(start: StartStep, evidence: Evidence, clock: { now(): Date }): StepRunner {
  return {
    nameOf: () => null,
    async run(ref, stop) {
      if (!ref.fresh) return afterDeath(ref, evidence);
      const folder = mkdtempSync(join(tmpdir(), 'pokewatch-step-'));
      try {
        const file = join(folder, 'outcome.json');
        const env = {
          POKEWATCH_TERMINATION_LOG: file,
          POKEWATCH_PIPELINE_RUN: ref.run_id,
          POKEWATCH_TRAIN_RELOAD: 'false',
        };
        const child = start(ref.step, env);
        const timer = AbortSignal.timeout(Math.max(1, Math.min(2 ** 31 - 1, ref.deadline_ms - clock.now().getTime())));
        const first = await Promise.race([child.ended, fired(AbortSignal.any([stop, timer]))]);
        const { code, signal } = first ?? (await endProcess(child));
        if (stop.aborted) throw stopped(ref.step);
        const report = readOutcome(file);
        const because =
          first === undefined ? { cause: 'timed_out' as const, detail: 'the time of the whole run was up' } : undefined;
        return endOf(ref.step, {
          exit_code: signal === null ? code : 128 + constants.signals[signal],
          report,
          because,
        });
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** The process ended with the earlier life of this run; only the store can tell how far it came. */
async function afterDeath(ref: AttemptRef, evidence: Evidence): Promise<AttemptEnd> {
  const report = await evidence(ref);
  if (report !== undefined && report.status !== 'stopped')
    return endOf(ref.step, { exit_code: report.exit_code, report });
  const because = { cause: 'lost' as const, detail: 'it ended together with the pipeline that had begun it' };
  return endOf(ref.step, { exit_code: null, report: null, because });
}

/** The error of a run that was told to stop while a step was under way. */
export function stopped(step: PipelineStep): PokewatchError {
  return new PokewatchError('job_stopped', `the pipeline was stopped during ${step}`, {
    hint: 'Run it again, it goes on where it stopped.',
  });
}

function fired(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

async function endProcess(child: StepProcess): Promise<Awaited<StepProcess['ended']>> {
  child.stop();
  const timer = setTimeout(() => child.kill(), STOP_MS);
  try {
    return await child.ended;
  } finally {
    clearTimeout(timer);
  }
}

function readOutcome(file: string): StepReport | null {
  try {
    return StepReportSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // It died before it could say anything.
    return null;
  }
}
