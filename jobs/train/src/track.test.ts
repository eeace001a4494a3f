import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { epochDay } from '@pokewatch/core';
import {
  fetchDrift,
  fetchKpis,
  fetchPublication,
  folderStore,
  layout,
  listPublications,
  loadModel,
  readChampion,
  SIGNAL_NUMBERS,
} from '@pokewatch/store';
import { ledMarket, publishFeatures } from '@pokewatch/store/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { givenFor } from './testing/run.ts';
import { train } from './train.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-record-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const DAYS = 220;
const last = epochDay('2025-01-01') + DAYS - 1;
const nextDay = { POKEWATCH_NOW: `${new Date((last + 1) * 86_400_000).toISOString().slice(0, 10)}T02:00:00Z` };

/** Trains at the moment of the settings: `givenFor` has a clock of its own. */
async function trained(days = DAYS, env: Record<string, string> = {}) {
  await publishFeatures(root, ledMarket(24, days, 1));
  const given = givenFor(root, { ...nextDay, ...env });
  const now = new Date(Date.parse(nextDay.POKEWATCH_NOW) + (days - DAYS) * 86_400_000);
  return train({ ...given, clock: { ...given.clock, now: () => now } });
}

test('what a promotion publishes is written down as it is answered, with the thresholds of that time', async () => {
  await trained(DAYS, { POKEWATCH_BUY_THRESHOLD_PCT: '0.02', POKEWATCH_SELL_THRESHOLD_PCT: '0.03' });
  const store = folderStore(root);
  const champion = readChampion(root)!;
  const [id, ...others] = await listPublications(store);
  expect(others).toEqual([]);
  const { publication, calls } = await fetchPublication(store, id!);
  expect(publication).toMatchObject({
    model_version: champion.model_version,
    published_at: champion.promoted_at,
    manifest_sha256: champion.manifest_sha256,
    buy_threshold_pct: 0.02,
    sell_threshold_pct: 0.03,
    calls: 24,
    paused: null,
  });
  const { table } = loadModel(root, champion.model_version);
  const said = table.cards.map(({ to }, row) => {
    const [market_price, fair_price] = [table.market[to - 1]!, calls.fair[row]!];
    expect(Math.abs(fair_price - table.fair[to - 1]!)).toBeLessThanOrEqual(0.005 + 1e-9);
    const deviation = (market_price - fair_price) / fair_price;
    return deviation <= -0.02 ? 'BUY' : deviation >= 0.03 ? 'SELL' : 'HOLD';
  });
  expect(Array.from(calls.signal, (number) => SIGNAL_NUMBERS[number])).toEqual(said);
  expect(new Set(said).size).toBeGreaterThan(1);
  expect(Array.from(calls.day)).toEqual(Array(24).fill(last));
});

test('the same promotion is written down once, the next one beside it, and all are judged each time', async () => {
  await trained();
  const again = await trained();
  expect(again.notes.join('\n')).not.toContain('published so far');
  // A run that died after it had published the calls has not judged them.
  rmSync(layout.kpis(root), { recursive: true });
  expect((await trained()).notes.join('\n')).toContain('calls published so far: 0 judged, 24 open');
  const next = await trained(DAYS + 16);
  expect(next.notes.join('\n')).toContain('calls published so far: 24 judged, 24 open');
  const store = folderStore(root);
  expect(await listPublications(store)).toHaveLength(2);
  expect((await fetchKpis(store))!.calls).toMatchObject({ counted: 48, repeated: 0, late: 0 });
});

test('drift is known of a version before it serves, and pauses its calls where it is set so', async () => {
  const report = await trained(DAYS, { POKEWATCH_PAUSE_DRIFT_DISTANCE: '0.01' });
  expect(report.notes.join('\n')).toContain('signals are paused: No advice');
  const store = folderStore(root);
  const drift = (await fetchDrift(store, readChampion(root)!.model_version))!;
  expect(drift.paused?.code).toBe('drift');
  const { publication, calls } = await fetchPublication(store, (await listPublications(store))[0]!);
  expect(publication.paused).toEqual(drift.paused);
  expect(new Set(calls.signal)).toEqual(new Set([SIGNAL_NUMBERS.indexOf('HOLD')]));
});

test('a pause that was raised lets the version that serves go on with the next training, not with the next version', async () => {
  await trained(DAYS, { POKEWATCH_PAUSE_DRIFT_DISTANCE: '0.01' });
  const store = folderStore(root);
  const { model_version } = readChampion(root)!;
  expect((await fetchDrift(store, model_version))!.paused).not.toBeNull();
  await trained();
  expect(readChampion(root)!.model_version).toBe(model_version);
  expect((await fetchDrift(store, model_version))!.paused).toBeNull();
});

test('calls on prices that are too old at the moment of the promotion say HOLD', async () => {
  await publishFeatures(root, ledMarket(24, DAYS, 1));
  await train(givenFor(root, { POKEWATCH_BUY_THRESHOLD_PCT: '0.01' }));
  const { calls } = await fetchPublication(folderStore(root), (await listPublications(folderStore(root)))[0]!);
  expect(Array.from(calls.paused).every((number) => number === 1)).toBe(true);
});

test('a damaged record is said in the run report, and keeps no model from serving', async () => {
  await trained();
  const [id] = readdirSync(layout.calls(root));
  writeFileSync(join(layout.publication(root, id!), 'calls.arrow'), 'x');
  const report = await trained(DAYS + 1);
  expect(report).toMatchObject({ status: 'ok', exit_code: 0 });
  expect(report.notes.join('\n')).toContain('the record of published calls could not be kept');
});
