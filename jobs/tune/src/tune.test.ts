import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TrialSchema } from '@pokewatch/contracts';
import { createLogger, fixedClock, parseSettings } from '@pokewatch/core';
import { type JobProcess, noProgress } from '@pokewatch/job';
import { layout, readTuningResults } from '@pokewatch/store';
import { ledMarket, publishFeatures } from '@pokewatch/store/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tuningLines } from './lines.ts';
import { tune } from './tune.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-tune-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function given(folder = root): JobProcess {
  return {
    settings: parseSettings({ POKEWATCH_DATA: folder }),
    clock: fixedClock('2026-06-01T12:00:00Z'),
    logger: createLogger({ service: 'test', level: 'silent' }),
    progress: noProgress,
    stop: new AbortController().signal,
  };
}

const DAYS = 262;
const market = ledMarket(12, DAYS, 1);
/** The last day of prices that a search may see: 70 judged days, and their horizon, come after it. */
const CUT = DAYS - 1 - 14 - 70;

/** The market with other prices after a day. */
function changed(after: number) {
  return market.map((series) => ({
    ...series,
    market: series.market.map((price, day) => (day > after ? price * (1 + (day % 5) / 10) : price)),
    mid: series.mid.map((price, day) => (day > after ? price * 0.7 : price)),
  }));
}

const log = (id: string, folder = root) => readFileSync(layout.tuningFile(folder, id, 'trials.jsonl'), 'utf8');

async function searched(folder: string, trials: number): Promise<string> {
  const { report, result } = await tune(given(folder), { trials });
  expect(report).toMatchObject({ status: 'ok', counts: { trials } });
  return result!.id;
}

test('prices of the judged days do not change one byte of the log; the last price before them does', async () => {
  const other = mkdtempSync(join(tmpdir(), 'pokewatch-tune-'));
  try {
    await publishFeatures(root, market);
    await publishFeatures(other, changed(CUT));
    const id = await searched(root, 3);
    expect(await searched(other, 3)).toBe(id);
    expect(log(id, other)).toBe(log(id));
    await publishFeatures(other, changed(CUT - 1));
    const seen = await searched(other, 1);
    expect(seen).not.toBe(id);
    expect(log(seen, other)).not.toBe(log(id).split('\n')[0]);
  } finally {
    rmSync(other, { recursive: true, force: true });
  }
});

test('a search that is run again with more trials adds to its log, and ends as one that made them at once', async () => {
  const other = mkdtempSync(join(tmpdir(), 'pokewatch-tune-'));
  try {
    for (const folder of [root, other]) await publishFeatures(folder, market);
    const id = await searched(root, 1);
    const first = log(id);
    // What a killed run leaves behind: a line without its end.
    appendFileSync(layout.tuningFile(root, id, 'trials.jsonl'), '{"trial":1,"sett');
    await searched(root, 3);
    expect(log(id).startsWith(first)).toBe(true);
    await searched(other, 3);
    expect(log(id)).toBe(log(id, other));
    const result = (folder: string) => readFileSync(layout.tuningFile(folder, id, 'result.json'), 'utf8');
    expect(result(root)).toBe(result(other));
    const before = result(root);
    await searched(root, 3);
    expect([log(id), result(root)]).toEqual([log(id, other), before]);
  } finally {
    rmSync(other, { recursive: true, force: true });
  }
});

test('a search that is stopped leaves whole lines and no result', async () => {
  await publishFeatures(root, market);
  const stop = new AbortController();
  const progress = { update: (trial: number) => trial === 1 && stop.abort(), end() {} };
  const { report, result } = await tune({ ...given(), stop: stop.signal, progress }, { trials: 50 });
  expect(report).toMatchObject({ status: 'stopped', exit_code: 143 });
  expect(result).toBeUndefined();
  expect(readTuningResults(root)).toEqual([]);
  const [id] = readdirSync(layout.tuning(root));
  const lines = log(id!).split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.map((line) => TrialSchema.parse(JSON.parse(line)).trial)).toEqual([0]);
});

test('the result says which settings, on which windows, and how they compare; it is printed as a table', async () => {
  await publishFeatures(root, market);
  await searched(root, 2);
  const [result] = readTuningResults(root);
  expect(result).toMatchObject({
    source: 'import',
    horizon_days: 14,
    trials: 2,
    default_trial: { trial: 0, stopped: false },
    windows: [{}, {}, {}],
  });
  expect(result!.windows.every(({ from, to }) => from < to && to < result!.cut_date)).toBe(true);
  expect(result!.by_window).toHaveLength(3);
  const lines = tuningLines(result!);
  expect(lines[0]).toContain('IC + IC within a day − MAE/naive');
  expect(lines.filter((line) => /^2025-\d\d-\d\d to 2025-/.test(line))).toHaveLength(3);
});

test('without features, and with a request that cannot be met, it says what is wrong', async () => {
  expect((await tune(given(), {})).report).toMatchObject({ exit_code: 2, error: { code: 'nothing_to_do' } });
  await expect(tune(given(), { trials: 0 })).rejects.toThrow('--trials must be a whole number from 1');
  await expect(tune(given(), { to: 'soon' })).rejects.toThrow('--to must be a day like');
});
