import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC, tableToIPC } from 'apache-arrow';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folderStore } from './data-store.ts';
import { queryRows, withDuck } from './duck.ts';
import { exportPredictions } from './export.ts';
import { sha256 } from './files.ts';
import { decodeHorizons, encodeHorizons, noHorizons } from './horizon-file.ts';
import { layout } from './layout.ts';
import { listModels, loadModel, publishModel, readChampion, readModelManifest, setChampion } from './models.ts';
import { decodePredictions, encodePredictions } from './prediction-file.ts';
import { encodeTerms, noTerms } from './term-file.ts';
import { SAMPLE_CURVES, sampleHorizons, sampleManifest, sampleTable, sampleTerms } from './testing/sample-rows.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-models-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function publish(version = 'm-1', ids = ['a', 'b']) {
  return publishModel(root, {
    manifest: sampleManifest(version),
    table: sampleTable(ids),
    terms: sampleTerms(sampleTable(ids)),
    horizons: sampleHorizons(sampleTable(ids)),
    curves: SAMPLE_CURVES,
    extras: { 'evaluation.json': '{}' },
  });
}

const FILES = ['predictions.arrow', 'cards.arrow', 'terms.arrow', 'horizons.arrow', 'curves.json', 'manifest.json'];
const BAD = expect.objectContaining({ code: 'bad_data_file', hint: expect.any(String) });

test('what is encoded is decoded, and encodes to the same bytes again', () => {
  const id = fc.string({ minLength: 1, maxLength: 10 }).filter((text) => text.isWellFormed());
  fc.assert(
    fc.property(fc.uniqueArray(id, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 9 }), (ids, days) => {
      const table = sampleTable([...ids].sort(), days);
      const files = encodePredictions(table, sampleTerms(table));
      const decoded = decodePredictions(files, 'here');
      expect(decoded.table).toEqual(table);
      expect(decoded.terms).toEqual(sampleTerms(table));
      expect(encodePredictions(decoded.table, decoded.terms)).toEqual(files);
    }),
    { numRuns: 60 },
  );
});

test('a model is loaded as it was published', async () => {
  const manifest = await publish();
  const table = sampleTable(['a', 'b']);
  const curves = { model_version: 'm-1', ...SAMPLE_CURVES };
  const [terms, horizons] = [sampleTerms(table), sampleHorizons(table)];
  expect(loadModel(root, 'm-1')).toEqual({ manifest, table, terms, horizons, curves });
  expect(listModels(root)).toEqual(['m-1']);
});

test.each(FILES)('a model whose %s is cut at any eighth of its length is refused', async (name) => {
  await publish();
  const path = join(layout.model(root, 'm-1'), name);
  const whole = readFileSync(path);
  for (let eighth = 0; eighth < 8; eighth++) {
    writeFileSync(path, whole.subarray(0, Math.floor((whole.length * eighth) / 8)));
    expect(() => loadModel(root, 'm-1')).toThrow(BAD);
    expect(() => loadModel(root, 'm-1')).toThrow(path);
  }
  rmSync(path);
  expect(() => loadModel(root, 'm-1')).toThrow(BAD);
});

test.each(FILES.slice(0, 5))('a model with any bit of %s flipped is refused', async (name) => {
  await publish();
  const path = join(layout.model(root, 'm-1'), name);
  const whole = readFileSync(path);
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(7), (at, bit) => {
      const flipped = Buffer.from(whole);
      flipped[at]! ^= 1 << bit;
      writeFileSync(path, flipped);
      expect(() => loadModel(root, 'm-1')).toThrow(BAD);
    }),
    { numRuns: 60 },
  );
});

test('Arrow files cut anywhere are refused even where no hash guards them', () => {
  const files = encodePredictions(sampleTable(['a', 'b']), sampleTerms(sampleTable(['a', 'b'])));
  for (const name of ['rows', 'cards', 'terms'] as const) {
    for (let eighth = 0; eighth < 8; eighth++) {
      const cut = files[name].subarray(0, Math.floor((files[name].length * eighth) / 8));
      expect(() => decodePredictions({ ...files, [name]: cut }, 'folder x')).toThrow(
        expect.objectContaining({ code: 'bad_data_file', message: expect.stringContaining('folder x') }),
      );
    }
  }
});

test.each([
  ['a price of zero', { fair: Float64Array.of(0, 1, 1) }],
  ['a price that is no number', { market: Float64Array.of(1, Number.NaN, 1) }],
  ['a band without end', { upper: Float64Array.of(1, 1, Number.POSITIVE_INFINITY) }],
  ['a chance above one', { p_up: Float32Array.of(0, 1.01, 1) }],
  ['a negative chance', { p_down: Float32Array.of(0, 1, -0.01) }],
  ['a chance that is no number', { p_down: Float32Array.of(Number.NaN, 1, 0) }],
  ['a lowest listing of zero', { low: Float64Array.of(1, 0, 1) }],
  ['a lowest listing without end', { low: Float64Array.of(1, Number.POSITIVE_INFINITY, 1) }],
  ['days out of order', { day: Int32Array.of(3, 2, 4) }],
  ['a model that it does not name', { model: Uint8Array.of(0, 0, 7) }],
  ['cards that do not cover the rows', { cards: sampleTable(['a'], 2).cards }],
])('predictions with %s are refused', (_name, part) => {
  const files = encodePredictions({ ...sampleTable(['a']), ...part }, noTerms(1));
  expect(() => decodePredictions(files, 'here')).toThrow(BAD);
});

test.each([
  ['add up to another price', { cents: Int32Array.of(21, 0) }, /add up to 21 cents rather than 10/],
  ['have no name', { term: Int16Array.of(0, 2) }, /has no name/],
  ['are shown beyond their end', { shown: Uint32Array.of(3) }, /do not follow/],
  ['are of another number of cards', { ends: Uint32Array.of(1, 2) }, /do not belong to 1 cards/],
  ['are left over', { ends: Uint32Array.of(1) }, /do not belong/],
])('explanations that %s are refused', (_name, part, message) => {
  const table = sampleTable(['a']);
  const terms = { ...sampleTerms(table), ...part };
  expect(() => encodePredictions(table, terms)).toThrow(message);
  const { rows, cards } = encodePredictions(table, sampleTerms(table));
  if ('ends' in part || 'shown' in part) return;
  expect(() => decodePredictions({ rows, cards, terms: encodeTerms(terms) }, 'here')).toThrow(message);
});

test('horizons that are encoded are decoded, and encode to the same bytes again', () => {
  const table = sampleTable(['a', 'b', 'c']);
  const bytes = encodeHorizons(table, sampleHorizons(table));
  const decoded = decodeHorizons(table, bytes, 'here');
  expect(decoded).toEqual(sampleHorizons(table));
  expect(encodeHorizons(table, decoded)).toEqual(bytes);
  for (let eighth = 0; eighth < 8; eighth++)
    expect(() => decodeHorizons(table, bytes.subarray(0, Math.floor((bytes.length * eighth) / 8)), 'here')).toThrow(
      BAD,
    );
});

test.each([
  ['of a card that is not there', { card: Uint32Array.of(0, 1) }],
  ['of one horizon twice', { horizon_days: Uint16Array.of(7, 7) }],
  ['out of order', { horizon_days: Uint16Array.of(30, 7) }],
  ['of no days', { horizon_days: Uint16Array.of(0, 7) }],
  ['with a price outside of their band', { fair: Float64Array.of(1, 4) }],
  ['with a band down to zero', { lower: Float64Array.of(0.9, 0) }],
  ['with a band without end', { upper: Float64Array.of(Number.POSITIVE_INFINITY, 2) }],
  ['with a price that is no number', { fair: Float64Array.of(Number.NaN, 1.3) }],
  ['with a chance above one', { p_up: Float32Array.of(0.2, 1.01) }],
  ['with a chance that is no number', { p_down: Float32Array.of(Number.NaN, 0) }],
])('horizons %s are refused', (_name, part) => {
  const table = sampleTable(['a']);
  expect(() => encodeHorizons(table, { ...sampleHorizons(table), ...part })).toThrow(/^row \d /);
  const of_two = sampleTable(['a', 'b']);
  expect(() => decodeHorizons(table, encodeHorizons(of_two, sampleHorizons(of_two)), 'here')).toThrow(BAD);
});

test('a version that was published without horizons is loaded without them', async () => {
  const [table, curves] = [sampleTable(['a']), SAMPLE_CURVES];
  const manifest = sampleManifest('m-0');
  const published = await publishModel(root, { manifest, table, terms: sampleTerms(table), curves, extras: {} });
  expect(published.files.map(({ name }) => name)).not.toContain('horizons.arrow');
  expect(loadModel(root, 'm-0').horizons).toEqual(noHorizons());
});

test('predictions of an earlier version, whose explanations were of another kind, are read without them', () => {
  const table = sampleTable(['a', 'b']);
  const { rows, cards, terms } = encodePredictions(table, sampleTerms(table));
  const names = tableFromIPC(cards).schema.fields.map((field) => field.name);
  const before = tableFromIPC(cards).select(names.filter((name) => !name.startsWith('terms_')));
  const decoded = decodePredictions({ rows, cards: tableToIPC(before, 'file'), terms }, 'here');
  expect(decoded).toEqual({ table, terms: noTerms(2) });
});

test('predictions of an earlier version, without chances, are refused with what to do', () => {
  const { rows, ...others } = encodePredictions(sampleTable(['a']), noTerms(1));
  const before = tableToIPC(tableFromIPC(rows).select(['day', 'market', 'fair', 'lower', 'upper']), 'file');
  expect(() => decodePredictions({ ...others, rows: before }, 'here')).toThrow(BAD);
  expect(() => decodePredictions({ ...others, rows: before }, 'here')).toThrow('no column p_up');
});

test('a manifest of another shape or another program is refused', async () => {
  await publish();
  const path = join(layout.model(root, 'm-1'), 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  for (const text of [
    '',
    'null',
    '[]',
    '{}',
    '{"kind":"model"}',
    JSON.stringify({ ...manifest, files: [] }),
    JSON.stringify({ ...manifest, horizon_days: '14' }),
  ]) {
    writeFileSync(path, text);
    expect(() => loadModel(root, 'm-1')).toThrow(BAD);
    expect(() => loadModel(root, 'm-1')).toThrow(path);
  }
  expect(() => readModelManifest(root, 'none')).toThrow(BAD);
});

test('the champion is none, then the one that was set; a damaged pointer is refused', async () => {
  expect(readChampion(root)).toBeUndefined();
  await publish();
  setChampion(root, { model_version: 'm-1', promoted_at: '2026-04-20T12:00:00Z', reason: 'first' });
  const text = readFileSync(join(layout.model(root, 'm-1'), 'manifest.json'));
  expect(readChampion(root)).toMatchObject({ model_version: 'm-1', manifest_sha256: sha256(text) });
  for (const damage of ['', '{', '"m-1"', '{"model_version":"m-1"}', '{"model_version":1}', '\u0000\u0001']) {
    writeFileSync(layout.champion(root), damage);
    expect(() => readChampion(root)).toThrow(BAD);
  }
});

test('predictions of the champion are exported with every column in its place', async () => {
  const out = join(root, 'out.csv');
  await expect(exportPredictions(folderStore(root), { format: 'csv', out })).rejects.toMatchObject({
    code: 'nothing_to_do',
  });
  await publish('m-1', ['a', "o'b"]);
  setChampion(root, { model_version: 'm-1', promoted_at: '2026-04-20T12:00:00Z', reason: 'first' });
  const done = await exportPredictions(folderStore(root), { format: 'csv', out });
  expect(done).toEqual({ out, rows: 6, source: 'import', simulated: false, left_out: 0 });
  const lines = readFileSync(out, 'utf8').split('\n');
  expect(lines[0]).toBe('card_id,date,market_price,fair_price,lower,upper,horizon_days,model_version');
  expect(lines[1]).toBe('a,2024-10-04,1.0,1.1,0.9,1.3,14,m-1');
  expect(lines).toHaveLength(8);
  await exportPredictions(folderStore(root), { format: 'parquet', out });
  const rows = await withDuck((duck) => queryRows(duck, `select * from read_parquet('${out}')`));
  expect(rows[3]).toMatchObject({ card_id: "o'b", market_price: 1.3, horizon_days: 14 });
});

test('an export to where nothing can be written is a storage error that says to choose another file', async () => {
  await publish();
  setChampion(root, { model_version: 'm-1', promoted_at: '2026-04-20T12:00:00Z', reason: 'first' });
  const place = { format: 'csv', out: layout.champion(root).replace('champion.json', 'm-1') } as const;
  await expect(exportPredictions(folderStore(root), place)).rejects.toMatchObject({
    code: 'storage',
    hint: 'Choose another file.',
  });
});
