import type { PipelineStep, RunReport, StepReport } from '@pokewatch/contracts';
import { type DataStore, fetchLastReport } from '@pokewatch/store';
import type { AttemptRef } from './drive.ts';

/** Finds what is known of an attempt whose own word was lost. */
export type Evidence = (ref: AttemptRef) => Promise<StepReport | undefined>;

/**
 * Looks into the store for the report of the job that an attempt was: of the same run of the pipeline, and ended since
 * the attempt began.
 */
export function storedEvidence(store: DataStore): Evidence {
  return async ({ run_id, step, began_at }) => {
    const job = jobOf(step);
    const report = job === undefined ? undefined : await fetchLastReport(store, job);
    if (report === undefined || report.pipeline_run !== run_id || report.status === 'running') return undefined;
    if (report.ended_at === null || report.ended_at < began_at) return undefined;
    return { ...report, status: report.status, exit_code: report.exit_code ?? 1 };
  };
}

function jobOf(step: PipelineStep): RunReport['job'] | undefined {
  return step === 'reload' ? undefined : step;
}
