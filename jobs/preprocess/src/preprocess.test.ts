import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CardRow, FeatureManifest, PriceRow } from '@pokewatch/contracts';
import { createLogger, dayFromEpoch, epochDay, fixedClock, parseSettings } from '@pokewatch/core';
import { type JobProcess, noProgress } from '@pokewatch/job';
import {
  currentFeatures,
  DAILY_FILE,
  folderStore,
  layout,
  listRaw,
  literal,
  queryRows,
  readPanel,
  withDuck,
  writeRaw,
} from '@pokewatch/store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { build } from './build.ts';
import type { WatchedIdentity } from './identity-sql.ts';
import { preprocess } from './preprocess.ts';
import { FLAG_COUNTS_SQL, PUBLISHED_DAILY_SQL } from './quality-sql.ts';
import { chooseSource } from './source.ts';

const FIRST = epochDay('2026-01-01');
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-preprocess-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function quote(card_id: string, day: number, part: Partial<PriceRow> = {}): PriceRow {
  const market = 50 + 3 * Math.sin(day * 1.7) + day * 0.1;
  return {
    card_id,
    source: 'import',
    printing: 'Holofoil',
    condition: 'Near Mint',
    language: 'english',
    currency: 'USD',
    price_date: dayFromEpoch(FIRST + day),
    observed_at: '2026-06-01T00:00:00.000Z',
    market,
    low: market * 0.9,
    mid: market * 1.1,
    high: market * 2,
    volume: null,
    run_id: 'import-2026-06-01-001',
    ...part,
  };
}

function cardRow(card_id: string, part: Partial<CardRow> = {}): CardRow {
  return {
    card_id,
    source: 'import',
    product_id: card_id,
    name: `Card ${card_id}`,
    set_name: 'Set',
    number: '1',
    rarity: 'Rare',
    printing: 'Holofoil',
    language: 'english',
    observed_at: '2026-06-01T00:00:00.000Z',
    run_id: 'import-2026-06-01-001',
    ...part,
  };
}

async function run(prices: PriceRow[], watched: WatchedIdentity[] = [], source = '', folder = root) {
  const cards = [...new Set(prices.map((row) => row.card_id))].map((id) => cardRow(id));
  await writeRaw(folder, { source: 'import', collected: '2026-06-01', run_id: 'import-2026-06-01-001' }, prices, cards);
  return preprocess(given(folder, source), watched);
}

function given(folder: string, source = ''): JobProcess {
  return {
    settings: parseSettings({ POKEWATCH_DATA: folder, POKEWATCH_SOURCE: source }),
    clock: fixedClock('2026-06-01T12:00:00Z'),
    logger: createLogger({ service: 'test', level: 'silent' }),
    progress: noProgress,
    stop: new AbortController().signal,
  };
}

async function daily(folder = root): Promise<Record<string, unknown>[]> {
  const manifest = currentFeatures(folder) as FeatureManifest;
  return withDuck((duck) =>
    queryRows(
      duck,
      `select *, date::varchar as d from ${literal(join(layout.features(folder, manifest.version), DAILY_FILE))} order by card_id, date`,
    ),
  );
}

const days = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

test('every raw row is either a row of the panel or counted under the reason that kept it out', async () => {
  const prices = [
    ...days(0, 19).map((day) => quote('a', day)),
    quote('a', 5),
    quote('a', 6, { observed_at: '2026-05-31T00:00:00.000Z', market: 1 }),
    quote('a', 7, { printing: 'Reverse Holofoil' }),
    quote('a', 8, { currency: 'EUR' }),
    quote('a', 9, { condition: 'Damaged' }),
    quote('a', 400),
    quote('a', 20, { market: null }),
  ];
  const report = await run(prices);
  expect(report.exit_code).toBe(0);
  expect(report.flags).toMatchObject({
    duplicate: 1,
    corrected: 1,
    wrong_printing: 1,
    other_currency: 1,
    other_condition: 1,
    future_date: 1,
    no_market: 1,
  });
  expect(report.counts.rows).toBe(20);
});

test('a quote far from the week before is an outlier, and stays in the panel with that flag', async () => {
  await run(days(0, 20).map((day) => (day === 12 ? quote('a', day, { market: 400 }) : quote('a', day))));
  const rows = await daily();
  expect(rows.filter((row) => (row.flags as string[]).includes('outlier')).map((row) => row.d)).toEqual([
    dayFromEpoch(FIRST + 12),
  ]);
  expect(rows[12]).toMatchObject({ market: 400 });
  expect(rows[13]!.return_7d).toBeLessThan(0.3);
});

test('a jump that the listings confirm is no outlier, and one that lasts is accepted after four days', async () => {
  await run([
    ...days(0, 20).map((day) => (day >= 10 ? quote('up', day, { market: 500, low: 450, mid: 520 }) : quote('up', day))),
    ...days(0, 20).map((day) => (day >= 10 ? quote('alone', day, { market: 500 + day }) : quote('alone', day))),
  ]);
  const flagged = (await daily()).filter((row) => (row.flags as string[]).includes('outlier'));
  expect(flagged.every((row) => row.card_id === 'alone')).toBe(true);
  expect(flagged.map((row) => row.d)).toEqual(days(10, 13).map((day) => dayFromEpoch(FIRST + day)));
});

test('figures repeated to the cent are stale from the sixth day on, and a gap marks the day after it', async () => {
  const same = { market: 10, low: 9, mid: 11, high: 20 };
  await run([...days(0, 9).map((day) => quote('a', day, same)), ...days(14, 16).map((day) => quote('a', day))]);
  const flags = (await daily()).map((row) => row.flags as string[]);
  expect(flags.map((names) => names.includes('stale'))).toEqual([
    false,
    false,
    false,
    false,
    false,
    true,
    true,
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(flags.findIndex((names) => names.includes('after_gap'))).toBe(10);
});

test('the watch-list decides which printing a card means, and names cards without usable quotes', async () => {
  const watched = (card_id: string): WatchedIdentity => ({
    ...cardRow(card_id),
    card_id,
    printing: 'Reverse Holofoil',
    currency: 'USD',
    condition: 'Near Mint',
  });
  const report = await run(
    [
      ...days(0, 5).map((day) => quote('a', day)),
      ...days(2, 5).map((day) => quote('a', day, { printing: 'Reverse Holofoil', market: 9 })),
    ],
    [watched('a'), watched('gone')],
  );
  expect(report.flags.wrong_printing).toBe(6);
  expect((await daily()).map((row) => row.market)).toEqual([9, 9, 9, 9]);
  expect(report.notes.join()).toContain('1 watched cards have no usable quote: gone');
});

test('rows of earlier days do not change when later days are cut off', async () => {
  const noisy = (day: number) =>
    quote('a', day, day % 11 === 5 ? { market: 900 } : day % 7 === 3 ? { market: 50, low: null, mid: null } : {});
  const all = [
    ...days(0, 59).map(noisy),
    ...days(3, 59)
      .filter((day) => day % 5 !== 0)
      .map((day) => quote('b', day)),
    ...days(0, 40).map((day) => quote('b', day, { printing: 'Normal', market: 2 })),
  ];
  await run(all);
  const whole = await daily();
  for (const cut of [8, 23, 41]) {
    const folder = mkdtempSync(join(tmpdir(), 'pokewatch-cut-'));
    try {
      await run(
        all.filter((row) => row.price_date <= dayFromEpoch(FIRST + cut)),
        [],
        '',
        folder,
      );
      expect(await daily(folder)).toEqual(whole.filter((row) => String(row.d) <= dayFromEpoch(FIRST + cut)));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
});

test('the same raw files give the same version and the same bytes, and are not worked on twice', async () => {
  const prices = days(0, 30).flatMap((day) => [quote('a', day), quote('b', day)]);
  const first = await run(prices);
  const manifest = currentFeatures(root);
  const again = await preprocess(given(root), []);
  expect(again.summary).toContain('up to date');
  rmSync(layout.features(root, ''), { recursive: true });
  await preprocess(given(root), []);
  expect(currentFeatures(root)).toEqual(manifest);
  expect(first.status).toBe('ok');
});

test('the panel holds the same prices as the Parquet file', async () => {
  await run([...days(0, 9).map((day) => quote('b', day)), ...days(2, 4).map((day) => quote('a', day, { low: null }))]);
  const panel = await readPanel(root, currentFeatures(root)!);
  expect(panel.cards.map((card) => card.card_id)).toEqual(['a', 'b']);
  expect(panel.market[panel.days + 3]).toBeCloseTo(quote('b', 3).market!, 10);
  expect(Number.isNaN(panel.market[0]!)).toBe(true);
  expect(Number.isNaN(panel.low[3]!)).toBe(true);
});

test('a source that has no data, an empty folder and a damaged file each give one clear error', async () => {
  expect((await preprocess(given(root), [])).summary).toContain('nothing was collected yet');
  const asked = await run(
    days(0, 3).map((day) => quote('a', day)),
    [],
    'tcgcsv',
  );
  expect(asked).toMatchObject({
    exit_code: 2,
    summary: expect.stringContaining('no raw prices of source tcgcsv: the data folder holds import'),
  });
  const path = listRaw(root)[0]!.path;
  writeFileSync(path, 'PAR1 nonsense');
  const broken = await preprocess(given(root), []);
  expect(broken).toMatchObject({ exit_code: 1, error: { code: 'bad_data_file' } });
  expect(broken.summary).toContain(path);
});

test('cards worked on range by range give the same rows and counts as all at once', async () => {
  const ids = ['a', "b'c", 'd', 'é', 'zz'];
  const prices = ids.flatMap((id, i) => [
    ...days(0, 39 - i).map((day) => quote(id, day)),
    quote(id, 3),
    quote(id, 4, { observed_at: '2026-05-31T00:00:00.000Z', market: 1 }),
    quote(id, 5, { printing: 'Reverse Holofoil' }),
    quote(id, 30, { observed_at: '2026-06-01T10:00:00.000Z', market: 400 }),
  ]);
  await run([...prices, quote('never', 1, { market: null })]);
  const rounded = (rows: Record<string, unknown>[]) =>
    rows.map((row) => ({ ...row, volatility_30d: (row.volatility_30d as number | null)?.toFixed(12) }));
  const built = (range_rows: number) =>
    withDuck(async (duck) => {
      const context = { progress: noProgress, breathe: async () => {} };
      await build(duck, context, await chooseSource(folderStore(root), ''), [], range_rows);
      const counts = await queryRows(duck, `select * from (${FLAG_COUNTS_SQL}) order by flag`);
      const cards = await queryRows(duck, 'select * from card_facts');
      return { rows: rounded(await queryRows(duck, PUBLISHED_DAILY_SQL)), counts, cards };
    });
  const whole = await built(1_000_000);
  expect(whole.rows).toHaveLength(5 * 38);
  expect(whole.counts).toEqual(
    expect.arrayContaining([
      { flag: 'corrected', n: 10 },
      { flag: 'duplicate', n: 5 },
    ]),
  );
  expect(await built(50)).toEqual(whole);
  expect(await built(1)).toEqual(whole);
});
