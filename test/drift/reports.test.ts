import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { epochDay } from '../../packages/core/src/index.ts';
import { ledMarket, publishFeatures } from '../../packages/store/src/testing/features.ts';
import { CHROMIUM, openInChromium } from '../support/chromium.ts';
import { runCli } from '../support/cli.ts';

// `pokewatch drift` and `pokewatch kpis` on a store that was trained twice, and their pages in a real browser.

const DAYS = 200;
const folder = mkdtempSync(join(tmpdir(), 'pokewatch-reports-'));
const data = join(folder, 'data');
const day = (number: number) => new Date((epochDay('2025-01-01') + number) * 86_400_000).toISOString().slice(0, 10);

const run = (days: number, ...args: string[]) =>
  runCli(args, {
    cwd: folder,
    env: { POKEWATCH_DATA: data, POKEWATCH_NOW: `${day(days)}T02:00:00Z`, MODEL_SERVICE_URL: 'http://127.0.0.1:9' },
  });

beforeAll(async () => {
  for (const days of [DAYS, DAYS + 16]) {
    await publishFeatures(data, ledMarket(12, days, 4));
    await run(days, 'train');
  }
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('drift prints what differs and what to do, and writes the same figures as JSON', async () => {
  const { code, out } = await run(DAYS + 16, 'drift', '--out', 'drift.json', '--report', 'drift.html', '--json');
  expect(code).toBe(0);
  const { drift, notes } = JSON.parse(out);
  expect(drift.data.drift_by_columns).toHaveLength(13);
  expect(drift.predictions.drift_by_columns).toHaveLength(6);
  expect(notes.join('\n')).toMatch(/Prices move otherwise|Nothing has to be done|Predictions changed|level of prices/);
});

test('drift says which part of the command is wrong', async () => {
  for (const args of [
    ['--window', '0'],
    ['--from', '2025-01-01'],
    ['--from', '2025-13-01', '--to', '2025-01-01'],
  ])
    expect((await run(DAYS, 'drift', ...args)).code).toBe(2);
});

test('kpis prints how right the calls were that were published', async () => {
  const { code, out } = await run(DAYS + 16, 'kpis', '--report', 'kpis.html', '--cards');
  expect(code).toBe(0);
  expect(out).toContain('12 calls judged, 12 open');
  for (const title of ['Were the calls right?', 'How far off', 'Which signals', 'By price', 'By card'])
    expect(out).toContain(title);
  const { kpis } = JSON.parse((await run(DAYS + 16, 'kpis', '--json')).out);
  expect(kpis).toMatchObject({ publications: 2, states: { judged: 12, open: 12, no_price: 0 } });
});

describe.skipIf(CHROMIUM === undefined)('in Chromium (needs Debian’s package chromium)', () => {
  test('the drift report opens without an error, and says what to do', async () => {
    await run(DAYS + 16, 'drift', '--report', 'drift.html');
    const page = await openInChromium(join(folder, 'drift.html'));
    expect(page.errors).toEqual([]);
    expect(page.headings).toEqual(['In short', 'What to do', 'Prices and listings', 'Predictions']);
    expect(page.drawings).toBe(2);
    expect(page.text).not.toMatch(/NaN|undefined/);
  });

  test('the KPI report opens without an error', async () => {
    await run(DAYS + 16, 'kpis', '--report', 'kpis.html');
    const page = await openInChromium(join(folder, 'kpis.html'));
    expect(page.errors).toEqual([]);
    expect(page.headings).toContain('Fair prices');
    expect(page.text).toContain('calls are open: their day is still to come');
    expect(page.text).not.toMatch(/NaN|undefined/);
  });

  test('an error of a page would be seen', async () => {
    const file = join(folder, 'broken.html');
    writeFileSync(file, '<!doctype html><h2>x</h2><script>nothing()</script><img src="missing.png">');
    expect((await openInChromium(file)).errors.length).toBeGreaterThan(1);
  });
});
