import { type JobName, type RunReport, RunReportSchema } from '@pokewatch/contracts';
import { jsonText, listFinished, publishFile, readJson } from './files.ts';
import { layout } from './layout.ts';

/** Writes a run report in place of the run's earlier one. */
export function saveReport(root: string, report: RunReport): void {
  publishFile(layout.run(root, report.run_id), jsonText(report));
}

/** Ids of a job's runs (or of all jobs), oldest first: `<job>-<day>-<number>`. */
export function listRuns(root: string, job?: JobName): string[] {
  const ids = listFinished(layout.runs(root))
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length));
  const key = (id: string) => id.slice(id.indexOf('-') + 1);
  return ids
    .filter((id) => job === undefined || id.startsWith(`${job}-`))
    .sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a < b ? -1 : 1));
}

/** A run's report, or undefined. @throws bad_data_file when it is damaged. */
export function readReport(root: string, runId: string): RunReport | undefined {
  return readJson(layout.run(root, runId), RunReportSchema);
}

/** The newest report of a job, or undefined. */
export function lastReport(root: string, job: JobName): RunReport | undefined {
  const id = listRuns(root, job).at(-1);
  return id === undefined ? undefined : readReport(root, id);
}
