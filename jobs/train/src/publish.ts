import type { FeatureManifest, Gate, ListingsWorth, ModelManifest } from '@pokewatch/contracts';
import { CODE_VERSION } from '@pokewatch/core';
import { CURVES_DEFAULTS, namedCurves } from '@pokewatch/fair-value';
import { jsonText, type PanelData, publishModel } from '@pokewatch/store';
import type { Challenger } from './challengers.ts';
import type { Computed } from './compute.ts';
import type { TrainEvaluation } from './evaluation.ts';
import { explainedTerms } from './explained-terms.ts';
import { FITTED_FILE, fittedText } from './fitted-file.ts';
import { horizonTable } from './horizons.ts';
import { predictionTable } from './prediction-rows.ts';
import { reportPage } from './report.ts';

interface NewVersion {
  readonly version: string;
  readonly features: FeatureManifest;
  readonly panel: PanelData;
  readonly input_sha256: string;
  readonly champion: string | null;
  readonly computed: Computed;
  readonly evaluation: TrainEvaluation | undefined;
  readonly listings: ListingsWorth;
  readonly gate: Gate;
}

/** Publishes what was computed as an immutable version: predictions, explanations, figures, report and the fitted model. */
export function publishVersion(root: string, given: NewVersion): Promise<ModelManifest> {
  const { panel, computed, evaluation, features } = given;
  const { candidate, walked, latest, horizons } = computed;
  const manifest = {
    ...madeFrom(features),
    version: given.version,
    model: candidate.name,
    horizon_days: latest.model!.horizon_days,
    metrics: evaluation?.models[candidate.name] ?? {},
    gate: given.gate,
    input_sha256: given.input_sha256,
    forecaster: forecasterFacts(candidate),
    refitted: true,
    fitted_as_of: features.last_date,
    champion: given.champion,
    listings: given.listings,
  };
  const model = candidate.name;
  const table = predictionTable({ panel, flags: panel.flags, model, walked, latest: latest.predictions });
  const curves = namedCurves(latest.curves!, model);
  const extras = {
    'evaluation.json': jsonText(evaluation ?? null),
    [FITTED_FILE]: fittedText({ model: latest.model!, horizons: horizons?.models ?? [] }),
    'report.html': reportPage({ manifest, evaluation, table }),
  };
  return publishModel(root, {
    manifest,
    table,
    terms: explainedTerms(panel, table, latest.terms!, curves),
    horizons: horizonTable(panel, table, latest.predictions, horizons?.predictions ?? []),
    curves,
    extras,
  });
}

/** What a version's manifest says of the features that it was made from. */
export function madeFrom(features: FeatureManifest) {
  return {
    kind: 'model' as const,
    features_version: features.version,
    data_sha256: features.raw_sha256,
    source: features.source,
    simulated: features.simulated,
    rows: features.rows,
    cards: features.cards,
    first_date: features.first_date,
    last_date: features.last_date,
    code_version: CODE_VERSION,
  };
}

function forecasterFacts({ spec, tuning_id }: Challenger): ModelManifest['forecaster'] {
  const settings = spec.name === 'curves' ? (spec.settings ?? CURVES_DEFAULTS) : null;
  return { name: spec.name, settings, tuning_id };
}
