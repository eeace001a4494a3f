import { parseArgs } from 'node:util';
import type { FeatureManifest } from '@pokewatch/contracts';
import { dayFromEpoch, didYouMean, epochDay, PokewatchError } from '@pokewatch/core';
import { DEFAULT_FORECASTER, FORECASTERS } from '@pokewatch/fair-value';

/** What to backtest, as a person says it. */
export interface BacktestRequest {
  /** First and last day to predict from, `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
  readonly horizon_days?: number;
  readonly refit_days?: number;
  readonly model?: string;
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
  readonly refit_days: number;
  readonly model: string;
}

const MOST_HORIZON_DAYS = 90;

/** Checks a request. @throws bad_usage that says which part is wrong and what the data allow. */
export function planBacktest(request: BacktestRequest, features: FeatureManifest, horizon_days: number): BacktestPlan {
  const [from_day, to_day] = [dayOrThrow('--from', request.from), dayOrThrow('--to', request.to)];
  const [first, last] = [epochDay(features.first_date), epochDay(features.last_date)];
  const model = request.model ?? DEFAULT_FORECASTER;
  if (from_day > to_day) throw usage(`--from ${request.from} is after --to ${request.to}`);
  if (to_day < first || from_day > last)
    throw usage(
      `no data from ${request.from} to ${request.to}`,
      `The data reach from ${features.first_date} to ${features.last_date}.`,
    );
  if (!FORECASTERS.has(model))
    throw usage(
      `there is no model ${model}`,
      `Known: ${[...FORECASTERS.keys()].join(', ')}. ${didYouMean(model, [...FORECASTERS.keys()])}`.trim(),
    );
  return {
    from_day: Math.max(from_day, first),
    to_day: Math.min(to_day, last),
    horizon_days: whole('--horizon', request.horizon_days ?? horizon_days, MOST_HORIZON_DAYS),
    refit_days: whole('--refit', request.refit_days ?? 14, 28),
    model,
  };
}

function dayOrThrow(name: string, text: string): number {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? epochDay(text) : Number.NaN;
  if (Number.isNaN(day) || dayFromEpoch(day) !== text)
    throw usage(`${name} is not a day: ${text.slice(0, 40)}`, 'Days are written YYYY-MM-DD, for example 2026-01-31.');
  return day;
}

function whole(name: string, value: number, most: number): number {
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw usage(`${name} must be a whole number from 1 to ${most}`);
  return value;
}

function usage(detail: string, hint?: string): PokewatchError {
  return new PokewatchError('bad_usage', detail, hint === undefined ? {} : { hint });
}

/** A request from the arguments of the job's own process. @throws bad_usage */
export function requestFromArguments(args: string[]): BacktestRequest {
  const options = {
    from: { type: 'string' },
    to: { type: 'string' },
    horizon: { type: 'string' },
    refit: { type: 'string' },
    model: { type: 'string' },
    predictions: { type: 'string' },
    'check-lookahead': { type: 'boolean' },
  } as const;
  let values: ReturnType<typeof parseArgs<{ args: string[]; options: typeof options }>>['values'];
  try {
    ({ values } = parseArgs({ args, options }));
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
  if (values.from === undefined || values.to === undefined)
    throw usage('--from and --to are needed', 'For example: --from 2026-01-01 --to 2026-03-31');
  return {
    from: values.from,
    to: values.to,
    ...(values.horizon === undefined ? {} : { horizon_days: Number(values.horizon) }),
    ...(values.refit === undefined ? {} : { refit_days: Number(values.refit) }),
    ...(values.model === undefined ? {} : { model: values.model }),
    ...(values.predictions === undefined ? {} : { predictions: values.predictions }),
    check_lookahead: values['check-lookahead'] ?? false,
  };
}
