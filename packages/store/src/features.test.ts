import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeatureManifest } from '@pokewatch/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { literal, withDuck } from './duck.ts';
import { currentFeatures, MANIFEST, setCurrentFeatures } from './features.ts';
import { fileEntries, jsonText, publishFile, publishFolder } from './files.ts';
import { layout } from './layout.ts';
import { CARDS_FILE, DAILY_FILE, readPanel } from './panel-data.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-features-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const BAD = { code: 'bad_data_file', hint: expect.any(String) };

/** Publishes features of these cards: two days each, the market price being the card's place in `ids` plus one. */
async function publish(ids: readonly string[]): Promise<FeatureManifest> {
  const rows = ids.flatMap((id, i) =>
    [0, 1].map((day) => `(${literal(id)}, date '2026-01-01' + ${day}, ${i + 1}::double)`),
  );
  await publishFolder(layout.features(root, 'f-1'), (to) =>
    withDuck(async (duck) => {
      await duck.run(`create table daily as select *, null::double as low, null::double as mid, null::double as high,
        case when date > '2026-01-01' then ['outlier'] else []::varchar[] end as flags from (values ${rows.join(', ')}) t(card_id, date, market)`);
      await duck.run(`copy daily to ${literal(join(to, DAILY_FILE))} (format parquet)`);
      await duck.run(`copy (select distinct card_id, 'N' as name, 'S' as set_name, '1' as number, '' as rarity, 'Normal' as printing,
        'english' as language, 'USD' as currency from daily) to ${literal(join(to, CARDS_FILE))} (format parquet)`);
      const manifest: Omit<FeatureManifest, 'files'> = {
        kind: 'features',
        version: 'f-1',
        source: 'import',
        simulated: false,
        raw_sha256: '0'.repeat(64),
        code_version: '0.1.0',
        rows: rows.length,
        cards: ids.length,
        first_date: '2026-01-01',
        last_date: '2026-01-02',
        flags: {},
      };
      publishFile(join(to, MANIFEST), jsonText({ ...manifest, files: fileEntries(to, [DAILY_FILE, CARDS_FILE]) }));
    }),
  );
  setCurrentFeatures(root, 'f-1');
  return currentFeatures(root)!;
}

test('each price stands under its card and day, whatever characters the ids have', async () => {
  // UTF-8 and UTF-16 order the last two differently.
  const ids = ['b', 'é', 'a', "o'b", '～', '𠮷'];
  const panel = await readPanel(root, await publish(ids));
  expect(panel.cards.map((card) => card.card_id)).toEqual(ids.toSorted());
  for (const [i, card] of panel.cards.entries()) {
    const price = ids.indexOf(card.card_id) + 1;
    expect([...panel.market.subarray(i * 2, i * 2 + 2)]).toEqual([price, price]);
    expect([...panel.suspect.subarray(i * 2, i * 2 + 2)]).toEqual([0, 1]);
  }
  expect(panel.low.every(Number.isNaN)).toBe(true);
});

test('without features there is no current version', () => expect(currentFeatures(root)).toBeUndefined());

test.each([DAILY_FILE, CARDS_FILE])('features whose %s is cut, changed or gone are refused', async (name) => {
  const manifest = await publish(['a', 'b']);
  const path = join(layout.features(root, 'f-1'), name);
  const whole = readFileSync(path);
  const changed = Buffer.from(whole);
  changed[whole.length >> 1]! ^= 1;
  for (const damage of [whole.subarray(0, whole.length >> 1), Buffer.alloc(0), changed]) {
    writeFileSync(path, damage);
    await expect(readPanel(root, manifest)).rejects.toMatchObject({ ...BAD, message: expect.stringContaining(path) });
  }
  rmSync(path);
  await expect(readPanel(root, manifest)).rejects.toMatchObject(BAD);
});

test('a damaged manifest or pointer is refused', async () => {
  await publish(['a']);
  for (const path of [join(layout.features(root, 'f-1'), MANIFEST), layout.currentFeatures(root)]) {
    const whole = readFileSync(path);
    for (const damage of ['', '{', 'null', '{}', whole.subarray(0, whole.length >> 1)]) {
      writeFileSync(path, damage);
      expect(() => currentFeatures(root)).toThrow(
        expect.objectContaining({ ...BAD, message: expect.stringContaining(path) }),
      );
    }
    writeFileSync(path, whole);
  }
});
