import type { CardRow, ModelCurves, ModelManifest, PriceRow, TermColumns } from '@pokewatch/contracts';
import type { HorizonTable } from '../horizon-file.ts';
import type { PredictionTable } from '../prediction-table.ts';

const MOMENT = '2026-04-20T12:00:00.000Z';

/** A price row for tests. */
export function samplePrice(part: Partial<PriceRow> = {}): PriceRow {
  return {
    card_id: 'a',
    source: 'import',
    printing: 'Normal',
    condition: 'Near Mint',
    language: 'english',
    currency: 'USD',
    price_date: '2026-04-01',
    observed_at: MOMENT,
    market: 1.5,
    low: null,
    mid: 2,
    high: null,
    volume: null,
    run_id: 'r-1',
    ...part,
  };
}

/** A card row for tests. */
export function sampleCard(part: Partial<CardRow> = {}): CardRow {
  return {
    card_id: 'a',
    source: 'import',
    product_id: 'a',
    name: 'Abra',
    set_name: 'Base',
    number: '1/9',
    rarity: 'Common',
    printing: 'Normal',
    language: 'english',
    observed_at: MOMENT,
    run_id: 'r-1',
    ...part,
  };
}

/** A table of predictions for tests: for each card id, prices on `days` days in a row. */
export function sampleTable(ids: readonly string[], days = 3): PredictionTable {
  const rows = ids.length * days;
  const floats = (value: (i: number) => number) => Float64Array.from({ length: rows }, (_, i) => value(i));
  const parts = () => Float32Array.from({ length: rows }, (_, i) => (i % 7) / 100);
  return {
    cards: ids.map((card_id, i) => ({
      card_id,
      name: `Card ${card_id}`,
      set_name: 'Base',
      number: '1',
      rarity: 'Common',
      printing: 'Normal',
      language: 'english',
      currency: 'USD',
      from: i * days,
      to: (i + 1) * days,
    })),
    day: Int32Array.from({ length: rows }, (_, i) => 20_000 + (i % days)),
    market: floats((i) => 1 + i / 10),
    fair: floats((i) => 1.1 + i / 10),
    lower: floats((i) => 0.9 + i / 10),
    upper: floats((i) => 1.3 + i / 10),
    p_up: Float32Array.from({ length: rows }, (_, i) => (i % 11) / 10),
    p_down: Float32Array.from({ length: rows }, (_, i) => (i % 5) / 8),
    low: floats((i) => (i % 4 === 3 ? Number.NaN : 0.95 + i / 10)),
    market_part: parts(),
    set_part: parts(),
    listings_part: parts(),
    own_part: parts(),
    flags: new Uint16Array(rows),
    model: new Uint8Array(rows).fill(1),
    models: ['naive', 'ridge'],
    as_of: new Int32Array(rows).fill(19_999),
  };
}

/** Explanations for tests: each card's newest price moves by a trend, and its listings are not known. */
export function sampleTerms({ cards, market, fair }: PredictionTable): TermColumns {
  const prices = cards.map(({ to }) => ({ market: market[to - 1]!, fair: fair[to - 1]! }));
  return {
    names: ['trend', 'gap'],
    ends: Uint32Array.from(cards, (_, card) => 2 * card + 2),
    shown: Uint32Array.from(cards, (_, card) => 2 * card + 1),
    term: Int16Array.from({ length: 2 * cards.length }, (_, row) => row % 2),
    value: Float32Array.from({ length: 2 * cards.length }, (_, row) => (row % 2 === 0 ? 0.25 : Number.NaN)),
    units: Int32Array.from(prices.flatMap((one) => [Math.round(Math.log(one.fair / one.market) * 1e8), 0])),
    cents: Int32Array.from(prices.flatMap((one) => [Math.round(one.fair * 100) - Math.round(one.market * 100), 0])),
  };
}

/** Horizons for tests: 7 and 30 days for every card. */
export function sampleHorizons({ cards, fair }: PredictionTable): HorizonTable {
  const rows = 2 * cards.length;
  const price = (row: number) => fair[cards[row >> 1]!.to - 1]!;
  const column = (factor: number) => Float64Array.from({ length: rows }, (_, row) => price(row) * factor);
  return {
    card: Uint32Array.from({ length: rows }, (_, row) => row >> 1),
    horizon_days: Uint16Array.from({ length: rows }, (_, row) => (row % 2 === 0 ? 7 : 30)),
    fair: column(1),
    lower: column(0.75),
    upper: column(1.5),
    p_up: new Float32Array(rows).fill(0.25),
    p_down: new Float32Array(rows).fill(0.125),
  };
}

/** Curves for tests. */
export const SAMPLE_CURVES: Omit<ModelCurves, 'model_version'> = {
  model: 'ridge',
  horizon_days: 14,
  restlessness: null,
  terms: [
    { term: 'trend', group: 'market', text: 'trend', form: 'change', definition: 'd', unit: 'log return', usual: 0 },
    { term: 'gap', group: 'listings', text: 'gap', form: 'change', definition: 'd', unit: 'log return', usual: null },
  ],
  speakers: [{ model: 'ridge', curves: [{ term: 'trend', scaled: false, knots: [-1, 1], heights: [-1, 1] }] }],
};

/** A manifest for tests, without its files. */
export function sampleManifest(version = 'm-1'): Omit<ModelManifest, 'files'> {
  return {
    kind: 'model',
    version,
    model: 'ridge',
    horizon_days: 14,
    features_version: 'f-1',
    data_sha256: '0'.repeat(64),
    source: 'import',
    simulated: false,
    rows: 3,
    cards: 1,
    first_date: '2024-10-04',
    last_date: '2024-10-06',
    code_version: '0.1.0',
    metrics: {},
    gate: { passed: true, checks: [], notes: [] },
  };
}
