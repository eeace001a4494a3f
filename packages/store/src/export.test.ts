import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folderStore } from './data-store.ts';
import { queryRows, withDuck } from './duck.ts';
import { exportPrices } from './export.ts';
import { writeRaw } from './raw.ts';
import { sampleCard, samplePrice } from './testing/sample-rows.ts';

let root: string;
let out: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-export-'));
  out = join(root, 'out', 'prices.csv');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function run(run_id: string, source = 'import') {
  return { source, collected: '2026-04-20', run_id };
}

test('one row a card, variant and day is exported, as last observed, with the columns that import reads', async () => {
  await writeRaw(
    root,
    run('r-1'),
    [samplePrice(), samplePrice({ printing: 'Holofoil', market: 7 })],
    [
      sampleCard({ name: 'Abra, "the" first' }),
      sampleCard({ printing: 'Holofoil', set_name: '', number: '', rarity: '' }),
    ],
  );
  const later = '2026-04-21T12:00:00.000Z';
  await writeRaw(
    root,
    run('r-2'),
    [samplePrice({ market: 3, observed_at: later, run_id: 'r-2' })],
    [sampleCard({ name: 'Abra', observed_at: later })],
  );
  const done = await exportPrices(folderStore(root), { format: 'csv', out });
  expect(done).toEqual({ out, rows: 2, source: 'import', simulated: false, left_out: 1 });
  expect(readFileSync(out, 'utf8').split('\n')).toEqual([
    'card_id,card_name,set,number,rarity,variant,date,market,low,mid,high',
    'a,Abra,unknown,,,Holofoil,2026-04-01,7.0,,2.0,',
    'a,Abra,Base,1/9,Common,Normal,2026-04-01,3.0,,2.0,',
    '',
  ]);
});

test('other currencies, other conditions and rows without a price are left out and counted', async () => {
  const rows = [
    samplePrice(),
    samplePrice({ currency: 'EUR' }),
    samplePrice({ condition: 'Damaged' }),
    samplePrice({ price_date: '2026-04-02', market: null, mid: null }),
  ];
  await writeRaw(root, run('r-1'), rows, []);
  expect(await exportPrices(folderStore(root), { format: 'parquet', out })).toMatchObject({ rows: 1, left_out: 3 });
  const [row] = await withDuck((duck) => queryRows(duck, `select * from read_parquet('${out}')`));
  expect(row).toMatchObject({ card_id: 'a', card_name: 'a', set: 'unknown', market: 1.5, low: null });
});

test('prices of several sources are not mixed: one must be named, and the demo is called simulated', async () => {
  await expect(exportPrices(folderStore(root), { format: 'csv', out })).rejects.toMatchObject({
    code: 'nothing_to_do',
  });
  await writeRaw(root, run('r-1', 'demo'), [samplePrice()], []);
  await writeRaw(root, run('r-1', 'tcgcsv'), [samplePrice()], []);
  await expect(exportPrices(folderStore(root), { format: 'csv', out })).rejects.toMatchObject({
    code: 'bad_usage',
    message: expect.stringContaining('demo, tcgcsv'),
  });
  expect(await exportPrices(folderStore(root), { format: 'csv', out, source: 'demo' })).toMatchObject({
    simulated: true,
  });
  expect(await exportPrices(folderStore(root), { format: 'csv', out, source: 'tcgcsv' })).toMatchObject({
    simulated: false,
  });
  await expect(exportPrices(folderStore(root), { format: 'csv', out, source: 'x' })).rejects.toMatchObject({
    code: 'nothing_to_do',
  });
});
