import type { Trial, TuningResult } from '@pokewatch/contracts';
import { type Comparison, compareForecasts, type JudgedRows } from '@pokewatch/walk-forward';

/** The best of the trials that walked all windows; the defaults where none is better, the earlier of two alike. */
export function bestTrial(trials: readonly Trial[]): Trial {
  return trials.filter(({ stopped }) => !stopped).reduce((best, one) => (one.score > best.score ? one : best));
}

/** How the best settings compare with the defaults, window by window and over all of them. */
export type Verdict = Pick<TuningResult, 'by_window' | 'all_windows' | 'better' | 'reason'>;

/**
 * Compares predictions of the same card-days by the best settings and by the defaults, one entry a window. The best
 * settings count as better when the interval of the difference in the objective lies above 0 in most windows and over all.
 */
export function compareWithDefaults(
  best: readonly JudgedRows[],
  defaults: readonly JudgedRows[],
  horizon_days: number,
): Verdict {
  const by_window = best.map((rows, i) => compareForecasts(rows, defaults[i]!.predicted, horizon_days));
  const all = {
    day: best.flatMap(({ day }) => day),
    realised: best.flatMap(({ realised }) => realised),
    predicted: best.flatMap(({ predicted }) => predicted),
  };
  const all_windows = compareForecasts(
    all,
    defaults.flatMap(({ predicted }) => predicted),
    horizon_days,
  );
  const won = by_window.filter(isBetter).length;
  const better = won > by_window.length / 2 && isBetter(all_windows);
  const where = `better beyond noise in ${won} of ${by_window.length} windows${isBetter(all_windows) ? ' and over all of them' : ', and not over all of them'}`;
  const reason = better ? `${where}: train tries these settings beside the defaults` : `keep the defaults: ${where}`;
  return { by_window: by_window.map(stored), all_windows: stored(all_windows), better, reason };
}

function isBetter({ objective }: Comparison): boolean {
  return objective.lower !== null && objective.lower > 0;
}

function stored({ n, objective, ic, ic_within_day, mae_over_naive }: Comparison): Verdict['all_windows'] {
  return { n, objective, ic, ic_within_day, mae_over_naive };
}
