import { type Champion, flagNames, type ModelManifest, PAUSE_CODES, type Paused } from '@pokewatch/contracts';
import { CODE_VERSION, dayOf, epochDay } from '@pokewatch/core';
import { roundChance, roundPrice } from '@pokewatch/fair-value';
import { computeSignal, pauseOf } from '@pokewatch/signals';
import {
  type Calls,
  type DataStore,
  type PredictionTable,
  publicationId,
  SIGNAL_NUMBERS,
  savePublication,
} from '@pokewatch/store';

/** Settings by which calls are made, as the services have them. */
export interface CallSettings {
  readonly POKEWATCH_BUY_THRESHOLD_PCT: number;
  readonly POKEWATCH_SELL_THRESHOLD_PCT: number;
  readonly POKEWATCH_PAUSE_STALE_DAYS: number;
}

/** A version that became the champion. */
export interface Promoted {
  readonly champion: Champion;
  readonly manifest: ModelManifest;
  readonly table: PredictionTable;
  /** Why none of its calls is to be acted on. */
  readonly paused: Paused | null;
}

/**
 * Writes down what a promotion published: the newest prediction of each card, rounded as in answers, with the signal that is
 * given on it. The same promotion again changes nothing.
 */
export async function publishCalls(store: DataStore, promoted: Promoted, settings: CallSettings): Promise<void> {
  const { champion, manifest, paused } = promoted;
  const id = publicationId(champion.promoted_at, manifest.version);
  const publication = {
    id,
    published_at: champion.promoted_at,
    model_version: manifest.version,
    manifest_sha256: champion.manifest_sha256,
    horizon_days: manifest.horizon_days,
    buy_threshold_pct: settings.POKEWATCH_BUY_THRESHOLD_PCT,
    sell_threshold_pct: settings.POKEWATCH_SELL_THRESHOLD_PCT,
    source: manifest.source,
    simulated: manifest.simulated,
    features_version: manifest.features_version,
    last_date: manifest.last_date,
    code_version: CODE_VERSION,
    paused,
  };
  await savePublication(store, publication, callsOf(promoted, settings));
}

function callsOf({ champion, table, paused }: Promoted, settings: CallSettings): Calls {
  const { cards } = table;
  const newest = (row: (at: number) => number) => cards.map(({ to }) => row(to - 1));
  const calls = {
    cards,
    day: Int32Array.from(newest((at) => table.day[at]!)),
    market: Float64Array.from(newest((at) => table.market[at]!)),
    low: Float64Array.from(newest((at) => table.low[at]!)),
    fair: Float64Array.from(newest((at) => roundPrice(table.fair[at]!))),
    lower: Float64Array.from(newest((at) => roundPrice(table.lower[at]!))),
    upper: Float64Array.from(newest((at) => roundPrice(table.upper[at]!))),
    p_up: Float32Array.from(newest((at) => roundChance(table.p_up[at]!))),
    p_down: Float32Array.from(newest((at) => roundChance(table.p_down[at]!))),
    as_of: Int32Array.from(newest((at) => table.as_of[at]!)),
    flags: Uint16Array.from(newest((at) => table.flags[at]!)),
    signal: new Uint8Array(cards.length),
    paused: new Uint8Array(cards.length),
  };
  const today = epochDay(dayOf(new Date(champion.promoted_at)));
  for (let row = 0; row < cards.length; row++) {
    const why = pauseOf({
      flags: flagNames(calls.flags[row]!),
      price_day: calls.day[row]!,
      today,
      stale_days: settings.POKEWATCH_PAUSE_STALE_DAYS,
      drift: paused,
    });
    const { signal } = computeSignal({
      market_price: calls.market[row]!,
      fair_price: calls.fair[row]!,
      buy_threshold_pct: settings.POKEWATCH_BUY_THRESHOLD_PCT,
      sell_threshold_pct: settings.POKEWATCH_SELL_THRESHOLD_PCT,
    });
    calls.signal[row] = SIGNAL_NUMBERS.indexOf(why === undefined ? signal : 'HOLD');
    calls.paused[row] = why === undefined ? 0 : PAUSE_CODES.indexOf(why.code) + 1;
  }
  return calls;
}
