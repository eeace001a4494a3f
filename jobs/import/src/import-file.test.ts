import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { RunReport } from '@pokewatch/contracts';
import { createLogger, fixedClock, parseSettings } from '@pokewatch/core';
import { noProgress } from '@pokewatch/job';
import { exportPrices, fileList, listRaw, queryRows, withDuck } from '@pokewatch/store';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { importFile } from './import-file.ts';

const HEADER = 'card_id,card_name,set,number,rarity,variant,date,market,low,mid,high';
const NOW = '2026-04-20T12:00:00Z';
let folder: string;
let root: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pokewatch-import-'));
  root = join(folder, 'data');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(file: string, part: { partial?: boolean; source?: string; now?: string; stop?: AbortSignal } = {}) {
  return importFile({
    settings: parseSettings({ POKEWATCH_DATA: root }),
    clock: fixedClock(part.now ?? NOW),
    logger: createLogger({ service: 'test', level: 'silent' }),
    progress: noProgress,
    stop: part.stop ?? new AbortController().signal,
    file,
    partial: part.partial ?? false,
    ...(part.source === undefined ? {} : { source: part.source }),
  });
}

function write(content: string | Uint8Array, name = 'prices.csv'): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** A file of rows under the usual header. */
function csv(...rows: string[]): string {
  return `${[HEADER, ...rows].join('\n')}\n`;
}

function stored(kind: 'prices' | 'cards' = 'prices'): Promise<Record<string, unknown>[]> {
  const files = listRaw(root, kind).map((file) => file.path);
  if (files.length === 0) return Promise.resolve([]);
  const columns =
    kind === 'prices'
      ? '* replace (price_date::varchar as price_date, observed_at::varchar as observed_at)'
      : '* exclude (observed_at)';
  return withDuck((duck) =>
    queryRows(duck, `select ${columns} from read_parquet(${fileList(files)}, hive_partitioning = false) order by all`),
  );
}

function expectRefused(report: RunReport, ...words: (string | RegExp)[]): void {
  expect(report).toMatchObject({ status: 'failed', exit_code: 2, error: { code: 'bad_import_file' } });
  for (const word of words) expect(report.summary).toMatch(word);
  expect(report.summary).not.toMatch(/\n\s+at /);
  expect(listRaw(root)).toEqual([]);
}

const GOOD = '1,Pikachu,Base,25/102,Common,Normal,2026-01-02,1.50,1.20,1.40,9';

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

const BAD_ROWS: [string, string, RegExp][] = [
  ['a day that does not exist', '1,A,S,,,Normal,2026-02-30,1,,,', /line 2: date "2026-02-30" is no calendar day/],
  ['a day in another style', '1,A,S,,,Normal,01\\/02\\/2026,1,,,', /line 2: date ".*" is no calendar day/],
  ['a day before there were cards', '1,A,S,,,Normal,0001-01-01,1,,,', /line 2: date 0001-01-01 is before 1996/],
  ['a word for a price', '1,A,S,,,Normal,2026-01-01,abc,,,', /line 2: market "abc" is not a number/],
  ['a price in hexadecimal', '1,A,S,,,Normal,2026-01-01,1,0x10,,', /line 2: low "0x10" is not a number/],
  ['a price with a thousands comma', '1,A,S,,,Normal,2026-01-01,"1,234.5",,,', /line 2: market "1,234.5" is not/],
  ['a price beyond all sense', '1,A,S,,,Normal,2026-01-01,1e300,,,', /line 2: market "1e300" is not between/],
  ['a price next to nothing', '1,A,S,,,Normal,2026-01-01,1e-300,,,', /line 2: market "1e-300" is not between/],
  ['no card_id', ' ,A,S,,,Normal,2026-01-01,1,,,', /line 2: card_id is empty/],
  ['no variant', '1,A,S,,,,2026-01-01,1,,,', /line 2: variant is empty/],
  ['a card_id of 201 characters', `${'x'.repeat(201)},A,S,,,Normal,2026-01-01,1,,,`, /line 2: card_id has 201 char/],
  ['a control character', '1\u001b[31m,A,S,,,Normal,2026-01-01,1,,,', /line 2: card_id "1\\u001b\[31m" has control/],
  ['a column too few', '1,A,S,,,Normal,2026-01-01,1,,', /line 2: 10 columns, but the header has 11/],
  ['a column too many', '1,A,S,,,Normal,2026-01-01,1,,,,', /line 2: 12 columns, but the header has 11/],
];

test.each(BAD_ROWS)('a row with %s is refused with its line, and nothing is imported', async (_name, row, words) => {
  expectRefused(await run(write(csv(row.replaceAll('\\/', '/'), GOOD))), words, /1 of 2 rows/, /--partial/);
});

test.each(BAD_ROWS)('--partial imports the other rows of a file that has a row with %s', async (_name, row, words) => {
  const report = await run(write(csv(row.replaceAll('\\/', '/'), GOOD)), { partial: true });
  expect(report).toMatchObject({ status: 'ok', counts: { rows: 1, bad_rows: 1 } });
  expect(report.notes.join('\n')).toMatch(words);
  expect(await stored()).toHaveLength(1);
});

test('what is shown of a bad value can neither move the cursor nor hide text, and is cut', async () => {
  const report = await run(write(csv(`1,A,S,,,Normal,2026-01-01,\u202e\u009b31m${'9'.repeat(500)}z,,,`)));
  expect(report.summary).toContain('\\u{202e}\\u{9b}31m999');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is tested.
  expect(report.summary).not.toMatch(/[\u202e\u0080-\u009f\u001b]/);
  expect(report.summary.length).toBeLessThan(500);
});

test('the first twenty bad rows are listed by line, and all are counted by kind', async () => {
  const rows = Array.from(
    { length: 30 },
    (_, i) => `${i},A,S,,,Normal,2026-01-01,${i % 2 === 0 ? 'x' : '1'},,,${i === 29 ? ',' : ''}`,
  );
  const report = await run(
    write(csv(...rows, ...Array.from({ length: 10 }, (_, i) => `${i},A,S,,,Normal,never,1,,,`))),
  );
  expectRefused(
    report,
    /26 of 40 rows/,
    /line 2: /,
    /line 35: /,
    /and 6 more/,
    /15 × not a number/,
    /10 × no calendar day/,
    /1 × wrong number of columns/,
  );
  expect(report.summary).not.toMatch(/line 36:/);
});

test('the same row twice is one row; two prices for one day are bad rows, both', async () => {
  const same = '1,A,S,,,Normal,2026-01-01,1,,2,';
  const file = write(
    csv(
      same,
      same,
      '2,A,S,,,Normal,2026-01-01,1,,,',
      '3,A,S,,,Normal,2026-01-01,5,,,',
      '2,A,S,,,Normal,2026-01-01,2,,,',
      '2,A,S,,,Holofoil,2026-01-01,7,,,',
    ),
  );
  expectRefused(
    await run(file),
    /2 of 6 rows/,
    /line 4: another price than on line 6/,
    /line 6: another price than on line 4/,
  );
  const report = await run(file, { partial: true });
  expect(report.counts).toMatchObject({ rows: 3, duplicate_rows: 1, bad_rows: 2 });
  expect((await stored()).map((row) => [row.card_id, row.printing, row.market])).toEqual([
    ['1', 'Normal', 1],
    ['2', 'Holofoil', 7],
    ['3', 'Normal', 5],
  ]);
});

test('a file of bad rows alone imports nothing, --partial or not', async () => {
  const file = write(csv('1,A,S,,,Normal,2026-01-01,x,,,'));
  expectRefused(await run(file, { partial: true }), /1 of 1 rows/);
  expectRefused(await run(write(csv('1,A,S,,,Normal,2026-01-01,0,,,'))), /none of the 1 rows has a price/);
});

const BAD_FILES: [string, string | Uint8Array, RegExp][] = [
  ['is empty', '', /is empty/],
  ['is gzipped nothing', gzipSync(''), /has no text/],
  ['has a header and no rows', csv(), /has a header, but no rows/],
  ['has no header', `${GOOD}\n${GOOD}\n`, /line 1 is no header: "1,Pikachu/],
  [
    'lacks columns',
    'card_id,card_name,set,varient,date,low\n1,A,S,N,2026-01-01,1\n',
    /column variant is missing. Is it varient\?; column market is missing/,
  ],
  ['names a column twice', `${HEADER},market\n${GOOD},1\n`, /names column market twice/],
  ['is separated by semicolons', csv(GOOD).replaceAll(',', ';'), /separated by semicolons/],
  ['is separated by tabs', csv(GOOD).replaceAll(',', '\t'), /separated by tabs/],
  ['is cut off gzip', gzipSync(csv(GOOD)).subarray(0, 60), /gzip data ends too early/],
  ['is damaged gzip', damaged(gzipSync(csv(GOOD))), /damaged gzip data/],
  ['is a zip archive', Buffer.from('PK\u0003\u0004 and so on'), /is a zip archive/],
  ['is Parquet', Buffer.from('PAR1 and so on'), /is a Parquet file/],
  ['is UTF-16', Buffer.from(`\ufeff${csv(GOOD)}`, 'utf16le'), /is UTF-16/],
  [
    'is Latin-1',
    Buffer.from(csv(GOOD, '2,Flabébé,S,,,Normal,2026-01-01,1,,,'), 'latin1'),
    /not UTF-8 text at line 3, byte 140 of/,
  ],
  ['has a NUL byte', csv(GOOD, '2,A\u0000,S,,,Normal,2026-01-01,1,,,'), /a NUL byte at line 3, byte 137 of/],
  ['is gzipped twice', gzipSync(gzipSync(csv(GOOD))), /is not (text|UTF-8)/],
  [
    'has a quote that is never closed',
    csv(GOOD, '2,"A,S,,,Normal,2026-01-01,1,,,', GOOD),
    /quote that opens on line 3 or below/,
  ],
  ['has a line without end', csv(GOOD, 'x'.repeat(1_100_000)), /line 3 has more than 1 MB/],
];

function damaged(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, i) => (i > 20 && i < 40 ? byte ^ 0x55 : byte));
}

test.each(BAD_FILES)('a file that %s is refused with one clear message', async (_name, content, words) => {
  const report = await run(write(content));
  expectRefused(report, words, /\n {2}\S/);
  expect(report.summary).toContain(folder);
});

test('a missing file, a folder and a device are refused', async () => {
  expectRefused(await run(join(folder, 'none.csv')), /does not exist/);
  mkdirSync(join(folder, 'folder'));
  expectRefused(await run(join(folder, 'folder')), /is a folder/);
  expectRefused(await run('/dev/null'), /is not a regular file/);
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

test('line numbers are right whatever is quoted, empty or split', async () => {
  const text = fc.stringMatching(/^[a-z ",\n\r;]{0,12}$/);
  const end = fc.constantFrom('\n', '\r\n');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, end, fc.boolean()), { minLength: 1, maxLength: 30 }), async (rows) => {
      let content = `note,${HEADER}\n`;
      let line = 2;
      const expected: number[] = [];
      for (const [i, [note, lineEnd, bad]] of rows.entries()) {
        if (bad) expected.push(line);
        content += `"${note.replaceAll('"', '""')}",${i},A,S,,,Normal,2026-01-01,${bad ? 'x' : '1'},,,${lineEnd}`;
        line += 1 + (note.match(/\r\n|\r|\n/g)?.length ?? 0);
      }
      const report = await run(write(content), { partial: true });
      const told = [...[report.summary, ...report.notes].join('\n').matchAll(/line (\d+):/g)].map((match) =>
        Number(match[1]),
      );
      expect(told).toEqual(expected.slice(0, 20));
      rmSync(root, { recursive: true, force: true });
    }),
    { numRuns: 40 },
  );
});

test('what is exported can be imported again, row for row', async () => {
  const name = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .filter((s) => s.trim() === s && !/\p{Cc}/u.test(s) && s.isWellFormed());
  const price = fc.option(fc.double({ min: 0.01, max: 1e6, noNaN: true }), { nil: null });
  const row = fc.record({ id: name, name, day: fc.integer({ min: 1, max: 28 }), market: price, low: price });
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(row, { minLength: 1, maxLength: 20, selector: (r) => `${r.id} ${r.day}` }),
      async (rows) => {
        fc.pre(rows.some((r) => r.market !== null || r.low !== null));
        const quote = (s: string) => `"${s.replaceAll('"', '""')}"`;
        const lines = rows.map(
          (r) =>
            `${quote(r.id)},${quote(r.name)},S,1/9,,Normal,2026-01-${String(r.day).padStart(2, '0')},${r.market ?? ''},${r.low ?? ''},,`,
        );
        expect((await run(write(csv(...lines)))).status).toBe('ok');
        const before = (await stored()).map((r) => ({ ...r, run_id: '' }));
        const out = join(folder, 'out.csv');
        await exportPrices(root, { format: 'csv', out });
        rmSync(root, { recursive: true });
        expect((await run(out)).status).toBe('ok');
        expect((await stored()).map((r) => ({ ...r, run_id: '' }))).toEqual(before);
        rmSync(root, { recursive: true });
      },
    ),
    { numRuns: 25 },
  );
});
