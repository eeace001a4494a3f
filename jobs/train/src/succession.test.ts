import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelManifest } from '@pokewatch/contracts';
import { epochDay } from '@pokewatch/core';
import { layout, listModels, loadModel, readChampion, readModelManifest } from '@pokewatch/store';
import { ledMarket, noise, publishFeatures } from '@pokewatch/store/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { givenFor } from './testing/run.ts';
import { train } from './train.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-succession-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const DAYS = 220;
const CARDS = 24;
const FIRST = epochDay('2025-01-01');
const market = (days: number) => ledMarket(CARDS, days, 1);

/** The same prices, with listings that say nothing: what is learned from them is worse. */
function deafened(days: number) {
  return market(days).map((series, card) => {
    const random = noise(card);
    return { ...series, mid: series.mid.map(() => 30 * Math.exp(0.3 * random())) };
  });
}

/** The same prices without any listing from some day on. */
function unlisted(days: number, from_day = 0) {
  return market(days).map((series) => ({
    ...series,
    mid: series.mid.map((price, day) => (day < from_day ? price : Number.NaN)),
  }));
}

async function trained(series: Parameters<typeof publishFeatures>[1], folder = root, source?: string) {
  await publishFeatures(folder, series, source);
  return train(givenFor(folder));
}

function champion(folder = root): ModelManifest {
  return readModelManifest(folder, readChampion(folder)!.model_version).manifest;
}

const failed = (manifest: ModelManifest) => manifest.gate.checks.filter((one) => !one.passed).map((one) => one.name);

/** The candidate that was refused last. */
function refused(): ModelManifest {
  const all = listModels(root).map((version) => readModelManifest(root, version).manifest);
  return all.find((manifest) => !manifest.gate.passed)!;
}

test('the next day’s model follows the champion, and says how it compares', async () => {
  await trained(market(DAYS));
  const first = champion();
  const report = await trained(market(DAYS + 1));
  expect(report).toMatchObject({ status: 'ok', exit_code: 0 });
  const second = champion();
  expect(second).toMatchObject({ champion: first.version, refitted: true, fitted_as_of: second.last_date });
  const check = second.gate.checks.find((one) => one.name === 'no worse than the champion')!;
  expect(Math.abs(check.value!)).toBeLessThan(0.05);
  expect(check.n).toBeGreaterThan(1000);
  expect(report.notes.join('\n')).toMatch(/ridge .*the candidate/);
});

test('a worse model is refused, and the champion’s frozen model speaks for the new days', async () => {
  await trained(market(DAYS));
  const before = champion();
  const old = loadModel(root, before.version);
  const report = await trained(deafened(DAYS + 5));
  expect(report).toMatchObject({ status: 'refused', exit_code: 3 });
  expect(failed(refused())).toContain('no worse than the champion');
  expect(report.summary).toContain(`the champion ${before.version} stays, its model of ${before.last_date} speaks`);

  const now = champion();
  expect(now).toMatchObject({
    model: before.model,
    refitted: false,
    fitted_as_of: before.last_date,
    champion: before.version,
    metrics: before.metrics,
  });
  expect(now.gate.notes[0]).toMatch(/^not refitted/);
  expect(now.last_date > before.last_date).toBe(true);
  const { table, terms, horizons } = loadModel(root, now.version);
  expect(terms.ends).toHaveLength(CARDS);
  expect(horizons.card).toEqual(old.horizons.card);
  expect(horizons.fair).not.toEqual(old.horizons.fair);
  for (const [index, card] of table.cards.entries()) {
    const was = old.table.cards[index]!;
    const [own, then] = [table.fair.subarray(card.from, card.to), old.table.fair.subarray(was.from, was.to)];
    expect(own.subarray(0, then.length)).toEqual(then);
    expect(own.length).toBe(then.length + 5);
    const days = table.day.subarray(card.to - 5, card.to);
    expect(Array.from(days, (day) => day - FIRST)).toEqual([0, 1, 2, 3, 4].map((more) => DAYS + more));
    for (let row = card.to - 5; row < card.to; row++) {
      expect(table.as_of[row]).toBe(epochDay(before.last_date));
      expect(table.models[table.model[row]!]).toBe(before.model);
    }
  }
  expect(readFileSync(join(layout.model(root, now.version), 'report.html'), 'utf8')).toContain(
    'its successor was refused',
  );
});

test('refusing once more makes nothing new, and a later refusal carries on from there', async () => {
  await trained(market(DAYS));
  await trained(deafened(DAYS + 2));
  const [carried, versions] = [champion(), listModels(root)];
  expect((await train(givenFor(root))).exit_code).toBe(3);
  expect([champion(), listModels(root)]).toEqual([carried, versions]);
  await trained(deafened(DAYS + 4));
  expect(champion()).toMatchObject({ refitted: false, champion: carried.version, fitted_as_of: carried.fitted_as_of });
});

test('the same succession elsewhere gives the same bytes', async () => {
  const other = mkdtempSync(join(tmpdir(), 'pokewatch-succession-'));
  try {
    for (const folder of [root, other])
      for (const series of [market(DAYS), deafened(DAYS + 2)]) await trained(series, folder);
    expect(listModels(other)).toEqual(listModels(root));
    for (const version of listModels(root)) {
      for (const file of readdirSync(layout.model(root, version))) {
        const [here, there] = [root, other].map((folder) => readFileSync(join(layout.model(folder, version), file)));
        expect(there!.equals(here!), `${version}/${file}`).toBe(true);
      }
    }
  } finally {
    rmSync(other, { recursive: true, force: true });
  }
});

test('without the fitted model, or after another version of the program, the champion stays as it is', async () => {
  await trained(market(DAYS));
  const before = readChampion(root)!;
  const path = join(layout.model(root, before.model_version), 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as ModelManifest;
  writeFileSync(
    path,
    JSON.stringify({ ...manifest, files: manifest.files.filter((file) => file.name !== 'fitted.json') }),
  );
  const report = await trained(deafened(DAYS + 2));
  expect(report.summary).toMatch(/stays, with its predictions to .*: it was published without its fitted model/);
  expect(readChampion(root)).toEqual(before);
});

test('a champion whose folder is gone is no reason not to train', async () => {
  await trained(market(DAYS));
  rmSync(layout.model(root, readChampion(root)!.model_version), { recursive: true });
  const report = await trained(market(DAYS + 1));
  expect(report.status).toBe('ok');
  expect(champion().champion).toBeNull();
  expect(report.notes.join('\n')).toMatch(/no champion to compare with: .*manifest\.json cannot be read/);
});

test('what listings are worth is measured on the same card-days', async () => {
  const report = await trained(market(DAYS));
  const { listings } = champion();
  expect(listings).toMatchObject({ recent_share: 1, judged_share: 1 });
  expect(listings!.with!.ic.n).toBe(listings!.without!.ic.n);
  expect(listings!.with!.ic.value).toBeGreaterThan(listings!.without!.ic.value! + 0.03);
  expect(listings!.with!.mae_over_naive.value).toBeLessThan(listings!.without!.mae_over_naive.value!);
  expect(champion().gate.notes).toEqual([]);
  expect(report.notes.join('\n')).toContain('what listings are worth');
});

test('without listings, report, gate and manifest say so and what that costs', async () => {
  await trained(market(DAYS));
  const { listings: before } = champion();
  const report = await trained(unlisted(DAYS + 1));
  expect(report.exit_code).toBe(3);
  const [note] = refused().gate.notes;
  expect(note).toMatch(/^no listings: .*\(it was 100 %\); what listings are worth on these cards: /);
  expect(note).toContain(before!.with!.ic.value!.toFixed(3));
  expect(note).toContain(before!.without!.mae_over_naive.value!.toFixed(3));
  expect(report.notes.join('\n')).toContain(`note: ${note}`);
  const html = readFileSync(join(layout.model(root, refused().version), 'report.html'), 'utf8');
  expect(html).toContain('no listings');
});

test('without listings from the first day on, it says where their worth was measured', async () => {
  await trained(unlisted(DAYS));
  const [candidate] = listModels(root).map((version) => readModelManifest(root, version).manifest);
  expect(candidate!.listings).toMatchObject({ recent_share: 0, judged_share: 0, with: null, without: null });
  expect(candidate!.gate.notes[0]).toMatch(/^no listings: .*docs\/fair-value\.md/);
});

test('listings that ended last week are told, though the judged days still had them', async () => {
  await trained(unlisted(DAYS, DAYS - 3));
  expect(champion().gate.notes[0]).toMatch(/^fewer listings: 57 % .*\(it was 100 %\); what listings are worth/);
});
