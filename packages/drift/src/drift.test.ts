import type { Drift, FeatureManifest, ModelManifest } from '@pokewatch/contracts';
import { dayFromEpoch } from '@pokewatch/core';
import { seededRandom } from '@pokewatch/evaluation';
import { emptyPanel, type Panel } from '@pokewatch/fair-value';
import type { PredictionTable } from '@pokewatch/store';
import { describe, expect, test } from 'vitest';
import { driftOf } from './drift.ts';
import { driftPage } from './page.ts';
import { driftAdvice } from './words.ts';

const FIRST = 20_000;
const DAYS = 200;
const CARDS = 30;

/** A quiet market with listings; `change` alters the quotes of the newest days. */
function panelWith(change: (panel: Panel, cell: number, card: number) => void = () => {}, days = 14): Panel {
  const random = seededRandom(7);
  const cards = Array.from({ length: CARDS }, (_, i) => {
    const facts = { name: `Card ${i}`, number: String(i), rarity: 'Rare', printing: 'Holofoil', language: 'english' };
    return { card_id: `c${i}`, set_name: `set ${i % 3}`, currency: 'USD', ...facts };
  });
  const panel = emptyPanel(cards, FIRST, DAYS);
  for (let card = 0; card < CARDS; card++) {
    let price = 5 + 4 * card;
    for (let t = 0; t < DAYS; t++) {
      const cell = card * DAYS + t;
      price *= Math.exp(0.06 * (random() - 0.5));
      panel.market[cell] = price;
      panel.low[cell] = price * (0.8 + 0.1 * random());
      panel.mid[cell] = price * (1 + 0.1 * random());
      panel.high[cell] = price * 3;
      if (t >= DAYS - days) change(panel, cell, card);
    }
  }
  return panel;
}

/** Predictions near the market price; those of `other` days are all different. */
function tableOf(panel: Panel, other: (t: number) => boolean = () => false): PredictionTable {
  const random = seededRandom(3);
  const rows = CARDS * DAYS;
  const numbers = (at: (row: number) => number) => Float64Array.from({ length: rows }, (_, row) => at(row));
  const is_other = (row: number) => other(row % DAYS);
  const factor = numbers((row) => (is_other(row) ? 1.4 : 1) * (0.97 + 0.06 * random()));
  const market = numbers((row) => panel.market[row]!);
  const none = new Float32Array(rows);
  return {
    cards: panel.cards.map((card, i) => ({ ...card, from: i * DAYS, to: (i + 1) * DAYS })),
    day: Int32Array.from({ length: rows }, (_, row) => FIRST + (row % DAYS)),
    market,
    fair: numbers((row) => market[row]! * factor[row]!),
    lower: numbers((row) => market[row]! * factor[row]! * (0.85 + 0.05 * random())),
    upper: numbers((row) => market[row]! * factor[row]! * ((is_other(row) ? 1.3 : 1.1) + 0.05 * random())),
    p_up: Float32Array.from(numbers((row) => (is_other(row) ? 0.7 : 0) + 0.2 * random())),
    p_down: Float32Array.from(numbers((row) => (is_other(row) ? 0.3 : 0) + 0.2 * random())),
    low: numbers(() => Number.NaN),
    market_part: none,
    set_part: none,
    listings_part: none,
    own_part: none,
    flags: new Uint16Array(rows),
    model: Uint8Array.from({ length: rows }, (_, row) => (is_other(row) ? 1 : 0)),
    models: ['curves', 'naive'],
    as_of: new Int32Array(rows),
  };
}

const last_date = dayFromEpoch(FIRST + DAYS - 1);
const features = { version: 'f-1', source: 'import', simulated: false, last_date } as FeatureManifest;
const manifest = { version: 'curves-1', fitted_as_of: last_date, last_date } as ModelManifest;

function found(panel: Panel, more: { table?: PredictionTable; share?: number; distance?: number } = {}): Drift {
  const { table = tableOf(panel), share = 0.9, distance = 1 } = more;
  const thresholds = { buy_threshold_pct: 0.1, sell_threshold_pct: 0.15 };
  const given = { panel, features, manifest, table, thresholds, window_days: 14, computed_at: '2026-01-01T00:00:00Z' };
  return driftOf({ ...given, pause: { share, distance } })!;
}

const drifted = ({ data }: Drift) =>
  data.drift_by_columns.filter((one) => one.drift_detected).map((one) => one.column_name);

describe('days like those before', () => {
  test('do not pause signals, and nothing has to be done about most columns', () => {
    const drift = found(panelWith());
    expect(drift.paused).toBeNull();
    expect(drift.data.share_of_drifted_columns).toBeLessThan(0.9);
    expect(drifted(drift)).not.toContain('listed');
  });

  test('are compared with days that do not overlap them', () => {
    const { data, predictions } = found(panelWith());
    expect(data.current).toMatchObject({ from: dayFromEpoch(FIRST + DAYS - 14), to: last_date, rows: 14 * CARDS });
    expect(data.reference).toMatchObject({ from: dayFromEpoch(FIRST), to: dayFromEpoch(FIRST + DAYS - 15) });
    expect(predictions!.reference).toMatchObject({ to: dayFromEpoch(FIRST + DAYS - 15), rows: 90 * CARDS });
  });
});

describe('signals pause', () => {
  const scaled = (factor: number) => (panel: Panel, cell: number) => {
    for (const column of [panel.market, panel.low, panel.mid, panel.high]) column[cell] = column[cell]! * factor;
  };

  test('when a source changes its currency', () => {
    const { paused } = found(panelWith(scaled(150)));
    expect(paused).toMatchObject({ code: 'drift', text: expect.stringMatching(/standard deviations/) });
  });

  test('when it gives lowest listings for median ones', () => {
    const swapped = panelWith((panel, cell) => {
      const low = panel.low[cell]!;
      panel.low[cell] = panel.mid[cell]!;
      panel.mid[cell] = low;
    });
    expect(found(swapped).paused).not.toBeNull();
  });

  test('when it gives prices of other cards, on three days too', () => {
    const other = panelWith((panel, cell, card) => {
      const of = (card + 11) % CARDS;
      panel.market[cell] = 5 + 4 * of;
    }, 3);
    expect(found(other).paused).not.toBeNull();
  });

  test('when the predictions are all different', () => {
    const panel = panelWith();
    const { paused } = found(panel, { table: tableOf(panel, (t) => t >= DAYS - 14) });
    expect(paused?.text).toMatch(/predictions .* differ from before/);
  });

  test('by neither rule when both are off', () => {
    expect(found(panelWith(scaled(150)), { share: 0, distance: 0 }).paused).toBeNull();
  });
});

test('a source that stops giving listings is told, and what to look at', () => {
  const silent = panelWith((panel, cell) => {
    panel.low[cell] = Number.NaN;
    panel.mid[cell] = Number.NaN;
  });
  const drift = found(silent);
  expect(drifted(drift)).toContain('listed');
  expect(driftAdvice(drift).join('\n')).toMatch(/source may have stopped giving/);
});

test('too few rows tell nothing', () => {
  const panel = { ...panelWith(), market: new Float64Array(CARDS * DAYS).fill(Number.NaN) };
  const thresholds = { buy_threshold_pct: 0.1, sell_threshold_pct: 0.15 };
  const given = { panel, features, manifest, table: tableOf(panelWith()), thresholds, window_days: 14 };
  expect(driftOf({ ...given, pause: { share: 0.9, distance: 1 }, computed_at: 'now' })).toBeUndefined();
});

test('the report says in plain words what differs and what to do', () => {
  const silent = panelWith((panel, cell) => {
    panel.mid[cell] = Number.NaN;
    panel.low[cell] = Number.NaN;
  });
  const html = driftPage(found(silent));
  expect(html).toContain('<h2>What to do</h2>');
  expect(html).toContain('<td>listed</td><td>drifted</td>');
  expect(html).toContain('<td>price</td><td>as before</td>');
  expect(html).not.toMatch(/NaN|undefined|null/);
});
