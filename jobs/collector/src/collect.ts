import { join } from 'node:path';
import type { RunReport } from '@pokewatch/contracts';
import { dayOf, PokewatchError, pause } from '@pokewatch/core';
import { type JobContext, type JobOutcome, type JobProcess, runJob } from '@pokewatch/job';
import { BlockedError, createSource, type PriceSource, type SourcePart, type SourceTools } from '@pokewatch/sources';
import { type DataStore, fetchRawList, isRawPublished, layout, withStore } from '@pokewatch/store';
import { readWatchlist, type Watchlist } from '@pokewatch/watchlist';
import { sourceToCollect } from './choose.ts';
import { type FetchOutcome, fetchParts } from './fetch-parts.ts';
import { storedDays } from './have.ts';
import { collected, diedAfterwards, failWhenMostFailed, nothingToDo } from './outcome.ts';
import { publishStaged } from './publish.ts';
import { type Plan, type Staging, stagingFolder, stagingOf } from './staged.ts';
import { readState, type SourceState, saveState, statesFolder } from './state.ts';

export interface CollectOptions {
  /** Name of the source; empty or absent: see `sourceToCollect`. */
  readonly source?: string;
  /** Collect again although today's collection is complete. */
  readonly force?: boolean;
  /** Replaces the source's randomness and waiting, for tests. */
  readonly tools?: Partial<Pick<SourceTools, 'random' | 'wait'>>;
}

/**
 * Collects the watch-list's prices of today from one source into raw: each part is staged as soon as it is whole, then
 * all of them are published as one file. A run that was interrupted anywhere goes on where it stopped.
 * @throws bad_usage, bad_cards_file, nothing_to_do, job_locked before the run begins; later faults are in the report.
 */
export function collect(given: JobProcess, options: CollectOptions = {}): Promise<RunReport> {
  return withStore(given.settings, (store) => collectInto(store, given, options));
}

async function collectInto(store: DataStore, given: JobProcess, options: CollectOptions): Promise<RunReport> {
  const { root } = store;
  const name = await sourceToCollect(store, options.source || given.settings.POKEWATCH_SOURCE);
  const source = createSource(name, { ...given, random: Math.random, wait: pause, ...options.tools });
  const watchlist = readWatchlist(given.settings.POKEWATCH_CARDS);
  const owned = [layout.rawPrices(root), layout.rawCards(root)].map((folder) => join(folder, `source=${name}`));
  const job = {
    ...given,
    job: 'collector' as const,
    store,
    limit_ms: given.settings.POKEWATCH_JOB_LIMIT_MS,
    owns: [...owned, stagingFolder(root, name), statesFolder(root)],
  };
  return await runJob(job, async (context) =>
    work(context, source, watchlist, await stagingOf(store, name), options.force ?? false),
  );
}

async function work(
  context: JobContext,
  source: PriceSource,
  watchlist: Watchlist,
  staging: Staging,
  force: boolean,
): Promise<JobOutcome> {
  const { store } = context;
  const today = dayOf(context.clock.now());
  const before = await readState(store, source.name);
  await checkVariant(store, source, before);
  const earlier = await finishEarlierDay(store, source, staging, today);
  const open = staging.plan();
  const plan = open ?? { collected: today, run_id: context.run_id, variant: source.variant, forced: force };
  const todays = before !== undefined && (await isOf(store, source, before, today)) ? before : undefined;
  if (todays !== undefined && todays.run_id === plan.run_id) {
    await staging.clear();
    return diedAfterwards(source, todays, earlier);
  }
  if (open === undefined && todays !== undefined && !force && isComplete(todays, watchlist)) {
    return nothingToDo(source, todays, earlier);
  }
  refuseWhileBlocked(source, before, context, force);

  const parts = await partsToFetch(store, source, watchlist, plan, plan.forced ? undefined : todays);
  const fetched = await fetchOrKeep(parts, source, plan, staging, context);
  const published = await publishStaged(store, source.name, plan, staging);
  await saveState(store, source.name, {
    variant: plan.variant,
    collected: plan.collected,
    run_id: plan.run_id,
    parts: parts.length,
    ...published,
    notes: [...published.notes],
    watched: watchlist.cards.map((card) => card.id),
    failed: [...fetched.failed.map(({ part }) => part.name), ...fetched.untried.map((part) => part.name)],
    blocked: fetched.fatal instanceof BlockedError ? fetched.fatal.block : null,
  });
  await staging.clear();
  failWhenMostFailed(source, parts, fetched, published);
  return collected(source, parts, fetched, published, earlier);
}

/** Fetches what is missing and opens the plan; a run that died after its publication fetches nothing more. */
async function fetchOrKeep(
  parts: readonly SourcePart[],
  source: PriceSource,
  plan: Plan,
  staging: Staging,
  context: JobContext,
): Promise<FetchOutcome> {
  if (await isRawPublished(context.store, { source: source.name, ...plan })) {
    const staged = staging.parts();
    return { failed: [], untried: parts.filter((part) => !staged.has(part.name)), fatal: undefined };
  }
  await staging.begin(plan);
  return await fetchParts(parts, staging, context);
}

/** One data folder holds one simulated market; two of them would look like wild corrections. */
async function checkVariant(store: DataStore, source: PriceSource, state: SourceState | undefined): Promise<void> {
  if (state === undefined || state.variant === source.variant) return;
  if (!(await hasPrices(store, source))) return;
  throw new PokewatchError(
    'bad_setting',
    `the data folder ${store.where} holds ${source.name} prices of another kind (${state.variant}, now ${source.variant})`,
    { hint: 'Use another folder (POKEWATCH_DATA), or go back to the earlier setting.' },
  );
}

/**
 * Publishes what an interrupted run of an earlier day had got. What it had not got cannot be had any more as of that
 * day, so it is not asked for.
 */
async function finishEarlierDay(
  store: DataStore,
  source: PriceSource,
  staging: Staging,
  today: string,
): Promise<string[]> {
  const plan = staging.plan();
  if (plan === undefined || (plan.collected === today && plan.variant === source.variant)) return [];
  const published =
    plan.variant === source.variant ? await publishStaged(store, source.name, plan, staging) : undefined;
  await staging.clear();
  if (published === undefined || published.price_rows === 0) return [];
  return [`published ${published.price_rows} prices that an interrupted run of ${plan.collected} had collected`];
}

/** True when the state tells of today's collection and what it published is still there. */
async function isOf(store: DataStore, source: PriceSource, state: SourceState, today: string): Promise<boolean> {
  if (state.collected !== today) return false;
  if (state.price_rows === 0) return hasPrices(store, source);
  return isRawPublished(store, { source: source.name, collected: state.collected, run_id: state.run_id });
}

async function hasPrices(store: DataStore, source: PriceSource): Promise<boolean> {
  return (await fetchRawList(store, 'prices', source.name)).length > 0;
}

function isComplete(state: SourceState, watchlist: Watchlist): boolean {
  return state.failed.length === 0 && unwatched(state, watchlist).length === 0;
}

function unwatched(state: SourceState, watchlist: Watchlist) {
  const watched = new Set(state.watched);
  return watchlist.cards.filter((card) => !watched.has(card.id));
}

function refuseWhileBlocked(
  source: PriceSource,
  state: SourceState | undefined,
  context: JobContext,
  force: boolean,
): void {
  const block = state?.blocked;
  if (!block || Date.parse(block.until) <= context.clock.now().getTime()) return;
  if (force && block.code === 'source_quota') return;
  throw new PokewatchError(block.code, `${source.title} is not asked before ${block.until}: ${block.reason}`, {
    hint: 'Asking earlier makes it worse. What was collected before stays.',
    retry_at: block.until,
  });
}

/** All parts, or those that an incomplete collection of today lacks: failed ones, and those of cards added since. */
async function partsToFetch(
  store: DataStore,
  source: PriceSource,
  watchlist: Watchlist,
  plan: Plan,
  todays: SourceState | undefined,
): Promise<SourcePart[]> {
  const have = source.capabilities.history ? await storedDays(store, source.name, plan) : new Map();
  const request = { today: plan.collected, have };
  const all = source.parts({ ...request, cards: watchlist.cards });
  if (all.length === 0 && !source.simulated) {
    throw new PokewatchError('bad_cards_file', `no card of ${watchlist.path} has an id for ${source.title}`, {
      hint: 'Give the cards their `ids`; config/cards.yaml explains them.',
    });
  }
  if (todays === undefined) return all;
  const failed = new Set(todays.failed);
  const added = source.parts({ ...request, cards: unwatched(todays, watchlist) });
  const byName = new Map([...all.filter((part) => failed.has(part.name)), ...added].map((part) => [part.name, part]));
  return [...byName.values()];
}
