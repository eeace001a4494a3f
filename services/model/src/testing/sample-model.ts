import type { Champion, ModelManifest } from '@pokewatch/contracts';
import { epochDay } from '@pokewatch/core';
import { type HorizonTable, type LoadedModel, type PredictionTable, publishModel, setChampion } from '@pokewatch/store';
import { PARTS, SAMPLE_CURVES, sampleTerms } from './sample-terms.ts';

/** The promotion of a sample model. */
export const SAMPLE_CHAMPION: Champion = {
  model_version: 'v1',
  manifest_sha256: 'x',
  promoted_at: '2026-04-21T00:00:00Z',
  reason: 'a test',
};

/** A small model for tests: its prices follow from the numbers given, so that answers can be checked by hand. */
export interface SampleOptions {
  readonly version?: string;
  readonly cards?: readonly string[];
  readonly days?: number;
  /** Multiplies every fair price; tells versions apart. */
  readonly factor?: number;
  readonly last_date?: string;
}

/** A loaded model whose card number c has the market price 10 + c + d/100 on its day number d. */
export function sampleModel(options: SampleOptions = {}): LoadedModel {
  const { version = 'v1', cards = ['alpha', 'beta', 'gamma'], days = 5, factor = 1 } = options;
  const last = epochDay(options.last_date ?? '2026-04-20');
  const sorted = [...cards].sort();
  const rows = sorted.length * days;
  const column = (value: (card: number, day: number) => number) =>
    Float64Array.from({ length: rows }, (_, row) => value(Math.floor(row / days), row % days));
  const log_return = PARTS.market + PARTS.set + PARTS.listings + PARTS.own + Math.log(factor);
  const market = column((card, day) => Math.round(1000 + card * 100 + day) / 100);
  const table: PredictionTable = {
    cards: sorted.map((card_id, index) => ({
      card_id,
      name: card_id,
      set_name: 'Test',
      number: String(index),
      rarity: 'Rare',
      printing: 'Holofoil',
      language: 'English',
      currency: 'USD',
      from: index * days,
      to: (index + 1) * days,
    })),
    // A day is left out before the last one, so that a day inside the range has no data.
    day: Int32Array.from(
      { length: rows },
      (_, row) => last - (days - 1 - (row % days)) - (row % days < days - 1 ? 1 : 0),
    ),
    market,
    fair: market.map((price) => price * Math.exp(log_return)),
    lower: market.map((price) => price * 0.8),
    upper: market.map((price) => price * 1.3),
    p_up: Float32Array.from({ length: rows }, () => 0.25),
    p_down: Float32Array.from({ length: rows }, () => 0.1),
    // The day before the last has no listing.
    low: column((card, day) => (day === days - 2 ? Number.NaN : Math.round(950 + card * 100 + day) / 100)),
    market_part: Float32Array.from({ length: rows }, () => PARTS.market),
    set_part: Float32Array.from({ length: rows }, () => PARTS.set),
    listings_part: Float32Array.from({ length: rows }, () => PARTS.listings),
    own_part: Float32Array.from({ length: rows }, () => PARTS.own + Math.log(factor)),
    flags: Uint16Array.from({ length: rows }, (_, row) => (row % days === 0 ? 0b11 : 0)),
    model: Uint8Array.from({ length: rows }, (_, row) => (row % days === 0 ? 0 : 1)),
    models: ['naive', 'ridge'],
    as_of: Int32Array.from({ length: rows }, () => last - 7),
  };
  return {
    manifest: sampleManifest(version, table, last),
    table,
    terms: sampleTerms(table),
    horizons: sampleHorizons(table),
    curves: { model_version: version, ...SAMPLE_CURVES },
  };
}

/** Publishes a sample model in the store under `root` and makes it the champion. */
export async function publishSample(root: string, options: SampleOptions = {}): Promise<ModelManifest> {
  const { manifest, table, terms, horizons } = sampleModel(options);
  const published = await publishModel(root, { manifest, table, terms, horizons, curves: SAMPLE_CURVES, extras: {} });
  const pointer: Omit<Champion, 'manifest_sha256'> = {
    model_version: manifest.version,
    promoted_at: '2026-04-21T00:00:00Z',
    reason: 'a test',
  };
  setChampion(root, pointer);
  return published;
}

/** Half of the expected move after 7 days and twice as much after 30, for all cards but the second. */
function sampleHorizons({ cards, market, fair }: PredictionTable): HorizonTable {
  const rows = cards.flatMap(({ to }, card) =>
    [7, 30].map((horizon_days) => {
      const move = Math.log(fair[to - 1]! / market[to - 1]!) * (horizon_days < 14 ? 0.5 : 2);
      return { card, horizon_days, fair: market[to - 1]! * Math.exp(move), spread: 1 + horizon_days / 100 };
    }),
  );
  const told = rows.filter(({ card }) => card !== 1);
  return {
    card: Uint32Array.from(told, (row) => row.card),
    horizon_days: Uint16Array.from(told, (row) => row.horizon_days),
    fair: Float64Array.from(told, (row) => row.fair),
    lower: Float64Array.from(told, (row) => row.fair / row.spread),
    upper: Float64Array.from(told, (row) => row.fair * row.spread),
    p_up: Float32Array.from(told, (row) => row.horizon_days / 100),
    p_down: Float32Array.from(told, (row) => row.horizon_days / 200),
  };
}

function sampleManifest(version: string, table: PredictionTable, last: number): ModelManifest {
  const day = (days: number) => new Date(days * 86_400_000).toISOString().slice(0, 10);
  return {
    kind: 'model',
    version,
    model: 'ridge',
    horizon_days: 14,
    features_version: 'f1',
    data_sha256: '0'.repeat(64),
    source: 'demo',
    simulated: true,
    rows: table.day.length,
    cards: table.cards.length,
    first_date: day(table.day[0]!),
    last_date: day(last),
    code_version: '0.1.0',
    metrics: {},
    gate: { passed: true, checks: [], notes: [] },
    files: [],
  };
}
