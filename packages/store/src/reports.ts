import { type JobName, type RunReport, RunReportSchema } from '@pokewatch/contracts';
import { jsonText, listFinished, publishFile, readJson } from './files.ts';
import { layout } from './layout.ts';

/** Writes a run report in place of the run's earlier one. */
export function saveReport(root: string, report: RunReport): void {
  publishFile(layout.run(root, report.run_id), jsonText(report));
}

const RUN_FILE = /^(?<id>(?<job>[a-z]+)-(?<day>\d{4}-\d\d-\d\d)-(?<number>\d{3,}))\.json$/;

/** Ids of a job's runs (or of all jobs), oldest first: `<job>-<day>-<number>`. Files with other names are passed over. */
export function listRuns(root: string, job?: JobName): string[] {
  return runIds(listFinished(layout.runs(root)), job);
}

/** The same, from names of files. */
export function runIds(names: readonly string[], job?: JobName): string[] {
  return names
    .map((name) => RUN_FILE.exec(name)?.groups)
    .filter((run) => run !== undefined && (job === undefined || run.job === job))
    .map((run) => ({ id: run!.id!, day: run!.day!, number: Number(run!.number) }))
    .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : a.number - b.number || (a.id < b.id ? -1 : 1)))
    .map((run) => run.id);
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
