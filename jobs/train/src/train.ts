import type { FeatureManifest, Gate, ModelManifest, RunReport } from '@pokewatch/contracts';
import { CODE_VERSION, dayFromEpoch, modelUrl, PokewatchError, type Settings } from '@pokewatch/core';
import { DEFAULT_FORECASTER } from '@pokewatch/fair-value';
import { type JobContext, type JobOutcome, type JobProcess, runJob } from '@pokewatch/job';
import {
  currentFeatures,
  hasModel,
  jsonText,
  layout,
  type PanelData,
  publishModel,
  readChampion,
  readModelManifest,
  readPanel,
  setChampion,
  sha256,
} from '@pokewatch/store';
import { errorByWeek, evaluateModels, type ModelEvaluation, outcomesOf } from '@pokewatch/walk-forward';
import { type Computed, compute } from './compute.ts';
import { judge, refusal } from './gate.ts';
import { predictionTable, termRows } from './prediction-rows.ts';
import { askToReload } from './reload.ts';
import { reportPage } from './report.ts';

/** Raised when the same features would give another model or other files: a version's name must not mean two things. */
const MODEL_FORMAT = 2;

/** The model that serves while none has passed the gate. */
const FALLBACK = 'naive';

/**
 * Fits on the current features, judges the model on days it had not seen, publishes it as an immutable version and, if
 * the gate lets it pass, makes it the champion and tells the model service. Same features, same bytes.
 */
export function train(given: JobProcess): Promise<RunReport> {
  const root = given.settings.POKEWATCH_DATA;
  const options = {
    job: 'train' as const,
    root,
    owns: [layout.models(root)],
    limit_ms: given.settings.POKEWATCH_JOB_LIMIT_MS,
    ...given,
  };
  return runJob(options, (context) => work(context, given.settings));
}

async function work(context: JobContext, settings: Settings): Promise<JobOutcome> {
  const features = currentFeatures(context.root);
  if (features === undefined)
    throw new PokewatchError('nothing_to_do', 'there are no features to train on', {
      hint: 'Run `pokewatch preprocess` first.',
    });
  const horizon_days = settings.POKEWATCH_HORIZON_DAYS;
  const panel = hasModel(context.root, versionOf(features, DEFAULT_FORECASTER, horizon_days))
    ? undefined
    : await readPanel(context.root, features);
  const candidate = await ensureModel(context, features, panel, DEFAULT_FORECASTER, horizon_days);
  if (candidate.gate.passed) return promote(context, settings, candidate, `beats “no change” on unseen days`);

  const refused = `model ${candidate.version} was refused: ${refusal(candidate.gate)}`;
  const champion = readChampion(context.root);
  const serving = champion === undefined ? undefined : readModelManifest(context.root, champion.model_version).manifest;
  if (serving !== undefined && serving.model !== FALLBACK && serving.source === features.source) {
    return {
      status: 'refused',
      summary: `${refused}; the champion ${serving.version} stays`,
      counts: countsOf(candidate),
    };
  }
  const fallback = await ensureModel(context, features, panel, FALLBACK, horizon_days, candidate.gate);
  const promoted = await promote(context, settings, fallback, 'no model has passed the gate yet');
  return { ...promoted, status: 'refused', summary: `${refused}; “no change” serves (${fallback.version})` };
}

/** The published model of these features: made now unless it is there already. */
async function ensureModel(
  context: JobContext,
  features: FeatureManifest,
  panel: PanelData | undefined,
  model: string,
  horizon_days: number,
  gate?: Gate,
): Promise<ModelManifest> {
  const version = versionOf(features, model, horizon_days);
  if (hasModel(context.root, version)) return readModelManifest(context.root, version).manifest;
  const prices = panel ?? (await readPanel(context.root, features));
  const computed = await compute(prices, model, horizon_days, context);
  const evaluation = evaluationOf(prices, model, computed);
  context.checkpoint();
  const metrics = evaluation?.models[model] ?? {};
  const manifest = {
    kind: 'model' as const,
    version,
    model,
    horizon_days,
    features_version: features.version,
    data_sha256: features.raw_sha256,
    source: features.source,
    simulated: features.simulated,
    rows: features.rows,
    cards: features.cards,
    first_date: features.first_date,
    last_date: features.last_date,
    code_version: CODE_VERSION,
    metrics,
    gate: gate ?? judge(metrics),
  };
  const { walked, latest, judged } = computed;
  const table = predictionTable({
    panel: prices,
    flags: prices.flags,
    model,
    walked,
    latest: latest.predictions,
  });
  const byWeek =
    judged === undefined ? { week_start: [], ratio: [] } : errorByWeek(outcomesOf(prices, judged.rows[model]!));
  const extras = {
    'evaluation.json': jsonText(evaluation ?? null),
    'report.html': reportPage({ manifest, evaluation, byWeek, table }),
  };
  return publishModel(context.root, { manifest, table, terms: termRows(prices, latest.terms), extras });
}

function evaluationOf(panel: PanelData, candidate: string, { judged }: Computed): ModelEvaluation | undefined {
  if (judged === undefined) return undefined;
  return evaluateModels({
    panel,
    candidate,
    from: dayFromEpoch(judged.from_day),
    to: dayFromEpoch(judged.to_day),
    rows: judged.rows,
  });
}

async function promote(
  context: JobContext,
  settings: Settings,
  model: ModelManifest,
  reason: string,
): Promise<JobOutcome> {
  const already = readChampion(context.root)?.model_version === model.version;
  if (!already)
    setChampion(context.root, { model_version: model.version, promoted_at: context.clock.now().toISOString(), reason });
  const told = await askToReload(modelUrl(settings), settings.API_KEYS[0], context.signal);
  const simulated = model.simulated ? 'SIMULATED ' : '';
  return {
    status: 'ok',
    summary: `${model.version} ${already ? 'is the champion already' : 'is the new champion'}: ${reason} (${simulated}data to ${model.last_date})`,
    counts: countsOf(model),
    notes: [`report: ${layout.model(context.root, model.version)}/report.html`, told],
  };
}

function countsOf(model: ModelManifest): Record<string, number> {
  return { rows: model.rows, cards: model.cards };
}

/** A version is named by what it was made from, so the same data never make two. */
function versionOf(features: FeatureManifest, model: string, horizon_days: number): string {
  return `${model}-${features.last_date}-${sha256(JSON.stringify([features.version, features.raw_sha256, model, horizon_days, CODE_VERSION, MODEL_FORMAT])).slice(0, 10)}`;
}
