import type { JobStanding, RunReport } from '@pokewatch/contracts';
import { describeError, type Logger } from '@pokewatch/core';
import { type DataStore, fetchReport, fetchRunIds, updateStanding } from '@pokewatch/store';

/** Reports that are looked through for a run that did its work, where the standing that would know is not there. */
const MOST_LOOKED_AT = 30;
/** Sources that are told of a job: those that gave prices last. */
const MOST_SOURCES = 20;

/**
 * Writes down how a job stands after a run of it. What goes wrong is only logged: the report has all of it, and the next
 * run makes up for it.
 */
export async function noteStanding(store: DataStore, report: RunReport, logger: Logger): Promise<void> {
  try {
    await updateStanding(store, report.job, async (before) =>
      standingAfter(before ?? (await fromReports(store, report)), report),
    );
  } catch (error) {
    logger.warn({ reason: store.say(describeError(error)) }, 'how the job stands could not be written down');
  }
}

/** How a job stands after a run of it has ended. In which order runs are told makes no difference. */
export function standingAfter(before: JobStanding | undefined, report: RunReport): JobStanding {
  const { job, run_id, duration_ms, counts, flags, source } = report;
  const ended_at = report.ended_at ?? report.started_at;
  const status = report.status === 'running' ? 'failed' : report.status;
  const done = status === 'ok' || status === 'refused';
  const sources = { ...before?.sources };
  if (done && source !== undefined) {
    const known = sources[source.name];
    sources[source.name] = {
      last_success_at: later(known?.last_success_at, ended_at),
      newest_price: laterOrNone(known?.newest_price ?? null, source.newest_price),
    };
  }
  return {
    job,
    last: newer(before?.last, { run_id, status, ended_at, duration_ms }),
    done: done ? newer(before?.done ?? undefined, { run_id, ended_at, counts, flags }) : (before?.done ?? null),
    sources: newestSources(sources),
  };
}

/** Imports may name their sources as they like; each is a label of metrics. */
function newestSources(sources: JobStanding['sources']): JobStanding['sources'] {
  const entries = Object.entries(sources).sort(([, a], [, b]) => (a.last_success_at < b.last_success_at ? 1 : -1));
  return Object.fromEntries(entries.slice(0, MOST_SOURCES));
}

function newer<T extends { readonly ended_at: string }>(known: T | undefined, now: T): T {
  return known !== undefined && known.ended_at > now.ended_at ? known : now;
}

function later(known: string | undefined, now: string): string {
  return known !== undefined && known > now ? known : now;
}

function laterOrNone(known: string | null, now: string | null): string | null {
  return known === null || now === null ? (now ?? known) : later(known, now);
}

/** How the job stood before this run, from the reports of its last runs; undefined where there are none. */
async function fromReports(store: DataStore, { job, run_id }: RunReport): Promise<JobStanding | undefined> {
  const ids = (await fetchRunIds(store, job)).filter((id) => id !== run_id);
  let standing: JobStanding | undefined;
  for (const id of ids.slice(-MOST_LOOKED_AT).reverse()) {
    const report = await fetchReport(store, id).catch(() => undefined);
    if (report !== undefined && report.ended_at !== null) standing = standingAfter(standing, report);
    if (standing?.done) break;
  }
  return standing;
}
