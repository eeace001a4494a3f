import type { FeatureManifest, TuningResult } from '@pokewatch/contracts';
import { dayFromEpoch, epochDay } from '@pokewatch/core';
import { type DataStore, fetchTuningResults } from '@pokewatch/store';
import { judgedSpan } from '@pokewatch/walk-forward';

/**
 * The search whose settings are tried beside the defaults: of this source and horizon, with settings that beat the defaults
 * beyond noise, and never shown a price of the days that will be judged; the one with the newest data, ties by id.
 */
export async function tuningFor(
  store: DataStore,
  features: FeatureManifest,
  horizon_days: number,
): Promise<TuningResult | undefined> {
  const span = judgedSpan(epochDay(features.first_date), epochDay(features.last_date), horizon_days);
  const judged_from = dayFromEpoch(span.from_day);
  const results = await fetchTuningResults(store);
  return results
    .filter((one) => one.source === features.source && one.horizon_days === horizon_days)
    .filter((one) => one.better && one.cut_date < judged_from)
    .sort((a, b) => (a.cut_date === b.cut_date ? (a.id < b.id ? -1 : 1) : a.cut_date < b.cut_date ? -1 : 1))
    .at(-1);
}
