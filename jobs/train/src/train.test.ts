import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { epochDay } from '@pokewatch/core';
import { layout, listModels, loadModel, readChampion, readModelManifest } from '@pokewatch/store';
import { deafMarket, ledMarket, publishFeatures } from '@pokewatch/store/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { givenFor } from './testing/run.ts';
import { train } from './train.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-train-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const given = (env: Record<string, string> = {}) => givenFor(root, env);

test('a model that has something to learn passes the gate, is published and becomes the champion', async () => {
  await publishFeatures(root, ledMarket(24, 220, 1));
  const report = await train(given());
  expect(report).toMatchObject({ status: 'ok', exit_code: 0 });
  const champion = readChampion(root)!;
  const { manifest } = readModelManifest(root, champion.model_version);
  expect(manifest.gate.passed).toBe(true);
  expect(manifest.metrics.mae_over_naive!.value).toBeLessThan(0.95);
  expect(manifest.files.map((file) => file.name)).toEqual(
    expect.arrayContaining(['predictions.arrow', 'evaluation.json', 'report.html']),
  );
  expect(readFileSync(join(layout.model(root, manifest.version), 'report.html'), 'utf8')).toContain(
    'Furthest from their fair price',
  );
});

test('the terms of each card’s newest prediction add up to its fair price', async () => {
  await publishFeatures(root, ledMarket(24, 220, 2));
  await train(given());
  const { table, terms, curves } = loadModel(root, readChampion(root)!.model_version);
  expect(terms.names).toEqual(curves.terms.map(({ term }) => term));
  for (const [index, card] of table.cards.entries()) {
    const row = card.to - 1;
    const from = index === 0 ? 0 : terms.ends[index - 1]!;
    const own = Array.from(terms.term.subarray(from, terms.ends[index]!), (term, at) => ({
      group: curves.terms[term]!.group,
      log_return: terms.units[from + at]! / 1e8,
      cents: terms.cents[from + at]!,
    }));
    expect(own.length).toBeGreaterThan(0);
    const sum = own.reduce((total, term) => total + term.log_return, 0);
    expect(sum).toBeCloseTo(Math.log(table.fair[row]! / table.market[row]!), 7);
    const cents = own.reduce((total, term) => total + term.cents, 0);
    expect(cents).toBe(Math.round(table.fair[row]! * 100) - Math.round(table.market[row]! * 100));
    for (const group of ['market', 'set', 'listings', 'own'] as const) {
      const part = own.filter((term) => term.group === group).reduce((total, term) => total + term.log_return, 0);
      expect(part).toBeCloseTo(table[`${group}_part`][row]!, 6);
    }
  }
});

test('other horizons are published for the newest day of each card, in line with its own prediction', async () => {
  await publishFeatures(root, ledMarket(24, 220, 5));
  await train(given());
  const { manifest, table, horizons } = loadModel(root, readChampion(root)!.model_version);
  expect(manifest.files.map((file) => file.name)).toContain('horizons.arrow');
  expect(Array.from(horizons.card)).toEqual(table.cards.flatMap((_, card) => [card, card]));
  expect(new Set(horizons.horizon_days)).toEqual(new Set([7, 30]));
  for (const [card, { to }] of table.cards.entries()) {
    const width = (of: Pick<typeof table, 'lower' | 'upper'>, row: number) => Math.log(of.upper[row]! / of.lower[row]!);
    const [week, own, month] = [width(horizons, 2 * card), width(table, to - 1), width(horizons, 2 * card + 1)];
    expect(week).toBeLessThanOrEqual(own + 1e-8);
    expect(month).toBeGreaterThanOrEqual(own - 1e-8);
  }
  expect(horizons.fair.some((fair, row) => fair !== table.market[table.cards[horizons.card[row]!]!.to - 1])).toBe(true);
});

test('each prediction has its chances and the lowest listing of its own day, none where there was none', async () => {
  const market = ledMarket(24, 200, 7);
  const unlisted = { ...market[5]!, mid: market[5]!.mid.map((price, day) => (day === 190 ? Number.NaN : price)) };
  await publishFeatures(
    root,
    market.map((series, card) => (card === 5 ? unlisted : series)),
  );
  await train(given());
  const { table } = loadModel(root, readChampion(root)!.model_version);
  const first = epochDay('2025-01-01');
  for (const [index, card] of table.cards.entries()) {
    for (let row = card.from; row < card.to; row++) {
      const day = table.day[row]! - first;
      if (index === 5 && day === 190) expect(table.low[row]).toBeNaN();
      else expect(table.low[row]).toBeCloseTo(market[index]!.mid[day]! * 0.85, 9);
    }
  }
  expect(new Set(table.p_up).size).toBeGreaterThan(100);
  const rising = Array.from(table.fair, (fair, row) => fair / table.market[row]!);
  const most = rising.indexOf(Math.max(...rising));
  const least = rising.indexOf(Math.min(...rising));
  expect(table.p_up[most]).toBeGreaterThan(table.p_up[least]!);
  expect(table.p_down[most]).toBeLessThan(table.p_down[least]!);
});

test('training again on the same features changes nothing, and training elsewhere gives the same bytes', async () => {
  await publishFeatures(root, ledMarket(24, 220, 3));
  await train(given());
  const version = readChampion(root)!.model_version;
  const bytes = (folder: string) => readFileSync(join(layout.model(folder, version), 'manifest.json'), 'utf8');
  const first = bytes(root);
  const again = await train(given());
  expect(again.summary).toContain('is the champion already');
  expect(listModels(root)).toEqual([version]);
  rmSync(layout.models(root), { recursive: true });
  await train(given());
  expect(bytes(root)).toBe(first);
});

test('with no champion and nothing that passes, “no change” serves and the report says so', async () => {
  await publishFeatures(root, deafMarket(24, 200, 4));
  const report = await train(given());
  expect(report).toMatchObject({ status: 'refused', exit_code: 3 });
  expect(report.summary).toMatch(/was refused: beats naive: .*“no change” serves/);
  expect(readModelManifest(root, readChampion(root)!.model_version).manifest.model).toBe('naive');
  const { table, horizons } = loadModel(root, readChampion(root)!.model_version);
  expect(Array.from(table.fair)).toEqual(Array.from(table.market));
  expect(horizons.card).toHaveLength(0);
});

test('a refused model leaves the champion alone', async () => {
  await publishFeatures(root, ledMarket(24, 220, 1));
  await train(given());
  const champion = readChampion(root);
  await publishFeatures(root, deafMarket(24, 200, 4));
  const report = await train(given());
  expect(report.exit_code).toBe(3);
  expect(report.summary).toContain(`the champion ${champion!.model_version} stays`);
  expect(readChampion(root)).toEqual(champion);
});

test('a champion of another source gives way: it cannot speak for these cards', async () => {
  await publishFeatures(root, ledMarket(24, 220, 1), 'demo');
  await train(given());
  await publishFeatures(root, deafMarket(24, 200, 4));
  await train(given());
  expect(readModelManifest(root, readChampion(root)!.model_version).manifest).toMatchObject({
    model: 'naive',
    source: 'import',
  });
});

test.each([1, 2, 5, 16])('%i days of history are enough for an answer, with “no change” and a band', async (days) => {
  await publishFeatures(root, ledMarket(3, days, 5));
  const report = await train(given());
  expect(report.exit_code).toBe(3);
  const { table } = loadModel(root, readChampion(root)!.model_version);
  expect(table.cards).toHaveLength(3);
  for (let row = 0; row < table.day.length; row++) {
    expect(table.lower[row]).toBeLessThan(table.fair[row]!);
    expect(table.upper[row]).toBeGreaterThan(table.fair[row]!);
  }
});

test('without features it says what to run', async () => {
  expect(await train(given())).toMatchObject({
    exit_code: 2,
    error: { code: 'nothing_to_do' },
    summary: expect.stringContaining('pokewatch preprocess'),
  });
});

test('the model service is told; one that cannot be reached or refuses is reported and does no harm', async () => {
  await publishFeatures(root, ledMarket(6, 60, 6));
  const calls: string[] = [];
  const server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url} ${request.headers['x-api-key'] ?? ''}`);
    response.writeHead(calls.length === 1 ? 200 : 500, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const env = {
      MODEL_SERVICE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      API_KEYS: 'first,second',
    };
    expect((await train(given(env))).notes.join()).toContain('has loaded it');
    expect((await train(given({ ...env, POKEWATCH_RELOAD_KEY: 'own' }))).notes.join()).toContain(
      'did not load it (status 500)',
    );
    expect((await train(given())).notes.join()).toContain('no model service was told');
    expect(calls).toEqual(['POST /reload first', 'POST /reload own']);
  } finally {
    server.close();
  }
});

test('a run that is told to stop ends as stopped and publishes nothing', async () => {
  await publishFeatures(root, ledMarket(24, 220, 1));
  const stop = new AbortController();
  const running = train({ ...given(), stop: stop.signal, progress: { update: () => stop.abort(), end() {} } });
  expect(await running).toMatchObject({ status: 'stopped', exit_code: 143 });
  expect(listModels(root)).toEqual([]);
  expect(existsSync(layout.champion(root))).toBe(false);
});
