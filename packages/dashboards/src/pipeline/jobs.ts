import type { Row } from '../parts/dashboard.ts';
import { lines, states, table } from '../parts/kinds.ts';
import { at } from '../parts/query.ts';

/** Each replica of the model service tells the same of the store, so one of them is enough. */
const byJob = (metric: string) => `max by (pipeline_job) (${metric}${at()})`;

/** What the jobs did last, as their reports in the store say. */
export const JOBS_ROW: Row = {
  title: 'Jobs',
  panels: [
    table({
      title: 'Last runs',
      text: 'What each job did last. Good: outcome ok, a last success of today. refused is of train: the gate kept the old model, nothing is broken. failed: kubectl logs of the job, or npm run pokewatch -- status.',
      unit: 'short',
      width: 14,
      height: 9,
      queries: [
        { expr: `max by (pipeline_job, outcome) (pokewatch_job_last_outcome${at()} == 1)` },
        { expr: `time() - ${byJob('pokewatch_job_last_run_timestamp_seconds')}` },
        { expr: `time() - ${byJob('pokewatch_job_last_success_timestamp_seconds')}` },
        { expr: byJob('pokewatch_job_last_duration_seconds') },
      ],
      columns: [
        { field: 'pipeline_job', title: 'Job' },
        { field: 'outcome', title: 'Outcome' },
        { field: 'Value #B', title: 'Last run', unit: 's' },
        { field: 'Value #C', title: 'Last success', unit: 's' },
        { field: 'Value #D', title: 'Took', unit: 's' },
      ],
      runbooks: ['PokewatchJobFailed', 'PokewatchPipelineLate'],
    }),
    states({
      title: 'Outcomes over time',
      text: 'Which outcome each job’s last run had. Good: ok only. A failed band that ends by itself was tried again; one that stays waits for you.',
      unit: 'short',
      width: 10,
      height: 9,
      queries: [
        {
          expr: `max by (pipeline_job, outcome) (pokewatch_job_last_outcome${at()} == 1)`,
          legend: '{{pipeline_job}} {{outcome}}',
        },
      ],
      thresholds: [{ value: null, color: 'blue' }],
      runbooks: ['PokewatchJobFailed'],
    }),
    lines({
      title: 'Time since the last success',
      text: 'Saw teeth: each drop is a run that ended well. Good: teeth of a day for collector, preprocess, train and pipeline; jobs that are run by hand just grow.',
      unit: 's',
      min: 0,
      queries: [
        { expr: `time() - ${byJob('pokewatch_job_last_success_timestamp_seconds')}`, legend: '{{pipeline_job}}' },
      ],
      thresholds: [
        { value: null, color: 'transparent' },
        { value: 26 * 3600, color: 'red' },
      ],
      runbooks: ['PokewatchPipelineLate'],
    }),
    lines({
      title: 'How long runs take',
      text: 'Duration of the last run of each job. Good: level. docs/performance.md says what is usual for how many cards; a collector that takes long waits for its source’s quota.',
      unit: 's',
      min: 0,
      steps: true,
      queries: [{ expr: byJob('pokewatch_job_last_duration_seconds'), legend: '{{pipeline_job}}' }],
    }),
    lines({
      title: 'Rows by job',
      text: 'What the last run of each job counted. Good: as many as yesterday. A collector that reads half as much: cards or a source are missing; a preprocess that rejects more: its report says why.',
      unit: 'short',
      min: 0,
      steps: true,
      queries: [
        { expr: `max by (pipeline_job, kind) (pokewatch_job_rows${at()})`, legend: '{{pipeline_job}} {{kind}}' },
      ],
      runbooks: ['PokewatchSourceStale'],
    }),
  ],
};
