import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PriceRow } from '@pokewatch/contracts';
import { epochDay } from '@pokewatch/core';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folderStore } from './data-store.ts';
import { fileList, queryRows, withDuck } from './duck.ts';
import { exportPrices } from './export.ts';
import { layout } from './layout.ts';
import { hasRaw, listRaw, writeRaw } from './raw.ts';
import { writeRawQuotes } from './raw-quotes.ts';
import { sampleCard, samplePrice } from './testing/sample-rows.ts';

const RUN = { source: 'import', collected: '2026-04-20', run_id: 'r-1' };
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-raw-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function bytes(kind: 'prices' | 'cards' = 'prices'): Buffer {
  return readFileSync(listRaw(root, kind)[0]!.path);
}

function stored(): Promise<Record<string, unknown>[]> {
  const files = fileList(listRaw(root).map((file) => file.path));
  return withDuck((duck) =>
    queryRows(duck, `select * from read_parquet(${files}, hive_partitioning = false) order by all`),
  );
}

test('the same rows give the same bytes in any order', async () => {
  const price = fc.option(fc.double({ min: 0.01, max: 1e6, noNaN: true }), { nil: null });
  const row: fc.Arbitrary<PriceRow> = fc
    .record({
      card_id: fc.string({ minLength: 1, maxLength: 8 }),
      printing: fc.constantFrom('Normal', 'Holofoil'),
      condition: fc.constantFrom('Near Mint', ''),
      market: price,
      low: price,
      volume: price,
    })
    .map(samplePrice);
  const rowsTwice = fc
    .array(row, { minLength: 1, maxLength: 40 })
    .chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })));
  await fc.assert(
    fc.asyncProperty(rowsTwice, async ([rows, shuffled]) => {
      const cards = [sampleCard(), sampleCard({ card_id: 'b' })];
      await writeRaw(root, RUN, rows, cards);
      const before = [bytes(), bytes('cards')];
      rmSync(layout.raw(root), { recursive: true });
      await writeRaw(root, RUN, shuffled, cards.toReversed());
      expect([bytes(), bytes('cards')]).toEqual(before);
      rmSync(layout.raw(root), { recursive: true });
    }),
    { numRuns: 20 },
  );
});

test('many rows give the same bytes each time, whichever thread wrote them', async () => {
  const rows = Array.from({ length: 150_000 }, (_, i) =>
    samplePrice({ card_id: String(i % 977), market: 1 + (i % 1009) }),
  );
  await writeRaw(root, RUN, rows, [sampleCard()]);
  const before = bytes();
  rmSync(layout.raw(root), { recursive: true });
  await writeRaw(root, RUN, rows.toReversed(), [sampleCard()]);
  expect(bytes().equals(before)).toBe(true);
});

test('quotes as columns become the same rows as quotes as objects', async () => {
  const cards = ['b', 'a', 'a'].map((card_id, i) => sampleCard({ card_id, printing: i === 2 ? 'Holofoil' : 'Normal' }));
  const day = epochDay('2026-04-01');
  await writeRawQuotes(
    root,
    RUN,
    cards,
    {
      length: 3,
      card: Int32Array.of(0, 1, 2, 99),
      day: Int32Array.of(day, day, day + 1, 0),
      market: Float64Array.of(1.5, 2, Number.NaN, 0),
      low: Float64Array.of(Number.NaN, 1, 1, 0),
      mid: Float64Array.of(2, 2, 2, 0),
      high: Float64Array.of(Number.NaN, Number.NaN, 3, 0),
    },
    { condition: 'Near Mint', currency: 'USD' },
  );
  const columns = bytes();
  const cardColumns = bytes('cards');
  const fromColumns = await stored();
  rmSync(layout.raw(root), { recursive: true });
  const rows = [
    samplePrice({ card_id: 'b' }),
    samplePrice({ market: 2, low: 1 }),
    samplePrice({ printing: 'Holofoil', price_date: '2026-04-02', market: null, low: 1, high: 3 }),
  ];
  await writeRaw(root, RUN, rows, cards);
  expect(fromColumns).toEqual(await stored());
  expect(bytes('cards').equals(cardColumns)).toBe(true);
  expect(columns.length).toBeGreaterThan(0);
});

test('prices that mean none are stored as none, whoever wrote them', async () => {
  const rows = [0, -1, Number.NaN, Number.POSITIVE_INFINITY].map((market, i) =>
    samplePrice({ card_id: String(i), market }),
  );
  await writeRaw(root, RUN, rows, []);
  expect((await stored()).map((row) => row.market)).toEqual([null, null, null, null]);
});

test('a run that was published is not written again', async () => {
  await writeRaw(root, RUN, [samplePrice()], [sampleCard()]);
  await writeRaw(root, RUN, [samplePrice({ market: 9 })], [sampleCard()]);
  expect((await stored()).map((row) => row.market)).toEqual([1.5]);
});

test('the listing passes over what is unfinished or not a raw file, and is sorted by source, day and run', async () => {
  for (const [source, collected, run_id] of [
    ['tcgcsv', '2026-04-02', 'r-2'],
    ['demo', '2026-04-03', 'r-3'],
    ['tcgcsv', '2026-04-01', 'r-9'],
  ] as const)
    await writeRaw(root, { source, collected, run_id }, [samplePrice()], []);
  const day = join(layout.rawPrices(root), 'source=tcgcsv', 'collected=2026-04-02');
  writeFileSync(join(day, '.unfinished-123-r-4.parquet'), 'half');
  writeFileSync(join(day, 'notes.txt'), 'mine');
  writeFileSync(join(layout.rawPrices(root), '.DS_Store'), '');
  mkdirSync(join(layout.rawPrices(root), 'old'));
  expect(listRaw(root).map((file) => `${file.source} ${file.collected} ${file.run_id}`)).toEqual([
    'demo 2026-04-03 r-3',
    'tcgcsv 2026-04-01 r-9',
    'tcgcsv 2026-04-02 r-2',
  ]);
  expect(hasRaw(root, { source: 'tcgcsv', collected: '2026-04-02', run_id: 'r-4' })).toBe(false);
});

test.each([
  ['empty', (path: string) => truncateSync(path, 0)],
  ['cut in half', (path: string) => truncateSync(path, Math.floor(readFileSync(path).length / 2))],
  ['without its last byte', (path: string) => truncateSync(path, readFileSync(path).length - 1)],
  ['garbage', (path: string) => writeFileSync(path, 'no Parquet at all, but long enough to be one')],
  [
    'garbage between Parquet’s marks',
    (path: string) => writeFileSync(path, `PAR1${'x'.repeat(100)}\u0020\u0000\u0000\u0000PAR1`),
  ],
  [
    'a folder',
    (path: string) => {
      rmSync(path);
      mkdirSync(path);
    },
  ],
])('a raw file that is %s is a bad_data_file that names it and says what to do', async (_name, damage) => {
  await writeRaw(root, RUN, [samplePrice()], [sampleCard()]);
  await writeRaw(root, { ...RUN, run_id: 'r-2' }, [samplePrice()], [sampleCard()]);
  const { path } = listRaw(root)[1]!;
  damage(path);
  await expect(exportPrices(folderStore(root), { format: 'csv', out: join(root, 'out.csv') })).rejects.toMatchObject({
    code: 'bad_data_file',
    message: expect.stringContaining(path),
    hint: expect.stringMatching(/Move the file away/),
  });
});

test('a raw file of an older shape is a bad_data_file, not a wrong answer', async () => {
  await writeRaw(root, RUN, [samplePrice()], [sampleCard()]);
  const { path } = listRaw(root)[0]!;
  await withDuck((duck) => duck.run(`copy (select 'a' as card, 1.5 as price) to '${path}' (format parquet)`));
  await expect(exportPrices(folderStore(root), { format: 'csv', out: join(root, 'out.csv') })).rejects.toMatchObject({
    code: 'bad_data_file',
  });
});

test('a data folder may have any name', async () => {
  const odd = join(root, "it's [odd] *and* {new}?");
  await writeRaw(odd, RUN, [samplePrice()], [sampleCard()]);
  const done = await exportPrices(folderStore(odd), { format: 'csv', out: join(odd, 'out [1].csv') });
  expect(done.rows).toBe(1);
  expect(readFileSync(join(odd, 'out [1].csv'), 'utf8')).toContain('Abra');
});
