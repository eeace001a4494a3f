import { existsSync, writeFileSync } from 'node:fs';
import type { RunReport, StepReport } from '@pokewatch/contracts';
import { exitCodeOf } from '@pokewatch/core';
import { failureOf } from './run.ts';

/** Where Kubernetes reads why a container ended. */
const STANDARD_PATH = '/dev/termination-log';
/** Kubernetes keeps this much of it. */
const MOST_BYTES = 4096;
const MOST_CHARACTERS = 1000;

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Leaves a short account of how a job ended for whoever started it: in POKEWATCH_TERMINATION_LOG, or where Kubernetes
 * looks for it. Without either there is nobody to tell. Never throws: the exit code says the main thing.
 */
export function leaveOutcome(env: Env, job: string, ended: RunReport | { thrown: unknown }): void {
  const given = env.POKEWATCH_TERMINATION_LOG ?? '';
  const path = given !== '' ? given : existsSync(STANDARD_PATH) ? STANDARD_PATH : undefined;
  if (path === undefined) return;
  try {
    writeFileSync(path, outcomeText('thrown' in ended ? thrownReport(job, ended.thrown) : stepReport(ended)));
  } catch {
    // Whoever asked for it will miss it and go by the exit code.
  }
}

function stepReport(report: RunReport): StepReport {
  const { job, run_id, status, exit_code, summary, counts, error } = report;
  return {
    job,
    run_id,
    status: status === 'running' ? 'failed' : status,
    exit_code: exit_code ?? 1,
    summary,
    counts,
    error,
  };
}

function thrownReport(job: string, thrown: unknown): StepReport {
  const error = failureOf(thrown);
  return {
    job,
    run_id: null,
    status: 'failed',
    exit_code: exitCodeOf(thrown),
    summary: error.detail,
    counts: {},
    error,
  };
}

/** The report as JSON of at most 4096 bytes: long texts are cut, then the counts go. */
export function outcomeText(report: StepReport): string {
  const failed = report.error !== null;
  for (const most of [MOST_CHARACTERS, 200, 40]) {
    const error = report.error === null ? null : { ...report.error, detail: cut(report.error.detail, most) };
    // What failed says the same twice; the error has it.
    const short = { ...report, summary: failed ? '' : cut(report.summary, most), error };
    const text = JSON.stringify(most === MOST_CHARACTERS ? short : { ...short, counts: {} });
    if (Buffer.byteLength(text) <= MOST_BYTES) return text;
  }
  const { job, exit_code, status } = report;
  return JSON.stringify({ job: cut(job, 40), run_id: null, status, exit_code, summary: '', counts: {}, error: null });
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
