import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CardFacts, PAUSE_CODES, type Publication, type Signal } from '@pokewatch/contracts';
import { dayFromEpoch, epochDay } from '@pokewatch/core';
import {
  type Calls,
  fetchCurrentFeatures,
  fetchPanel,
  folderStore,
  layout,
  publicationId,
  SIGNAL_NUMBERS,
  savePublication,
} from '@pokewatch/store';
import { publishFeatures } from '@pokewatch/store/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { computeKpis } from './compute.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-track-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const FIRST = epochDay('2025-01-01');
const DAYS = 60;
const none = Number.NaN;

/** Prices of three cards: one gains 20 % from day 20 on, one stays, one has no price from day 30 on. */
const prices = {
  a: (day: number) => (day < 20 ? 10 : 12),
  b: () => 8,
  c: (day: number) => (day < 30 ? 20 : none),
};

interface Said {
  readonly card: string;
  readonly day: number;
  readonly signal?: Signal;
  readonly market?: number;
  readonly fair?: number;
  readonly paused?: boolean;
  readonly facts?: Partial<CardFacts>;
}

async function publish(said: readonly Said[], change: Partial<Publication> & { days_late?: number } = {}) {
  const { days_late = 1, ...given } = change;
  const list = said.toSorted((a, b) => (a.card < b.card ? -1 : 1));
  const day = Math.max(...list.map((one) => one.day));
  const published_at = `${dayFromEpoch(FIRST + day + days_late)}T03:00:00.000Z`;
  const numbers = (of: (one: Said) => number) => Float64Array.from(list, of);
  const market = numbers(({ card, day, market }) => market ?? prices[card as 'a'](day));
  const calls: Calls = {
    cards: list.map(({ card, facts }) => {
      const known = { name: card, set_name: 's', number: '1', rarity: 'Rare', language: 'english' };
      return { card_id: card, ...known, printing: 'Holofoil', currency: 'USD', ...facts };
    }),
    day: Int32Array.from(list, (one) => FIRST + one.day),
    market,
    low: new Float64Array(list.length).fill(none),
    fair: numbers(({ fair = 10 }) => fair),
    lower: market.map((price) => price * 0.9),
    upper: market.map((price) => price * 1.1),
    p_up: new Float32Array(list.length),
    p_down: new Float32Array(list.length),
    signal: Uint8Array.from(list, ({ signal = 'HOLD' }) => SIGNAL_NUMBERS.indexOf(signal)),
    paused: Uint8Array.from(list, ({ paused }) => (paused ? PAUSE_CODES.indexOf('suspect_price') + 1 : 0)),
    as_of: new Int32Array(list.length),
    flags: new Uint16Array(list.length),
  };
  const publication = {
    published_at,
    model_version: `m-${day}`,
    manifest_sha256: 'x',
    horizon_days: 14,
    buy_threshold_pct: 0.1,
    sell_threshold_pct: 0.15,
    source: 'import',
    simulated: false,
    features_version: 'f',
    last_date: dayFromEpoch(FIRST + day),
    code_version: 'x',
    paused: null,
    ...given,
  };
  const id = publicationId(publication.published_at, publication.model_version);
  await savePublication(folderStore(root), { id, ...publication }, calls);
}

async function judged(days = DAYS, span = {}) {
  const series = Object.entries(prices).map(([card_id, price]) => {
    const market = Array.from({ length: days }, (_, day) => price(day));
    return { card_id, set_name: 's', market, mid: market };
  });
  await publishFeatures(root, series);
  const store = folderStore(root);
  const features = (await fetchCurrentFeatures(store))!;
  return computeKpis(store, await fetchPanel(store, features), features, { span, computed_at: '2025-06-01T00:00:00Z' });
}

const of = (kpis: Awaited<ReturnType<typeof judged>>, signal: string, days: number) =>
  kpis.signals.find((one) => one.signal === signal && one.days === days)!;

test('a call is judged by the price on its day, with the thresholds that it was made with', async () => {
  await publish([
    { card: 'a', day: 10, signal: 'BUY', fair: 12 },
    { card: 'b', day: 10 },
  ]);
  const kpis = await judged();
  expect(of(kpis, 'BUY', 7).precision).toMatchObject({ value: 0, n: 1, base_rate: 0 });
  expect(of(kpis, 'BUY', 14).precision).toMatchObject({ value: 1, n: 1, base_rate: 0.5 });
  expect(of(kpis, 'BUY', 30).recall).toMatchObject({ value: 1, n: 1, base_rate: 0.5 });
  expect(kpis.mape).toMatchObject({ n: 2, value: (0 + 2 / 8) / 2 });
  expect(kpis.settings).toEqual([
    { horizon_days: 14, buy_threshold_pct: 0.1, sell_threshold_pct: 0.15, publications: 1 },
  ]);
});

test('a call whose day is still to come is open; one whose price never came is told apart', async () => {
  await publish([{ card: 'c', day: 25, signal: 'BUY' }]);
  await publish([{ card: 'a', day: 50, signal: 'BUY' }]);
  const kpis = await judged();
  expect(of(kpis, 'BUY', 7).states).toEqual({ judged: 2, open: 0, no_price: 0 });
  expect(of(kpis, 'BUY', 14)).toMatchObject({
    states: { judged: 0, open: 1, no_price: 1 },
    precision: { value: null, n: 0 },
  });
  expect(kpis.mape).toMatchObject({ value: null, n: 0 });
});

test('the first call on a card and day counts, whatever was published later for that day', async () => {
  await publish([{ card: 'a', day: 10, signal: 'HOLD' }]);
  await publish([{ card: 'a', day: 10, signal: 'BUY' }], { days_late: 2, model_version: 'second' });
  const kpis = await judged();
  expect(kpis.calls).toMatchObject({ counted: 1, repeated: 1 });
  expect(of(kpis, 'BUY', 14).precision.n).toBe(0);
});

test('a call that came long after its day does not count', async () => {
  await publish([{ card: 'a', day: 10, signal: 'BUY' }], { days_late: 3 });
  await publish([{ card: 'b', day: 10, signal: 'BUY' }], { days_late: 4 });
  const kpis = await judged();
  expect(kpis.calls).toMatchObject({ counted: 1, late: 1 });
});

test('a call on a price that was corrected since is judged from the price as it is known now', async () => {
  await publish([{ card: 'b', day: 10, signal: 'BUY', market: 4, fair: 8 }]);
  const kpis = await judged();
  expect(kpis.calls.corrected).toBe(1);
  expect(of(kpis, 'BUY', 14).precision).toMatchObject({ value: 0, n: 1 });
});

test('calls on prices that are gone, on other cards and from other sources do not count', async () => {
  await publish([
    { card: 'c', day: 40, market: 20 },
    { card: 'a', day: 40, facts: { printing: 'Normal' } },
    { card: 'z', day: 40, market: 1 },
  ]);
  await publish([{ card: 'b', day: 41 }], { source: 'tcgcsv', model_version: 'other' });
  const kpis = await judged();
  expect(kpis.calls).toMatchObject({ counted: 0, withdrawn: 1, changed: 2 });
  expect(kpis).toMatchObject({ publications: 1, from: null, to: null });
});

test('paused calls count as what they said, HOLD', async () => {
  await publish([{ card: 'a', day: 10, paused: true }]);
  const kpis = await judged();
  expect(kpis.calls).toMatchObject({ counted: 1, paused: 1 });
  expect(kpis.distribution.find(({ signal }) => signal === 'HOLD')!.share.value).toBe(1);
});

test('a span of days leaves the other calls out', async () => {
  await publish([{ card: 'a', day: 10 }]);
  await publish([{ card: 'a', day: 12 }]);
  const kpis = await judged(DAYS, { from: dayFromEpoch(FIRST + 11), to: dayFromEpoch(FIRST + 20) });
  expect(kpis).toMatchObject({ calls: { counted: 1 }, publications: 1, from: dayFromEpoch(FIRST + 12) });
});

test('a publication that is damaged is said, and never passed over', async () => {
  await publish([{ card: 'a', day: 10 }]);
  const store = folderStore(root);
  const [id] = await store.names(layout.calls(root));
  writeFileSync(join(layout.publication(root, id!), 'calls.arrow'), 'x');
  await expect(judged()).rejects.toMatchObject({ code: 'bad_data_file' });
});

test('what was published stays as it was: the same publication again changes nothing', async () => {
  await publish([{ card: 'a', day: 10, signal: 'BUY' }]);
  await publish([{ card: 'a', day: 10, signal: 'SELL' }]);
  expect((await judged()).distribution.find(({ signal }) => signal === 'BUY')!.share.value).toBe(1);
});
