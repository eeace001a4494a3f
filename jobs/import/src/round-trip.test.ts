import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { exportPrices, folderStore } from '@pokewatch/store';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csv, folder, HEADER, root, run, stored, write } from './testing/runs.ts';

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
        await exportPrices(folderStore(root), { format: 'csv', out });
        rmSync(root, { recursive: true });
        expect((await run(out)).status).toBe('ok');
        expect((await stored()).map((r) => ({ ...r, run_id: '' }))).toEqual(before);
        rmSync(root, { recursive: true });
      },
    ),
    { numRuns: 25 },
  );
});
