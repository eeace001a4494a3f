import {
  concatPredictions,
  type FittedModelJSON,
  type ForecasterSpec,
  otherHorizons,
  type Predictions,
  rowsAlso,
} from '@pokewatch/fair-value';
import type { Pool } from './pool.ts';
import type { WalkedPoints } from './walk.ts';

/** Models of other horizons, ascending, and their predictions of the same card-days as the anchor's. */
export interface Horizons {
  readonly models: readonly FittedModelJSON[];
  readonly predictions: readonly Predictions[];
}

/**
 * Other horizons beside the one that was walked, the anchor: predictions of the card-days of `newest`, the anchor's, on one
 * path with it. `walked` are the anchor's expected prices of earlier days.
 */
export async function predictBeside(
  pool: Pool,
  forecaster: ForecasterSpec,
  walked: WalkedPoints,
  newest: Predictions,
): Promise<Horizons> {
  const anchor_days = walked.plan.horizon_days;
  const from_day = walked.segments[0]?.origin ?? newest.day[0] ?? 0;
  const fits = await Promise.all(
    otherHorizons(anchor_days).map((horizon_days) =>
      pool.run({ kind: 'fit_horizon', forecaster, horizon_days, from_day }),
    ),
  );
  const [first] = fits;
  if (first === undefined) return { models: [], predictions: [] };
  const anchor = concatPredictions(
    walked.parts.map((part) => rowsAlso(part, first.history)),
    anchor_days,
  );
  const models = await pool.run({ kind: 'horizon_models', name: forecaster.name, anchor, fits });
  return { models, predictions: await pool.run({ kind: 'predict_horizons', models, anchor: newest }) };
}
