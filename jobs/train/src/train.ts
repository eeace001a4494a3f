import type { ModelManifest, RunReport } from '@pokewatch/contracts';
import { modelUrls, type Settings } from '@pokewatch/core';
import { type JobContext, type JobOutcome, type JobProcess, runJob } from '@pokewatch/job';
import {
  fetchModel,
  layout,
  type PanelData,
  readChampion,
  readModelManifest,
  setChampion,
  withStore,
} from '@pokewatch/store';
import { carryChampion } from './carry.ts';
import { challengersOf, NAIVE } from './challengers.ts';
import { type ChampionComparison, compareWithChampion, readTable } from './champion.ts';
import { type Computed, compute } from './compute.ts';
import { evaluationOf } from './evaluation.ts';
import { readFitted } from './fitted-file.ts';
import { judge, refusal } from './gate.ts';
import { listingNotes, listingsWorth } from './listings.ts';
import { tellMlflow } from './mlflow.ts';
import { publishVersion } from './publish.ts';
import { askToReload } from './reload.ts';
import { summaryLines } from './summary.ts';
import { lookForDrift, recordCalls } from './track.ts';
import { findVersion, versionHash, versionName } from './versions.ts';
import { prepare, type Work } from './work.ts';

/**
 * Fits on the current features, judges the model on days it had not seen, publishes it as an immutable version and, if
 * the gate lets it pass, makes it the champion and tells the model service. When it is refused, the champion's model
 * speaks for the new days; without one, "no change" does. Same features, same bytes.
 */
export function train(given: JobProcess): Promise<RunReport> {
  return withStore(given.settings, (store) => {
    const options = {
      job: 'train' as const,
      store,
      owns: [layout.models(store.root)],
      limit_ms: given.settings.POKEWATCH_JOB_LIMIT_MS,
      ...given,
    };
    return runJob(options, (context) => work(context, given.settings));
  });
}

async function work(context: JobContext, settings: Settings): Promise<JobOutcome> {
  const started_at = context.clock.now().toISOString();
  const given = await prepare(context, settings.POKEWATCH_HORIZON_DAYS);
  const { serving } = given;
  const made = serving?.input_sha256 === given.input_sha256 && serving.refitted === true && serving.gate.passed;
  const candidate = made ? serving : await ensureCandidate(given);
  await fetchModel(context.store, candidate.version);
  const outcome = await decide(given, settings, candidate, made ? undefined : given.why_none);
  const told = await tellMlflow(context, settings, { model_version: candidate.version, started_at });
  return { ...outcome, notes: [...(outcome.notes ?? []), ...told] };
}

/** Lets the candidate serve, or whoever speaks in its place. */
async function decide(
  given: Work,
  settings: Settings,
  candidate: ModelManifest,
  why_none: string | undefined,
): Promise<JobOutcome> {
  const { context, serving } = given;
  const notes = summaryLines(context.root, candidate, why_none);
  if (candidate.gate.passed) {
    const promoted = await promote(given, settings, candidate, 'it passed the gate');
    return { ...promoted, notes: [...notes, ...(promoted.notes ?? [])] };
  }
  const refused = `model ${candidate.version} was refused: ${refusal(candidate.gate)}`;
  if (serving !== undefined && serving.model !== NAIVE.name && serving.source === given.features.source) {
    const { speaks, words } = await keepSpeaking(given, serving, `${candidate.version} was refused`);
    const told = speaks.version === serving.version ? undefined : await promote(given, settings, speaks, words);
    const summary = `${refused}; the champion ${serving.version} stays, ${words}`;
    return { status: 'refused', summary, counts: countsOf(candidate), notes: [...notes, ...(told?.notes ?? [])] };
  }
  const fallback = await ensureFallback(given, candidate);
  const promoted = await promote(given, settings, fallback, 'no model has passed the gate yet');
  const summary = `${refused}; “no change” serves (${fallback.version})`;
  return { ...promoted, status: 'refused', summary, notes: [...notes, ...(promoted.notes ?? [])] };
}

/** The judged version of these features: made now unless it is there already. */
async function ensureCandidate(given: Work): Promise<ModelManifest> {
  const { context, horizon_days, champion } = given;
  const hash = versionHash(given.input_sha256, 'candidate', champion);
  const there = await findVersion(context.store, hash);
  if (there !== undefined) return readModelManifest(context.root, there).manifest;
  const panel = await given.panel();
  const computed = await compute(panel, challengersOf(given.tuning), horizon_days, context);
  const comparison = await championComparison(given, panel, computed);
  const listings = listingsWorth(panel, computed.judged);
  const evaluation = evaluationOf(panel, computed, comparison, listings);
  const notes = listingNotes(listings, champion === null ? undefined : given.serving?.listings);
  const metrics = evaluation?.models[computed.candidate.name] ?? {};
  const gate = judge({ metrics, champion: comparison, notes });
  context.checkpoint();
  return publish(given, hash, { computed, evaluation, listings, gate });
}

/** The version in which "no change" speaks, with the verdict on the candidate that was refused. */
async function ensureFallback(given: Work, refused: ModelManifest): Promise<ModelManifest> {
  const { context, horizon_days } = given;
  const hash = versionHash(given.input_sha256, 'fallback', null);
  const there = await findVersion(context.store, hash);
  if (there !== undefined) return readModelManifest(context.root, there).manifest;
  const panel = await given.panel();
  const computed = await compute(panel, [NAIVE], horizon_days, context);
  const listings = listingsWorth(panel, computed.judged);
  const none: ChampionComparison = { none: 'this is “no change” itself' };
  const evaluation = evaluationOf(panel, computed, none, listings);
  context.checkpoint();
  return publish(given, hash, { computed, evaluation, listings, gate: refused.gate });
}

async function publish(
  given: Work,
  hash: string,
  made: Pick<Parameters<typeof publishVersion>[1], 'computed' | 'evaluation' | 'listings' | 'gate'>,
): Promise<ModelManifest> {
  const { context, features, input_sha256, champion } = given;
  const version = versionName(made.computed.candidate.name, features.last_date, hash);
  const panel = await given.panel();
  const manifest = await publishVersion(context.root, { version, features, panel, input_sha256, champion, ...made });
  await context.store.publishVersion(layout.model(context.root, version));
  return manifest;
}

async function championComparison(
  { context, champion }: Work,
  panel: PanelData,
  computed: Computed,
): Promise<ChampionComparison> {
  // Why there is none (first model, another source) is told by the run: a version's bytes must not depend on it.
  if (champion === null) return { none: 'there is none of this source and horizon' };
  if (computed.judged === undefined) return { none: 'no outcome is known yet' };
  await fetchModel(context.store, champion);
  const table = readTable(context.root, champion);
  if (table === undefined) return { none: `${champion} is damaged` };
  return compareWithChampion(panel, computed.judged.rows[computed.candidate.name]!, champion, table);
}

/** The champion's model for the newest days, in a version of its own where that can be; and what to say of it. */
async function keepSpeaking(
  given: Work,
  serving: ModelManifest,
  refused: string,
): Promise<{ speaks: ModelManifest; words: string }> {
  const { context, features, input_sha256 } = given;
  const { root } = context;
  if (serving.last_date >= features.last_date)
    return { speaks: serving, words: `with its predictions to ${serving.last_date}` };
  await fetchModel(context.store, serving.version);
  const fitted = readFitted(root, serving);
  if ('why' in fitted) return { speaks: serving, words: `with its predictions to ${serving.last_date}: ${fitted.why}` };
  const hash = versionHash(input_sha256, 'carried', serving.version);
  const there = await findVersion(context.store, hash);
  const version = versionName(serving.model, features.last_date, hash);
  const words = `its model of ${serving.fitted_as_of} speaks for days to ${features.last_date} (${version})`;
  if (there !== undefined) return { speaks: readModelManifest(root, there).manifest, words };
  const speaks = await carryChampion(context, {
    version,
    features,
    panel: await given.panel(),
    input_sha256,
    champion: serving,
    fitted,
    refused,
  });
  await context.store.publishVersion(layout.model(root, version));
  return { speaks, words };
}

async function promote(given: Work, settings: Settings, model: ModelManifest, reason: string): Promise<JobOutcome> {
  const { context, champion } = given;
  const paused = await lookForDrift(given, settings, model);
  const already = readChampion(context.root)?.model_version === model.version;
  context.checkpoint();
  if (!already) {
    setChampion(context.root, { model_version: model.version, promoted_at: context.clock.now().toISOString(), reason });
    await context.store.publish(layout.champion(context.root));
  }
  const recorded = await recordCalls(given, settings, model, paused);
  const key = settings.POKEWATCH_RELOAD_KEY || settings.API_KEYS[0];
  const urls = settings.POKEWATCH_TRAIN_RELOAD ? modelUrls(settings) : [];
  const told = await Promise.all(urls.map((url) => askToReload(url, key, context.signal)));
  const simulated = model.simulated ? 'SIMULATED ' : '';
  const instead = already || champion === null ? '' : ` instead of ${champion}`;
  return {
    status: 'ok',
    summary: `${model.version} ${already ? 'is the champion already' : `is the new champion${instead}`}: ${reason} (${simulated}data to ${model.last_date})`,
    counts: countsOf(model),
    notes: [
      `report: ${layout.model(context.root, model.version)}/report.html`,
      ...told,
      ...(paused === null ? [] : [`signals are paused: ${paused.text}`]),
      ...recorded,
    ],
  };
}

function countsOf(model: ModelManifest): Record<string, number> {
  return { rows: model.rows, cards: model.cards };
}
