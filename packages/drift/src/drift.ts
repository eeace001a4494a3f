import type { Drift, DriftTable, FeatureManifest, ModelManifest } from '@pokewatch/contracts';
import { dayFromEpoch, epochDay } from '@pokewatch/core';
import { type ComparedColumn, DRIFT_METHODS, datasetDrift } from '@pokewatch/evaluation';
import { lastDay, type Panel } from '@pokewatch/fair-value';
import type { PredictionTable } from '@pokewatch/store';
import { type Days, dataColumns, dataMeaning } from './data-columns.ts';
import { PREDICTION_MEANINGS, predictionColumns, type Thresholds } from './prediction-columns.ts';
import { driftPause } from './words.ts';

/** Days of the current window unless the caller says otherwise. */
export const WINDOW_DAYS = 14;

/** Days before the current window whose predictions are the reference. */
const PREDICTION_DAYS = 90;

/** Fewer rows than this in a window tell nothing. */
const LEAST_ROWS = 30;

/** What is compared, and how. */
export interface DriftRequest {
  readonly panel: Panel;
  readonly features: FeatureManifest;
  readonly manifest: ModelManifest;
  readonly table: PredictionTable;
  readonly thresholds: Thresholds;
  readonly window_days: number;
  readonly pause: Drift['pause'];
  readonly computed_at: string;
  /** Days to compare with; those that the model learned from unless they are named. */
  readonly reference?: Days;
}

/**
 * How the newest days differ from those that a model version learned from, and its newest predictions from those of the
 * three months before. The windows do not overlap. Undefined where one of them has too few rows.
 */
export function driftOf(request: DriftRequest): Drift | undefined {
  const { panel, manifest, window_days, pause } = request;
  const to_day = lastDay(panel);
  const current = { from_day: to_day - window_days + 1, to_day };
  const reference = request.reference ?? {
    from_day: panel.first_day,
    to_day: Math.min(epochDay(manifest.fitted_as_of ?? manifest.last_date), current.from_day - 1),
  };
  const data = tableOf(dataColumns(panel, { reference, current }), { reference, current }, dataMeaning);
  if (data === undefined) return undefined;
  const earlier = { from_day: current.from_day - PREDICTION_DAYS, to_day: current.from_day - 1 };
  const windows = { reference: earlier, current };
  const predicted = predictionColumns(request.table, windows, request.thresholds);
  const predictions = tableOf(predicted, windows, (name) => PREDICTION_MEANINGS[name] ?? name) ?? null;
  return {
    kind: 'drift',
    format: 1,
    computed_at: request.computed_at,
    model_version: manifest.version,
    features_version: request.features.version,
    source: request.features.source,
    simulated: request.features.simulated,
    window_days,
    pause,
    data,
    predictions,
    paused: driftPause({ data, predictions, pause }),
  };
}

function tableOf(
  { columns, rows }: { columns: readonly ComparedColumn[]; rows: { reference: number; current: number } },
  windows: { readonly reference: Days; readonly current: Days },
  meaning: (name: string) => string,
): DriftTable | undefined {
  if (rows.reference < LEAST_ROWS || rows.current < LEAST_ROWS) return undefined;
  const found = datasetDrift(columns);
  const window = ({ from_day, to_day }: Days, count: number) => {
    return { from: dayFromEpoch(from_day), to: dayFromEpoch(to_day), rows: count };
  };
  return {
    reference: window(windows.reference, rows.reference),
    current: window(windows.current, rows.current),
    drift_share: found.drift_share,
    number_of_columns: found.columns,
    number_of_drifted_columns: found.drifted_columns,
    share_of_drifted_columns: found.share,
    dataset_drift: found.drifted,
    drift_by_columns: found.by_column.map((column) => ({
      column_name: column.name,
      meaning: meaning(column.name),
      column_type: SHORT_TYPES[column.type],
      stattest_name: column.method === null ? null : DRIFT_METHODS[column.method].title,
      stattest_threshold: column.threshold,
      drift_score: column.score,
      drift_detected: column.drifted,
      rows: column.rows,
      why: column.why ?? null,
    })),
  };
}

const SHORT_TYPES = { numerical: 'num', categorical: 'cat', text: 'text', unknown: 'unknown' } as const;
