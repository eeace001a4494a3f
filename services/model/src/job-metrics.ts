import {
  FLAGS,
  type Flag,
  type JobName,
  JobNameSchema,
  type JobStanding,
  RUN_COUNTS,
  RUN_ENDS,
} from '@pokewatch/contracts';
import type { HttpMetrics } from '@pokewatch/http';

const FLAG_NAMES = Object.keys(FLAGS) as Flag[];
const JOB = { pipeline_job: JobNameSchema.options } as const;
const SOURCE = { source: 'of prices' } as const;

/** Gauges of how jobs stand, which end before anybody could ask them. A job that never ran has no series. */
export function createJobMetrics(metrics: HttpMetrics, jobs: () => readonly JobStanding[]): void {
  const of = (job: JobName) => jobs().find((standing) => standing.job === job);
  addRuns(metrics, jobs);
  addSources(metrics, jobs);
  addFeatures(metrics, () => of('preprocess')?.done ?? undefined);
}

function addRuns(metrics: HttpMetrics, jobs: () => readonly JobStanding[]): void {
  const ofEach = (name: `pokewatch_job_${string}`, help: string, value: (job: JobStanding) => number | undefined) =>
    metrics.gauge({ name, help, labels: JOB }, (tell) => {
      for (const job of jobs()) {
        const found = value(job);
        if (found !== undefined) tell(found, { pipeline_job: job.job });
      }
    });
  ofEach('pokewatch_job_last_run_timestamp_seconds', 'When the last run of a job ended.', ({ last }) =>
    seconds(last.ended_at),
  );
  ofEach(
    'pokewatch_job_last_success_timestamp_seconds',
    'When the last run of a job ended that did its work, whatever it said: a model that was refused is such a run too.',
    ({ done }) => (done === null ? undefined : seconds(done.ended_at)),
  );
  ofEach('pokewatch_job_last_duration_seconds', 'Time that the last run of a job took.', ({ last }) =>
    last.duration_ms === null ? undefined : last.duration_ms / 1000,
  );
  metrics.gauge(
    {
      name: 'pokewatch_job_last_outcome',
      help: 'How the last run of a job ended: 1 for that outcome, the others are absent.',
      labels: { ...JOB, outcome: RUN_ENDS },
    },
    (tell) => {
      for (const { job, last } of jobs()) tell(1, { pipeline_job: job, outcome: last.status });
    },
  );
  metrics.gauge(
    {
      name: 'pokewatch_job_rows',
      help: 'What the last run of a job that did its work counted: rows, cards and so on.',
      labels: { ...JOB, kind: RUN_COUNTS },
    },
    (tell) => {
      for (const { job, done } of jobs())
        for (const kind of RUN_COUNTS) {
          const count = done?.counts[kind];
          if (count !== undefined) tell(count, { pipeline_job: job, kind });
        }
    },
  );
}

/** The newest moment of each source: one may be collected and imported. */
function newest(
  jobs: readonly JobStanding[],
  value: (source: JobStanding['sources'][string]) => string | null,
): Map<string, string> {
  const found = new Map<string, string>();
  for (const { sources } of jobs)
    for (const [source, standing] of Object.entries(sources)) {
      const [at, known] = [value(standing), found.get(source)];
      if (at !== null && (known === undefined || at > known)) found.set(source, at);
    }
  return found;
}

function addSources(metrics: HttpMetrics, jobs: () => readonly JobStanding[]): void {
  const ofEach = (
    name: `pokewatch_source_${string}`,
    help: string,
    value: (source: JobStanding['sources'][string]) => string | null,
  ) =>
    metrics.gauge({ name, help, labels: SOURCE }, (tell) => {
      for (const [source, at] of newest(jobs(), value)) tell(seconds(at), { source });
    });
  ofEach(
    'pokewatch_source_newest_price_timestamp_seconds',
    'Start of the newest day (UTC) that a source, or a file of imported prices, has a price of.',
    ({ newest_price }) => newest_price,
  );
  ofEach(
    'pokewatch_source_last_success_timestamp_seconds',
    'When prices of a source were last collected or imported.',
    ({ last_success_at }) => last_success_at,
  );
}

function addFeatures(metrics: HttpMetrics, done: () => NonNullable<JobStanding['done']> | undefined): void {
  metrics.gauge({ name: 'pokewatch_feature_rows', help: 'Rows of the features.' }, (tell) => {
    const rows = done()?.counts.rows;
    if (rows !== undefined) tell(rows);
  });
  metrics.gauge(
    {
      name: 'pokewatch_flagged_rows',
      help: 'Raw rows of the features by what was found of them; terms.md says what each flag means.',
      labels: { flag: FLAG_NAMES },
    },
    (tell) => {
      const flags = done()?.flags;
      if (flags !== undefined) for (const flag of FLAG_NAMES) tell(flags[flag] ?? 0, { flag });
    },
  );
  metrics.gauge(
    {
      name: 'pokewatch_suspect_rows',
      help: 'Rows of the features with a price that is doubted: it is answered for, but nothing is learned from it.',
    },
    (tell) => {
      const flags = done()?.flags;
      if (flags === undefined) return;
      const suspect = FLAG_NAMES.filter((flag) => FLAGS[flag].suspect);
      tell(suspect.reduce((sum, flag) => sum + (flags[flag] ?? 0), 0));
    },
  );
}

function seconds(moment: string): number {
  return Date.parse(moment) / 1000;
}
