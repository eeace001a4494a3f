import type { PipelineRun, Replica, RunReport } from '@pokewatch/contracts';
import { describeError, isPokewatchError } from '@pokewatch/core';
import { nextTime, replicaStates, runWords, stepWords } from '@pokewatch/job-pipeline';
import { type DataStore, fetchChampion, fetchReport, fetchRunIds, withStore } from '@pokewatch/store';
import type { Context } from '../context.ts';
import { tableLines } from '../screen/table.ts';
import { replicasOf } from './ground.ts';
import { settingsFor } from './run.ts';
import { fetchSchedule } from './schedule-file.ts';

/** What `pipeline status` says. */
export interface PipelineStatus {
  /** The newest first. */
  readonly runs: readonly RunReport[];
  readonly next: { readonly at: string | null; readonly expression: string; readonly by: string } | null;
  readonly champion: string | null;
  readonly serving: readonly Replica[];
  readonly faults: readonly string[];
}

const RUNS = 5;
const SEEN_MS = 11 * 60_000;

/** Reads the last runs from the store, and asks who schedules the next and what the replicas serve. */
export async function readPipelineStatus(context: Context, kubernetes: boolean): Promise<PipelineStatus> {
  const settings = settingsFor(context, kubernetes);
  const cluster =
    settings.POKEWATCH_PIPELINE === 'kubernetes' ? await import('@pokewatch/job-pipeline/kubernetes') : undefined;
  const faults: string[] = [];
  const tried = async <T>(ask: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      if (!isPokewatchError(error)) throw error;
      faults.push(describeError(error));
      return otherwise;
    }
  };
  return withStore(settings, async (store) => {
    const champion = await tried(async () => (await fetchChampion(store))?.model_version ?? null, null);
    const addresses =
      cluster === undefined
        ? replicasOf(settings)
        : await tried(() => cluster.modelReplicas(cluster.clusterOf(settings), context.stop), []);
    return {
      runs: await tried(() => lastRuns(store), []),
      next: await tried(
        async () =>
          cluster === undefined ? localSchedule(context, store) : clusterSchedule(cluster, context, kubernetes),
        null,
      ),
      champion,
      serving: await replicaStates(addresses, champion, context.stop),
      faults,
    };
  });
}

async function lastRuns(store: DataStore): Promise<RunReport[]> {
  const ids = (await fetchRunIds(store, 'pipeline')).slice(-RUNS).reverse();
  const reports = await Promise.all(ids.map((id) => fetchReport(store, id)));
  return reports.filter((report) => report !== undefined);
}

async function localSchedule(context: Context, store: DataStore): Promise<PipelineStatus['next']> {
  const schedule = await fetchSchedule(store);
  if (schedule === undefined || schedule.next_at === null) return null;
  const alive = context.clock().now().getTime() - Date.parse(schedule.seen_at) < SEEN_MS;
  return alive ? { at: schedule.next_at, expression: schedule.expression, by: 'pokewatch pipeline --schedule' } : null;
}

async function clusterSchedule(
  cluster: typeof import('@pokewatch/job-pipeline/kubernetes'),
  context: Context,
  kubernetes: boolean,
): Promise<PipelineStatus['next']> {
  const schedule = await cluster.scheduleIn(cluster.clusterOf(settingsFor(context, kubernetes)), context.stop);
  if (schedule === undefined) return null;
  const { expression, time_zone, suspended } = schedule;
  const at = suspended ? null : (nextTime(expression, time_zone)?.toISOString() ?? null);
  return { at, expression, by: `CronJob pipeline${suspended ? ', suspended' : ''}` };
}

/** The status as lines for a person. */
export function pipelineStatusLines({ runs, next, champion, serving, faults }: PipelineStatus): string[] {
  const [last, ...earlier] = runs;
  const lines = last === undefined ? ['No run yet; `pokewatch pipeline` makes one.'] : runLines(last);
  if (earlier.length > 0) {
    const rows = earlier.map((report) => [
      report.run_id,
      report.status,
      minute(report.started_at),
      took(report),
      wordsOf(report),
    ]);
    lines.push('', 'Earlier runs', ...indented(rows));
  }
  lines.push(
    '',
    next === null
      ? 'Next run: not scheduled'
      : `Next run: ${next.at === null ? 'none' : minute(next.at)} (${next.expression}, ${next.by})`,
  );
  lines.push('', `Champion: ${champion ?? 'none yet'}`);
  if (serving.length > 0)
    lines.push(
      ...indented(serving.map(({ name, state, model_version, detail }) => [name, state, model_version ?? '–', detail])),
    );
  return [...lines, ...faults.map((fault) => `fault: ${fault}`)];
}

function runLines(report: RunReport): string[] {
  const { pipeline } = report;
  const where = pipeline?.owner ? `, Job ${pipeline.owner}` : '';
  const head = `${report.run_id}: ${report.status}, began ${minute(report.started_at)}, ${took(report)}${where}`;
  const steps = pipeline?.steps.map((step) => [step.step, stepWords(step)]) ?? [];
  return [head, `  ${wordsOf(report)}`, ...indented(steps)];
}

function wordsOf(report: RunReport): string {
  if (report.summary !== '') return report.summary.split('\n')[0] ?? '';
  return report.pipeline === undefined ? '' : describe(report.pipeline);
}

function describe(run: PipelineRun): string {
  const now = run.steps.find(({ state }) => state === 'running' || state === 'waiting');
  return now === undefined ? runWords(run) : `${now.step} is ${now.state}`;
}

function took({ duration_ms, status }: RunReport): string {
  if (status === 'running') return 'under way';
  return duration_ms === null ? '' : `took ${(duration_ms / 1000).toFixed(1)} s`;
}

function minute(iso: string): string {
  return `${iso.slice(0, 16)}Z`;
}

function indented(rows: readonly (readonly string[])[]): string[] {
  const titles = (rows[0] ?? []).map(() => ({ title: '' }));
  return tableLines(titles, rows)
    .slice(1)
    .map((line) => `  ${line}`);
}
