import type { CurvesSettings, Trial, TrialWindow } from '@pokewatch/contracts';
import { comparedFigures, type JudgedRows, type Pool, scoredRows, walkTrial } from '@pokewatch/walk-forward';
import type { Window } from './windows.ts';

/** Days between fits within a window. */
const REFIT_DAYS = 21;

/** A trial is weighed against the others after so many windows, newest first; then all windows follow. */
const RUNGS = [1, 2] as const;

/** What settings predict for the judged card-days of a window. */
export async function windowRows(
  pool: Pool,
  settings: CurvesSettings,
  { from_day, to_day }: Window,
  horizon_days: number,
): Promise<JudgedRows> {
  const predictions = await walkTrial(pool, {
    forecaster: { name: 'curves', settings },
    from_day,
    to_day,
    horizon_days,
    refit_days: REFIT_DAYS,
    recalibrate_days: REFIT_DAYS,
  });
  return scoredRows(pool.panel, predictions);
}

/** Walks settings through a window. */
export type WalkWindow = (window: number) => Promise<JudgedRows>;

/**
 * One trial: walks windows from the newest to the oldest, and stops after the first or the second when it is not among the
 * better half of all trials that came so far (successive halving, Jamieson and Talwalkar 2016, without waiting for the
 * trials to come). The defaults are never stopped.
 */
export async function runTrial(
  trial: number,
  settings: CurvesSettings,
  window_count: number,
  before: readonly Trial[],
  walk: WalkWindow,
): Promise<Trial> {
  const windows: TrialWindow[] = [];
  for (let window = window_count - 1; window >= 0; window--) {
    const rows = await walk(window);
    windows.push({ window, n: rows.day.length, ...comparedFigures(rows) });
    if (trial > 0 && window > 0 && isRung(windows.length) && !isPromising(windows, before))
      return finished(trial, settings, windows, true);
  }
  return finished(trial, settings, windows, false);
}

function isRung(walked: number): boolean {
  return RUNGS.some((rung) => rung === walked);
}

/** True when the mean over the windows walked so far is at least the median of the trials that walked as many. */
function isPromising(windows: readonly TrialWindow[], before: readonly Trial[]): boolean {
  const own = meanObjective(windows);
  const others = before.filter((trial) => trial.windows.length >= windows.length);
  const better = others.filter((trial) => meanObjective(trial.windows.slice(0, windows.length)) > own);
  return better.length <= others.length / 2;
}

function finished(trial: number, settings: CurvesSettings, windows: readonly TrialWindow[], stopped: boolean): Trial {
  const score = meanObjective(windows);
  const squares = windows.reduce((sum, { objective }) => sum + (objective - score) ** 2, 0);
  return { trial, settings, windows: [...windows], score, spread: Math.sqrt(squares / windows.length), stopped };
}

function meanObjective(windows: readonly TrialWindow[]): number {
  return windows.reduce((sum, { objective }) => sum + objective, 0) / windows.length;
}
