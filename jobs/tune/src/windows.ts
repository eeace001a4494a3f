import type { FeatureManifest } from '@pokewatch/contracts';
import { dayFromEpoch, epochDay, PokewatchError } from '@pokewatch/core';
import { judgedSpan } from '@pokewatch/walk-forward';
import type { TuneRequest } from './request.ts';

/** Days that are learned from before the first window. */
const LEARNING_DAYS = 75;

/** As many windows as there is room for; with fewer than three a stroke of luck in one decides. */
const LEAST_WINDOWS = 3;
const MOST_WINDOWS = 4;
/** Two blocks of the bootstrap at least: with fewer there is no interval. */
const LEAST_WINDOW_DAYS = 28;
const MOST_WINDOW_DAYS = 42;

/** First and last epoch day to predict from. */
export interface Window {
  readonly from_day: number;
  readonly to_day: number;
}

/** Where to search: prices after `cut_day` are never looked at; windows are in the order of days. */
export interface TunePlan {
  readonly cut_day: number;
  readonly windows: readonly Window[];
}

/**
 * The windows of a search: all their outcomes lie before the first day that `train` would judge a model on.
 * @throws bad_usage when days are asked for that the search must not see, nothing_to_do when there are too few days.
 */
export function planTuning(
  features: FeatureManifest,
  request: Pick<TuneRequest, 'from' | 'to'>,
  horizon_days: number,
): TunePlan {
  const [first, last] = [epochDay(features.first_date), epochDay(features.last_date)];
  const latest_cut = judgedSpan(first, last, horizon_days).from_day - 1;
  const cut_day = request.to === undefined ? latest_cut : epochDay(request.to);
  if (cut_day > latest_cut)
    throw new PokewatchError('bad_usage', `--to ${request.to} lies in the days that models are judged on`, {
      hint: `A search may see prices up to ${dayFromEpoch(latest_cut)}: settings chosen on later days would judge themselves.`,
    });
  const begin = Math.max(first + LEARNING_DAYS, request.from === undefined ? first : epochDay(request.from));
  const end = cut_day - horizon_days;
  const room = end - begin + 1;
  const missing = LEAST_WINDOWS * LEAST_WINDOW_DAYS - room;
  if (missing > 0)
    throw new PokewatchError('nothing_to_do', `${missing} days of prices are missing for ${LEAST_WINDOWS} windows`, {
      hint: `A search needs ${LEARNING_DAYS} days to learn from, ${LEAST_WINDOWS} windows of ${LEAST_WINDOW_DAYS} days, and the days that models are judged on.`,
    });
  const days = Math.min(MOST_WINDOW_DAYS, Math.floor(room / LEAST_WINDOWS));
  const count = Math.min(MOST_WINDOWS, Math.floor(room / days));
  const windows = Array.from({ length: count }, (_, i) => {
    const from_day = end - (count - i) * days + 1;
    return { from_day, to_day: from_day + days - 1 };
  });
  return { cut_day, windows };
}
