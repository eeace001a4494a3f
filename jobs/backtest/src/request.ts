import type { FeatureManifest } from '@pokewatch/contracts';
import { dayOption, didYouMean, epochDay, PokewatchError } from '@pokewatch/core';
import { DEFAULT_FORECASTER, FORECASTERS, type ForecasterName, isForecasterName } from '@pokewatch/fair-value';

/** What to backtest, as a person says it. */
export interface BacktestRequest {
  /** First and last day to predict from, `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
  readonly horizon_days?: number;
  readonly refit_days?: number;
  readonly model?: string;
  /** More horizons to fit and judge beside it, each in a walk of its own. */
  readonly horizons?: readonly number[];
  /** Where to write the report, an HTML page. */
  readonly report?: string;
  /** Where to write every prediction as CSV. */
  readonly predictions?: string;
  /** Recompute on data that is cut off and compare to the bit. */
  readonly check_lookahead?: boolean;
}

/** The same, checked against the data. Days are epoch days. */
export interface BacktestPlan {
  readonly from_day: number;
  readonly to_day: number;
  readonly horizon_days: number;
  /** Other horizons, ascending, without `horizon_days`. */
  readonly other_horizons: readonly number[];
  readonly refit_days: number;
  readonly model: ForecasterName;
}

const MOST_HORIZON_DAYS = 90;

/** Checks a request. @throws bad_usage that says which part is wrong and what the data allow. */
export function planBacktest(request: BacktestRequest, features: FeatureManifest, horizon_days: number): BacktestPlan {
  const [from_day, to_day] = [dayOption('--from', request.from), dayOption('--to', request.to)];
  const [first, last] = [epochDay(features.first_date), epochDay(features.last_date)];
  const model = request.model ?? DEFAULT_FORECASTER;
  if (from_day > to_day) throw usage(`--from ${request.from} is after --to ${request.to}`);
  if (to_day < first || from_day > last)
    throw usage(
      `no data from ${request.from} to ${request.to}`,
      `The data reach from ${features.first_date} to ${features.last_date}.`,
    );
  if (!isForecasterName(model))
    throw usage(
      `there is no model ${model}`,
      `Known: ${[...FORECASTERS.keys()].join(', ')}. ${didYouMean(model, [...FORECASTERS.keys()])}`.trim(),
    );
  const own = whole('--horizon', request.horizon_days ?? horizon_days, MOST_HORIZON_DAYS);
  const others = (request.horizons ?? []).map((days) => whole('--horizons', days, MOST_HORIZON_DAYS));
  return {
    from_day: Math.max(from_day, first),
    to_day: Math.min(to_day, last),
    horizon_days: own,
    other_horizons: [...new Set(others)].filter((days) => days !== own).sort((a, b) => a - b),
    refit_days: whole('--refit', request.refit_days ?? 14, 28),
    model,
  };
}

function whole(name: string, value: number, most: number): number {
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw usage(`${name} must be a whole number from 1 to ${most}`);
  return value;
}

function usage(detail: string, hint?: string): PokewatchError {
  return new PokewatchError('bad_usage', detail, hint === undefined ? {} : { hint });
}
