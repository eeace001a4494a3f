import type { Kpis, RunReport } from '@pokewatch/contracts';
import { dayOf, dayOption, PokewatchError } from '@pokewatch/core';
import { type JobProcess, runJob } from '@pokewatch/job';
import { fetchCurrentFeatures, fetchPanel, publishFile, saveKpis, withStore } from '@pokewatch/store';
import { computeKpis } from '@pokewatch/track-record';
import { kpiPage } from './page.ts';

/** What to judge, as a person says it. */
export interface KpiRequest {
  /** First and last day of the prices that calls were made on, `YYYY-MM-DD`. */
  readonly from?: string;
  readonly to?: string;
  /** Where to write the report, an HTML page. */
  readonly report?: string;
}

/** The run report and, when it ended well, the KPIs. */
export interface KpiRun {
  readonly report: RunReport;
  readonly kpis: Kpis | undefined;
}

/**
 * Judges the calls that were published by the prices as they are known today. Without `from` and `to` the result is what the
 * services tell from then on; with them it is told to the caller only.
 */
export async function kpis(given: JobProcess, request: KpiRequest): Promise<KpiRun> {
  checkSpan(request);
  let found: Kpis | undefined;
  const report = await withStore(given.settings, (store) =>
    runJob(
      { job: 'kpis', store, owns: [], limit_ms: given.settings.POKEWATCH_JOB_LIMIT_MS, ...given },
      async (context) => {
        const features = await fetchCurrentFeatures(store);
        if (features === undefined)
          throw new PokewatchError('nothing_to_do', 'there are no prices to judge calls by', {
            hint: 'Run `pokewatch preprocess` first.',
          });
        const panel = await fetchPanel(store, features);
        const { from, to } = request;
        const span = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
        const now = context.clock.now();
        const made = await computeKpis(store, panel, features, { span, computed_at: now.toISOString() });
        found = made;
        context.checkpoint();
        const whole = from === undefined && to === undefined;
        if (whole) await saveKpis(store, dayOf(now), made);
        if (request.report !== undefined) publishFile(request.report, kpiPage(made));
        return {
          status: 'ok',
          summary: summaryOf(made),
          counts: { calls: made.calls.counted, ...made.states },
          notes: request.report === undefined ? [] : [`report: ${request.report}`],
        };
      },
    ),
  );
  return { report, kpis: report.error === null ? found : undefined };
}

function summaryOf({ calls, states, publications, simulated, data_to }: Kpis): string {
  if (calls.counted === 0) return 'no call was published yet that can be judged: each train publishes some';
  const what = simulated ? 'SIMULATED calls' : 'calls';
  return `${states.judged} ${what} judged, ${states.open} open, ${states.no_price} without a price, of ${publications} publications (prices to ${data_to})`;
}

function checkSpan({ from, to }: KpiRequest): void {
  if (from !== undefined) dayOption('--from', from);
  if (to !== undefined) dayOption('--to', to);
  if (from !== undefined && to !== undefined && from > to)
    throw new PokewatchError('bad_usage', `--from ${from} is after --to ${to}`);
}
