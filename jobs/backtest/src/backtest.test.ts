import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, dayFromEpoch, epochDay, fixedClock, parseSettings } from '@pokewatch/core';
import { forecasterNamed, type Panel, type Predictions, walkForward } from '@pokewatch/fair-value';
import { type JobProcess, noProgress } from '@pokewatch/job';
import { currentFeatures, readPanel } from '@pokewatch/store';
import { ledMarket, publishFeatures } from '@pokewatch/store/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { backtest } from './backtest.ts';
import { figureLines } from './figures.ts';
import { findLeak } from './lookahead.ts';
import { predictionsCsv } from './predictions-csv.ts';
import { planBacktest, requestFromArguments } from './request.ts';

const CARDS = 34;
const DAYS = 200;
const RANGE = { from: '2025-05-01', to: '2025-06-15' };
let root: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-backtest-'));
  await publishFeatures(root, ledMarket(CARDS, DAYS, 9));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function given(folder = root): JobProcess {
  return {
    settings: parseSettings({ POKEWATCH_DATA: folder }),
    clock: fixedClock('2026-06-01T12:00:00Z'),
    logger: createLogger({ service: 'test', level: 'silent' }),
    progress: noProgress,
    stop: new AbortController().signal,
  };
}

test('it writes a row for every card and day with a price, and finds no look-ahead in our own models', async () => {
  const out = join(root, 'out.csv');
  const { report, evaluation } = await backtest(given(), {
    ...RANGE,
    model: 'ridge',
    predictions: out,
    check_lookahead: true,
  });
  expect(report).toMatchObject({
    exit_code: 0,
    notes: [expect.stringContaining('no look-ahead'), expect.stringContaining(out)],
  });
  const [header, ...lines] = readFileSync(out, 'utf8').trimEnd().split('\n');
  expect(header).toBe('card_id,date,market_price,fair_price,lower,upper,horizon_days');
  expect(lines).toHaveLength(CARDS * 46);
  const [card, day, market, fair, lower, upper, horizon] = lines[0]!.split(',');
  expect([card, day, horizon]).toEqual(['card-000', '2025-05-01', '14']);
  expect(Number(lower)).toBeLessThan(Number(fair));
  expect(Number(upper)).toBeGreaterThan(Number(fair));
  expect(Number(market)).toBeGreaterThan(0);
  expect(evaluation!.models.naive!.mae_over_naive!.value).toBe(1);
  expect(evaluation!.models.ridge!.mae_over_naive!.value).toBeLessThan(0.95);
  expect(figureLines(evaluation!).find((line) => line.startsWith('buy_over_base'))).toContain('base rate');
});

test('a planted leak, tomorrow’s listing, is found', async () => {
  const panel = await readPanel(root, currentFeatures(root)!);
  const leaky: Panel = {
    ...panel,
    mid: panel.mid.map((_, i) => (i % panel.days === panel.days - 1 ? Number.NaN : panel.mid[i + 1]!)),
  };
  const range = { from_day: epochDay(RANGE.from), to_day: epochDay(RANGE.to) };
  const plan = { ...range, horizon_days: 14, refit_days: 14, model: 'ridge' };
  const cut = range.to_day - 10;
  const honest = walkForward(panel, forecasterNamed('ridge'), plan);
  expect(findLeak(panel, honest, plan, cut)).toBeUndefined();
  // The leak is in the data that the whole run saw; on cut data tomorrow is not there.
  const whole: Predictions = walkForward(leaky, forecasterNamed('ridge'), plan);
  expect(findLeak(panel, whole, plan, cut)).toMatchObject({ column: 'log_return' });
});

test.each([
  [{ from: '2025-05-01', to: '2025-04-01' }, 'is after --to'],
  [{ from: '2024-01-01', to: '2024-02-01' }, 'The data reach from 2025-01-01'],
  [{ from: '2025-02-30', to: '2025-04-01' }, '--from is not a day: 2025-02-30'],
  [{ ...RANGE, horizon_days: 0 }, '--horizon must be a whole number from 1 to 90'],
  [{ ...RANGE, model: 'rigde' }, 'Did you mean ridge?'],
  [{ ...RANGE, predictions: '/nowhere/at/all/out.csv' }, 'there is no folder /nowhere/at/all'],
])('a request that cannot be is refused: %o', async (request, message) => {
  const { report } = await backtest(given(), request);
  expect(report).toMatchObject({ exit_code: 2, error: { code: 'bad_usage' } });
  expect(report.summary).toContain(message);
});

test('without features it says what to run', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'pokewatch-empty-'));
  try {
    expect((await backtest(given(empty), RANGE)).report.summary).toContain('Run `pokewatch preprocess` first');
  } finally {
    rmSync(empty, { recursive: true, force: true });
  }
});

test('a range that reaches past the data is cut to it', () => {
  const plan = planBacktest({ from: '2020-01-01', to: '2030-01-01' }, currentFeatures(root)!, 14);
  expect(dayFromEpoch(plan.from_day)).toBe('2025-01-01');
  expect(dayFromEpoch(plan.to_day)).toBe(dayFromEpoch(epochDay('2025-01-01') + DAYS - 1));
});

test('ids with commas and quotes are quoted in the CSV', async () => {
  const panel = await readPanel(root, currentFeatures(root)!);
  const rows = walkForward(panel, forecasterNamed('naive'), {
    from_day: epochDay(RANGE.from),
    to_day: epochDay(RANGE.from),
    horizon_days: 14,
  });
  const odd = { ...panel, cards: panel.cards.map((card, i) => (i === 0 ? { ...card, card_id: 'a,"b"' } : card)) };
  expect(predictionsCsv(odd, rows).split('\n')[1]).toMatch(/^"a,""b""",2025-05-01,/);
});

test('arguments of the job’s own process are checked', () => {
  expect(requestFromArguments(['--from', '2025-01-01', '--to', '2025-02-01', '--horizon', '7'])).toMatchObject({
    horizon_days: 7,
    check_lookahead: false,
  });
  expect(() => requestFromArguments(['--from', '2025-01-01'])).toThrow('--from and --to are needed');
  expect(() => requestFromArguments(['--form', '2025-01-01'])).toThrow("Unknown option '--form'");
});
