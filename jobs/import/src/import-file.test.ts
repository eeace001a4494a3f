import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { listRaw } from '@pokewatch/store';
import { expect, test } from 'vitest';
import { csv, GOOD, root, run, stored, write } from './testing/runs.ts';

test('a row becomes a price and a card with every column in its place', async () => {
  const report = await run(write(csv(GOOD)));
  expect(report).toMatchObject({ status: 'ok', exit_code: 0, counts: { rows: 1, cards: 1, bad_rows: 0 } });
  const [price] = await stored();
  expect(price).toMatchObject({
    card_id: '1',
    source: 'import',
    printing: 'Normal',
    condition: 'Near Mint',
    language: 'english',
    currency: 'USD',
    price_date: '2026-01-02',
    observed_at: '2026-04-20 12:00:00',
    market: 1.5,
    low: 1.2,
    mid: 1.4,
    high: 9,
    volume: null,
  });
  const [card] = await stored('cards');
  expect(card).toMatchObject({
    card_id: '1',
    product_id: '1',
    name: 'Pikachu',
    set_name: 'Base',
    number: '25/102',
    rarity: 'Common',
    printing: 'Normal',
  });
});

test('columns may stand in any order and case, optional ones may be absent, others are passed over', async () => {
  const text = 'comment,Date,variant,MARKET,set,card_name,card_id\n"hi, there",2026-01-02,Holofoil,3,Base,Mew,7\n';
  expect((await run(write(text))).status).toBe('ok');
  expect(await stored()).toMatchObject([{ card_id: '7', market: 3, low: null, mid: null, high: null }]);
});

test.each([
  ['with a byte order mark', (text: string) => Buffer.from(`\ufeff${text}`)],
  ['with CRLF line ends', (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'))],
  ['with CR line ends', (text: string) => Buffer.from(text.replaceAll('\n', '\r'))],
  ['gzipped, whatever its name', (text: string) => gzipSync(text)],
  ['gzipped in two members', (text: string) => Buffer.concat([gzipSync(text.slice(0, 90)), gzipSync(text.slice(90))])],
  ['without an end of the last line', (text: string) => Buffer.from(text.trimEnd())],
  ['with empty lines', (text: string) => Buffer.from(text.replaceAll('\n', '\n\n'))],
  ['with quotes around everything', (text: string) => Buffer.from(text.replace(/[^,\n]+/g, '"$&"'))],
])('a file %s is read', async (_name, encode) => {
  const report = await run(write(encode(csv(GOOD, '2,Évoli 진,Base,,,Normal,2026-01-02,2,,,'))));
  expect(report.summary).toMatch(/^2 rows of 2 cards/);
  expect((await stored('cards')).map((card) => card.name)).toEqual(['Pikachu', 'Évoli 진']);
});

test('zero, negative, not finite and empty prices mean none, and rows without any price are counted', async () => {
  const report = await run(
    write(
      csv(
        '1,A,S,,,Normal,2026-01-01,0,-1,2,Infinity',
        '1,A,S,,,Normal,2026-01-02,nan,1e999,-inf,3',
        '1,A,S,,,Normal,2026-01-03,0,-0.5,,NaN',
      ),
    ),
  );
  expect(report.counts).toMatchObject({ rows: 2, no_price_rows: 1 });
  expect(await stored()).toMatchObject([
    { market: null, low: null, mid: 2, high: null },
    { market: null, low: null, mid: null, high: 3 },
  ]);
});

test('a name that cannot be a source is refused as bad usage', async () => {
  const report = await run(write(csv(GOOD)), { source: '../x' });
  expect(report).toMatchObject({ status: 'failed', exit_code: 2, error: { code: 'bad_usage' } });
});

test('the same file again writes nothing, and under another source it is imported', async () => {
  const file = write(csv(GOOD));
  await run(file);
  const before = listRaw(root);
  const again = await run(file, { now: '2026-04-21T12:00:00Z' });
  expect(again).toMatchObject({ status: 'ok', counts: { rows: 0 } });
  expect(again.summary).toMatch(/already imported/);
  expect(listRaw(root)).toEqual(before);
  expect((await run(file, { source: 'other' })).counts.rows).toBe(1);
});

test('a run that died over one file does not swallow the import of another', async () => {
  await run(write(csv(GOOD), 'a.csv'));
  const [report] = readdirSync(join(root, 'runs'));
  const path = join(root, 'runs', report!);
  writeFileSync(path, readFileSync(path, 'utf8').replace('"status": "ok"', '"status": "running"'));
  const other = await run(write(csv(GOOD.replace('1.50', '2.50')), 'b.csv'));
  expect(other).toMatchObject({ resumed: true, counts: { rows: 1 } });
  expect((await stored()).map((row) => row.market)).toEqual([1.5, 2.5]);
});

test('a stop is reported as a stop, and leaves nothing', async () => {
  const report = await run(write(csv(GOOD)), { stop: AbortSignal.abort() });
  expect(report).toMatchObject({ status: 'stopped', exit_code: 143 });
  expect(listRaw(root)).toEqual([]);
});
