import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BacktestOutputSchema } from '@pokewatch/contracts';
import { createLogger, dayFromEpoch, epochDay, fixedClock, parseSettings } from '@pokewatch/core';
import { forecasterNamed, walkForward } from '@pokewatch/fair-value';
import { type JobProcess, noProgress } from '@pokewatch/job';
import { plainLines } from '@pokewatch/report';
import { currentFeatures, readPanel } from '@pokewatch/store';
import { ledMarket, publishFeatures } from '@pokewatch/store/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requestFromArguments } from './arguments.ts';
import { type Backtest, backtest } from './backtest.ts';
import { predictionsCsv } from './predictions-csv.ts';
import { planBacktest } from './request.ts';
import { figureTables } from './tables/tables.ts';

const CARDS = 34;
const DAYS = 200;
const RANGE = { from: '2025-05-01', to: '2025-06-15' };
let root: string;
let told: string[];
let whole: Backtest;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-backtest-'));
  await publishFeatures(root, ledMarket(CARDS, DAYS, 9));
  told = [];
  const progress = { update: (_done: number, _total: number, label: string) => void told.push(label), end() {} };
  whole = await backtest(given(root, progress), {
    ...RANGE,
    model: 'ridge',
    horizons: [7, 14],
    predictions: join(root, 'out.csv'),
    report: join(root, 'report.html'),
    check_lookahead: true,
  });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function given(folder = root, progress = noProgress): JobProcess {
  return {
    settings: parseSettings({ POKEWATCH_DATA: folder }),
    clock: fixedClock('2026-06-01T12:00:00Z'),
    logger: createLogger({ service: 'test', level: 'silent' }),
    progress,
    stop: new AbortController().signal,
  };
}

test('it writes a row for every card and day with a price, and finds no look-ahead in our own models', () => {
  expect(whole.report).toMatchObject({
    exit_code: 0,
    notes: [
      expect.stringContaining('no look-ahead'),
      expect.stringContaining('report.html'),
      expect.stringContaining('out.csv'),
    ],
  });
  const [header, ...lines] = readFileSync(join(root, 'out.csv'), 'utf8').trimEnd().split('\n');
  expect(header).toBe('card_id,date,market_price,fair_price,lower,upper,horizon_days');
  expect(lines).toHaveLength(CARDS * 46);
  const [card, day, market, fair, lower, upper, horizon] = lines[0]!.split(',');
  expect([card, day, horizon]).toEqual(['card-000', '2025-05-01', '14']);
  expect(Number(lower)).toBeLessThan(Number(fair));
  expect(Number(upper)).toBeGreaterThan(Number(fair));
  expect(Number(market)).toBeGreaterThan(0);
  const { models } = whole.found!.evaluation;
  expect(models.naive!.mae_over_naive!.value).toBe(1);
  expect(models.ridge!.mae_over_naive!.value).toBeLessThan(0.95);
});

test('its figures have the shape that is promised, and nothing beside it', () => {
  const { evaluation, figures } = whole.found!;
  const output = JSON.parse(JSON.stringify({ ...whole.report, evaluation, figures }));
  expect(BacktestOutputSchema.parse(output)).toEqual(output);
  expect(figures.horizons.map(({ horizon_days }) => horizon_days)).toEqual([14, 7]);
  expect(figures.horizons[0]!.figures.ic).toEqual(evaluation.models.ridge!.ic);
  expect(figures.horizons[1]!.n).toBeGreaterThanOrEqual(figures.horizons[0]!.n);
  expect(figures.sets.reduce((sum, set) => sum + set.n, 0)).toBe(evaluation.models.ridge!.ic!.n);
});

test('it tells what it is doing', () => {
  expect([...new Set(told)]).toEqual([
    'reading the prices',
    'walking forward with ridge',
    'once more, knowing nothing after 2025-05-12',
    'once more, knowing nothing after 2025-05-31',
    'judging what came of it',
  ]);
});

describe('the tables', () => {
  const text = () =>
    figureTables(whole.found!.evaluation, whole.found!.figures)
      .map((table) => plainLines(table).join('\n'))
      .join('\n\n');

  test('fit a line of 120 characters', () => {
    const wide = figureTables(whole.found!.evaluation, whole.found!.figures).flatMap((table) =>
      plainLines({ ...table, note: '' }).filter((line) => line.length > 120),
    );
    expect(wide).toEqual([]);
  });

  test('show base rates, every price tier, and say where there is too little', () => {
    expect(text()).toMatch(/buy_over_base.* \d+\.\d %$/m);
    for (const tier of ['below 2', '2 to 5', '5 to 20', '20 to 100', '100 and more'])
      expect(text()).toMatch(new RegExp(`^${tier} `, 'm'));
    expect(text()).toMatch(/^below 2 +0 +0 +too few to say$/m);
    expect(text()).toMatch(/^7 days +/m);
  });

  test('have a cell for every column', () => {
    for (const { title, columns, rows } of figureTables(whole.found!.evaluation, whole.found!.figures))
      for (const row of rows) expect(row.length, title).toBe(columns.length);
  });
});

describe('the report', () => {
  test('is one file with plots and tables, and the same bytes for the same data', async () => {
    const html = readFileSync(join(root, 'report.html'), 'utf8');
    expect(html.match(/<svg /g)).toHaveLength(6);
    expect(html).toContain('Was PokeWatch right?');
    expect(html).not.toContain('SIMULATED');
    expect(html).not.toMatch(/NaN|undefined|\[object|<script/);
    const again = join(root, 'again.html');
    await backtest(given(), { ...RANGE, model: 'ridge', horizons: [7], report: again });
    expect(readFileSync(again, 'utf8')).toBe(html);
  });

  test('of a simulated market says so, and names of cards and sets cannot become markup', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pokewatch-simulated-'));
    try {
      const series = ledMarket(12, 100, 3).map((one) => ({ ...one, set_name: '<script>alert(1)</script>' }));
      await publishFeatures(folder, series, 'demo');
      const report = join(folder, 'r.html');
      const range = { from: '2025-03-20', to: '2025-04-10' };
      const done = await backtest(given(folder), { ...range, model: 'naive', report });
      expect(done.report).toMatchObject({ exit_code: 0, summary: expect.stringContaining('SIMULATED') });
      const html = readFileSync(report, 'utf8');
      expect(html).toContain('SIMULATED market');
      expect(html).toContain('&lt;script&gt;');
      expect(html).not.toContain('<script');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('of days whose outcome is not known yet says that there is nothing to say', async () => {
    const report = join(root, 'unknown.html');
    const range = { from: '2025-07-15', to: '2025-07-19' };
    const done = await backtest(given(), { ...range, model: 'ridge', report });
    expect(done.report.exit_code).toBe(0);
    expect(done.found!.evaluation.models.ridge!.ic!.value).toBeNull();
    expect(done.found!.figures.trading.strategies[0]!.each.n).toBe(0);
    expect(readFileSync(report, 'utf8')).not.toMatch(/NaN|undefined|Infinity/);
  });
});

test.each([
  [{ from: '2025-05-01', to: '2025-04-01' }, 'is after --to'],
  [{ from: '2024-01-01', to: '2024-02-01' }, 'The data reach from 2025-01-01'],
  [{ from: '2025-02-30', to: '2025-04-01' }, '--from is not a day: 2025-02-30'],
  [{ ...RANGE, horizon_days: 0 }, '--horizon must be a whole number from 1 to 90'],
  [{ ...RANGE, horizons: [7, 91] }, '--horizons must be a whole number from 1 to 90'],
  [{ ...RANGE, model: 'rigde' }, 'Did you mean ridge?'],
  [{ ...RANGE, predictions: '/nowhere/at/all/out.csv' }, 'there is no folder /nowhere/at/all for --predictions'],
  [{ ...RANGE, report: '/nowhere/at/all/r.html' }, 'there is no folder /nowhere/at/all for --report'],
  [{ ...RANGE, report: tmpdir() }, 'is a folder'],
  [{ ...RANGE, report: join(tmpdir(), 'one'), predictions: join(tmpdir(), 'x', '..', 'one') }, 'name the same file'],
])('a request that cannot be is refused: %o', async (request, message) => {
  const { report, found } = await backtest(given(), request);
  expect(report).toMatchObject({ exit_code: 2, error: { code: 'bad_usage' } });
  expect(report.summary).toContain(message);
  expect(found).toBeUndefined();
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
  const range = ['--from', '2025-01-01', '--to', '2025-02-01'];
  expect(requestFromArguments([...range, '--horizon', '7', '--horizons', '7,30', '--report', 'r.html'])).toMatchObject({
    horizon_days: 7,
    horizons: [7, 30],
    report: 'r.html',
    check_lookahead: false,
  });
  expect(() => requestFromArguments(['--from', '2025-01-01'])).toThrow('--from and --to are needed');
  expect(() => requestFromArguments(['--form', '2025-01-01'])).toThrow("Unknown option '--form'");
});
