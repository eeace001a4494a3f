import { expect, test } from 'vitest';
import { csv, expectRefused, GOOD, run, stored, write } from './testing/runs.ts';

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
