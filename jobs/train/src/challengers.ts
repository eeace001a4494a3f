import type { TuningResult } from '@pokewatch/contracts';
import { DEFAULT_FORECASTER, type ForecasterSpec, type Panel, type Predictions } from '@pokewatch/fair-value';
import { compareForecasts, type Difference, scoredRows } from '@pokewatch/walk-forward';

/** A model that may become the candidate. `name` is what answers, figures and versions call it. */
export interface Challenger {
  readonly name: string;
  readonly spec: ForecasterSpec;
  readonly tuning_id: string | null;
}

/** A challenger beside the default model: its MAE over naive less the default's, on the same card-days. */
export interface ChallengerFigures {
  readonly name: string;
  readonly tuning_id: string | null;
  readonly mae_difference: Difference;
  /** True when the whole interval lies below 0. */
  readonly better_beyond_noise: boolean;
  readonly chosen: boolean;
}

/** The model that serves while none has passed the gate. */
export const NAIVE: Challenger = { name: 'naive', spec: { name: 'naive' }, tuning_id: null };

/** The model that also speaks for days before those that are judged: it is quick to fit. */
export const OLDER = 'ridge';

const DEFAULT: Challenger = { name: DEFAULT_FORECASTER, spec: { name: DEFAULT_FORECASTER }, tuning_id: null };
const SIMPLER: readonly Challenger[] = [
  { name: OLDER, spec: { name: OLDER }, tuning_id: null },
  { name: 'mean3', spec: { name: 'mean3' }, tuning_id: null },
];

/** All models that are walked and judged, the default first. Tuned settings are there only when a search found better ones. */
export function challengersOf(tuning: TuningResult | undefined): Challenger[] {
  if (tuning === undefined) return [DEFAULT, ...SIMPLER];
  const settings = tuning.best_trial.settings;
  const tuned: Challenger = {
    name: `${DEFAULT_FORECASTER}-tuned-${tuning.id}`,
    spec: { name: DEFAULT_FORECASTER, settings },
    tuning_id: tuning.id,
  };
  return [DEFAULT, tuned, ...SIMPLER];
}

/**
 * The candidate among challengers whose predictions of the judged days are given by name: the one with the least error among
 * those that beat the first, the default, beyond noise; the default when none does.
 */
export function choose(
  panel: Panel,
  challengers: readonly Challenger[],
  rows: Readonly<Record<string, Predictions>> | undefined,
): { candidate: Challenger; compared: ChallengerFigures[] } {
  const [first, ...others] = challengers as [Challenger, ...Challenger[]];
  if (rows === undefined) return { candidate: first, compared: [] };
  const base = scoredRows(panel, rows[first.name]!);
  const beside = others.map((challenger) => {
    const { predicted } = scoredRows(panel, rows[challenger.name]!);
    const { mae_over_naive } = compareForecasts({ ...base, predicted }, base.predicted, rows[first.name]!.horizon_days);
    const better = mae_over_naive.upper !== null && mae_over_naive.upper < 0;
    return { challenger, mae_difference: mae_over_naive, better_beyond_noise: better };
  });
  const best = beside
    .filter((one) => one.better_beyond_noise)
    .sort((a, b) => a.mae_difference.value! - b.mae_difference.value!)[0];
  const candidate = best?.challenger ?? first;
  const compared = beside.map(({ challenger: { name, tuning_id }, mae_difference, better_beyond_noise }) => ({
    name,
    tuning_id,
    mae_difference,
    better_beyond_noise,
    chosen: name === candidate.name,
  }));
  return { candidate, compared };
}
