import { DaySchema } from '@pokewatch/contracts';
import { PokewatchError } from '@pokewatch/core';

/** What to search, as a person says it. */
export interface TuneRequest {
  /** Trials in all, those of earlier runs of the same search included; the default settings are the first. */
  readonly trials: number;
  /** No trial is begun after so many minutes. */
  readonly minutes: number;
  readonly seed: number;
  /** First day to predict from, and last day of prices that the search may see, `YYYY-MM-DD`. */
  readonly from?: string;
  readonly to?: string;
}

/** What is searched unless something else is asked for. */
export const TUNE_DEFAULTS = { trials: 40, minutes: 30, seed: 1 } as const;

/** A request with everything that was left out. @throws bad_usage */
export function completeRequest(given: Partial<TuneRequest>): TuneRequest {
  const request = { ...TUNE_DEFAULTS, ...given };
  const whole = (name: string, value: number, least: number, most: number) => {
    if (Number.isInteger(value) && value >= least && value <= most) return;
    throw new PokewatchError('bad_usage', `${name} must be a whole number from ${least} to ${most}`);
  };
  for (const [name, text] of [
    ['--from', request.from],
    ['--to', request.to],
  ] as const)
    if (text !== undefined && !DaySchema.safeParse(text).success)
      throw new PokewatchError('bad_usage', `${name} must be a day like 2026-01-31`);
  whole('--trials', request.trials, 1, 10_000);
  whole('--minutes', request.minutes, 1, 1440);
  whole('--seed', request.seed, 0, 2 ** 31 - 1);
  return request;
}
