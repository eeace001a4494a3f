import type { FeatureManifest, ModelManifest } from '@pokewatch/contracts';
import { epochDay } from '@pokewatch/core';
import { namedCurves } from '@pokewatch/fair-value';
import type { JobContext } from '@pokewatch/job';
import { loadModel, type PanelData, publishModel, readModelFile } from '@pokewatch/store';
import { withPool } from '@pokewatch/walk-forward';
import type { TrainEvaluation } from './evaluation.ts';
import { explainedTerms } from './explained-terms.ts';
import { FITTED_FILE, type FittedModels } from './fitted-file.ts';
import { horizonTable } from './horizons.ts';
import { listingNotes, listingsWorth } from './listings.ts';
import { carriedTable } from './prediction-rows.ts';
import { madeFrom } from './publish.ts';
import { reportPage } from './report.ts';

interface Carried {
  readonly version: string;
  readonly features: FeatureManifest;
  readonly panel: PanelData;
  readonly input_sha256: string;
  /** The champion, and its fitted models. */
  readonly champion: ModelManifest;
  readonly fitted: FittedModels;
  /** The candidate that was refused, and why. */
  readonly refused: string;
}

/**
 * Publishes a version in which the champion's model, fitted before and unchanged, speaks for the days that are new: its
 * earlier predictions stay as they were said, and its figures are those it was judged by.
 */
export async function carryChampion(context: JobContext, given: Carried): Promise<ModelManifest> {
  const { panel, champion, features, version } = given;
  const { model, horizons } = given.fitted;
  const from_day = epochDay(champion.last_date) + 1;
  const { carried, beside } = await withPool(panel, { threads: 1, signal: context.signal }, async (pool) => {
    const of_model = await pool.run({ kind: 'carry', model, from_day });
    const anchor = of_model.newest!;
    const of_horizons = await pool.run({ kind: 'predict_horizons', models: horizons, anchor });
    return { carried: of_model, beside: of_horizons };
  });
  const { predictions, terms, curves } = carried;
  context.checkpoint();
  const table = carriedTable({
    panel,
    flags: panel.flags,
    before: loadModel(context.root, champion.version).table,
    model: champion.model,
    newer: predictions,
    as_of: model.as_of_day,
  });
  const { recent_share } = listingsWorth(panel, undefined);
  const listings = { judged_share: null, model: null, with: null, without: null, ...champion.listings, recent_share };
  const notes = [
    `not refitted: ${given.refused}; the model of ${champion.fitted_as_of} speaks for days after ${champion.last_date}`,
    ...listingNotes(listings, champion.listings),
  ];
  const manifest = {
    ...madeFrom(features),
    version,
    model: champion.model,
    horizon_days: champion.horizon_days,
    metrics: champion.metrics,
    gate: { ...champion.gate, notes },
    input_sha256: given.input_sha256,
    ...(champion.forecaster === undefined ? {} : { forecaster: champion.forecaster }),
    refitted: false,
    ...(champion.fitted_as_of === undefined ? {} : { fitted_as_of: champion.fitted_as_of }),
    champion: champion.version,
    listings,
  };
  const text = (name: string) => readModelFile(context.root, champion, name);
  const evaluation = (JSON.parse(text('evaluation.json')) as TrainEvaluation | null) ?? undefined;
  const named = namedCurves(curves!, champion.model);
  const extras = {
    'evaluation.json': text('evaluation.json'),
    [FITTED_FILE]: text(FITTED_FILE),
    'report.html': reportPage({ manifest, evaluation, table }),
  };
  return publishModel(context.root, {
    manifest,
    table,
    terms: explainedTerms(panel, table, terms!, named),
    horizons: horizonTable(panel, table, carried.newest!, beside),
    curves: named,
    extras,
  });
}
