import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { csv, expectRefused, folder, GOOD, HEADER, run, write } from './testing/runs.ts';

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
