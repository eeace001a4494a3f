import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Drift, type KpiFigure, type Kpis, KpisSchema, type Prediction } from '@pokewatch/contracts';
import { createLogger, parseSettings } from '@pokewatch/core';
import { type Served, serve } from '@pokewatch/http/testing';
import { folderStore, layout, saveDrift, saveKpis } from '@pokewatch/store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createModelApp } from './index.ts';
import { publishSample } from './testing/sample-model.ts';

let root: string;
let served: Served | undefined;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-judgements-'));
  await publishSample(root);
});
afterEach(async () => {
  await served?.close();
  served = undefined;
  rmSync(root, { recursive: true, force: true });
});

async function start(env: Record<string, string> = {}): Promise<void> {
  const settings = parseSettings({ POKEWATCH_DATA: root, POKEWATCH_NOW: '2026-04-21T12:00:00Z', ...env });
  served = await serve(await createModelApp({ settings, logger: createLogger({ service: 'test', level: 'silent' }) }));
}

async function ask(path: string, body?: unknown) {
  const answer = await fetch(`${served!.url}${path}`, {
    ...(body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' } }),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: JSON.parse(await answer.text()) };
}

const paused = async (card_id: string, date?: string) =>
  ((await ask('/predict', { card_id, date })).body as Prediction).paused;

const series = async () => (await (await fetch(`${served!.url}/metrics`)).text()).replaceAll(/,?service="model"/g, '');

const figure = (value: number | null): KpiFigure => {
  return { value, n: 10, lower: null, upper: null, interval: null, base_rate: 0.1 };
};

function sampleKpis(cards: number): Kpis {
  const states = { judged: 10, open: 2, no_price: 0 };
  const accuracy = { mape: figure(0.06), rmse: figure(1.5), coverage: figure(0.8) };
  return KpisSchema.parse({
    computed_at: '2026-04-21T03:00:00Z',
    source: 'import',
    simulated: false,
    features_version: 'f',
    data_to: '2026-04-20',
    from: '2026-04-01',
    to: '2026-04-20',
    least_price: 5,
    currency: 'USD',
    publications: 3,
    model_versions: 3,
    calls: { counted: 12, repeated: 0, late: 0, withdrawn: 0, changed: 0, corrected: 0, paused: 0 },
    states,
    settings: [{ horizon_days: 14, buy_threshold_pct: 0.1, sell_threshold_pct: 0.15, publications: 3 }],
    ...accuracy,
    signals: [{ signal: 'BUY', days: 14, states, precision: figure(0.5), recall: figure(null) }],
    distribution: [{ signal: 'BUY', share: figure(0.2) }],
    stability: { same: figure(0.9), reversed: figure(0) },
    by: { price: [], rarity: [{ group: 'Rare', cards: 3, states, ...accuracy }], set: [] },
    cards: Array.from({ length: cards }, (_, i) => ({
      card_id: `c${String(i).padStart(3, '0')}`,
      name: `Card ${i}`,
      states,
      mape: figure(0.05),
    })),
  } satisfies Kpis);
}

function sampleDrift(model_version: string): Drift {
  const window = { from: '2026-04-07', to: '2026-04-20', rows: 100 };
  const table = {
    reference: window,
    current: window,
    drift_share: 0.5,
    number_of_columns: 4,
    number_of_drifted_columns: 4,
  };
  return {
    kind: 'drift',
    format: 1,
    computed_at: '2026-04-21T03:00:00Z',
    model_version,
    features_version: 'f',
    source: 'import',
    simulated: false,
    window_days: 14,
    pause: { share: 0.9, distance: 1 },
    data: { ...table, share_of_drifted_columns: 1, dataset_drift: true, drift_by_columns: [] },
    predictions: null,
    paused: { code: 'drift', text: 'No advice: all is different.' },
  };
}

test('a price of yesterday carries advice; one that is flagged does not, whatever its day', async () => {
  await start();
  expect(await paused('alpha')).toBeUndefined();
  // Rows of the first day of the sample are flagged as outliers.
  const first = await ask('/predict', { card_id: 'alpha', date: '2026-04-15' });
  expect(first.body.flags).toContain('outlier');
  expect(first.body.paused.code).toBe('suspect_price');
});

test('a newest price that is too old carries none; a day that is asked for by date is history', async () => {
  await start({ POKEWATCH_NOW: '2026-04-28T00:00:00Z' });
  expect(await paused('alpha')).toMatchObject({ code: 'stale_data' });
  expect(await paused('alpha', '2026-04-18')).toBeUndefined();
  expect(await series()).toContain('pokewatch_paused_cards{code="stale_data"} 3');
});

test('how old a price may be is a setting, and 0 is never too old', async () => {
  await start({ POKEWATCH_NOW: '2027-01-01T00:00:00Z', POKEWATCH_PAUSE_STALE_DAYS: '0' });
  expect(await paused('alpha')).toBeUndefined();
});

test('a version of which drift is known pauses its newest prices from its first answer on', async () => {
  await saveDrift(folderStore(root), sampleDrift('v1'));
  await start();
  expect(await paused('alpha')).toEqual({ code: 'drift', text: 'No advice: all is different.' });
  expect(await paused('alpha', '2026-04-18')).toBeUndefined();
  expect(await series()).toContain('pokewatch_drift_share{table="data"} 1');
});

test('the drift of another version pauses nothing', async () => {
  await saveDrift(folderStore(root), sampleDrift('v0'));
  await start();
  expect(await paused('alpha')).toBeUndefined();
});

test('KPIs are answered whole but for the cards, which come a page at a time', async () => {
  const kpis = sampleKpis(7);
  await saveKpis(folderStore(root), '2026-04-20', sampleKpis(1));
  await saveKpis(folderStore(root), '2026-04-21', kpis);
  await start();
  const { cards, ...summary } = kpis;
  expect(await ask('/kpis')).toEqual({ status: 200, body: summary });
  const pages: string[][] = [];
  for (let after: string | null = null; pages.length < 5; ) {
    const { body } = await ask('/kpis/cards', { after, limit: 3 });
    pages.push(body.cards.map((card: { card_id: string }) => card.card_id));
    after = body.next;
    if (after === null) break;
  }
  const ids = cards.map(({ card_id }) => card_id);
  expect(pages).toEqual([ids.slice(0, 3), ids.slice(3, 6), ids.slice(6)]);
  expect((await ask('/kpis/cards', { after: 'zzz' })).body).toEqual({ cards: [], next: null });
});

test('KPIs are metrics with few labels; what is not known has no series', async () => {
  await saveKpis(folderStore(root), '2026-04-21', sampleKpis(7));
  await start();
  const text = await series();
  expect(text).toContain('pokewatch_kpi_precision{signal="BUY",days="14",part="value"} 0.5');
  expect(text).toContain('pokewatch_kpi_recall{signal="BUY",days="14",part="base_rate"} 0.1');
  expect(text).not.toMatch(/pokewatch_kpi_recall\{[^}]*part="value"/);
  expect(text).toContain('pokewatch_kpi_error{figure="mape",part="value"} 0.06');
  expect(text).toContain('pokewatch_kpi_band_coverage{part="value"} 0.8');
  expect(text).toContain('pokewatch_kpi_calls{state="open"} 2');
  expect(text.match(/^pokewatch_kpi_\w+\{/gm)!.length).toBeLessThan(60);
  expect(text).not.toContain('c000');
});

test('before the first KPIs the answer is 404 with the reason, and after damage the reason is in the log only', async () => {
  await start();
  expect(await ask('/kpis')).toMatchObject({ status: 404, body: { code: 'no_kpis' } });
  await served!.close();
  await saveKpis(folderStore(root), '2026-04-21', sampleKpis(1));
  writeFileSync(layout.kpisOf(root, '2026-04-21'), '{');
  await start();
  expect(await ask('/kpis')).toMatchObject({ status: 404, body: { code: 'no_kpis' } });
  expect(await paused('alpha')).toBeUndefined();
});

test('damaged KPIs do not hide the drift of the version', async () => {
  const store = folderStore(root);
  await saveKpis(store, '2026-04-21', sampleKpis(1));
  writeFileSync(layout.kpisOf(root, '2026-04-21'), '{');
  await saveDrift(store, sampleDrift('v1'));
  await start();
  expect(await paused('alpha')).toMatchObject({ code: 'drift' });
});
