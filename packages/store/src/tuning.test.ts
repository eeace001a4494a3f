import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Trial, TuningResult } from '@pokewatch/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { layout } from './layout.ts';
import { appendTrial, publishTuningResult, readTrials, readTuningResults } from './tuning.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-tuning-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const ID = '0123456789';
const SETTINGS = {
  knots: 10,
  smooth: 0.3,
  shrink: 0.3,
  huber: 0.2,
  sweeps: 10,
  timing_penalty: 0.3,
  half_life_days: 60,
  least_price: 2,
  least_rows: 300,
  restless_floor: 0.03,
  restless_steps: 2.5,
  restless_most_step: 0.1,
  restless_fall_power: 0.3,
};

function trial(number: number): Trial {
  const figures = { ic: 0.1, ic_within_day: null, mae_over_naive: 0.9, objective: -0.8 };
  const windows = [{ window: 2, n: 10, ...figures }];
  return { trial: number, settings: SETTINGS, windows, score: -0.8, spread: 0, stopped: number > 0 };
}

test('trials are read in the order in which they were added; their times stand apart', () => {
  expect(readTrials(root, ID)).toEqual([]);
  for (const number of [0, 1]) appendTrial(root, ID, trial(number), 100 * number);
  expect(readTrials(root, ID)).toEqual([trial(0), trial(1)]);
  expect(readFileSync(layout.tuningFile(root, ID, 'trials.jsonl'), 'utf8')).not.toContain('elapsed');
  const times = readFileSync(layout.tuningFile(root, ID, 'times.jsonl'), 'utf8');
  expect(times).toBe('{"trial":0,"elapsed_ms":0}\n{"trial":1,"elapsed_ms":100}\n');
});

test('a last line without its end is cut off, and the next trial follows a whole one', () => {
  appendTrial(root, ID, trial(0), 1);
  appendFileSync(layout.tuningFile(root, ID, 'trials.jsonl'), '{"trial":1,"näch');
  expect(readTrials(root, ID)).toEqual([trial(0)]);
  appendTrial(root, ID, trial(1), 1);
  expect(readTrials(root, ID)).toEqual([trial(0), trial(1)]);
});

test('a damaged line in the middle is named', () => {
  appendTrial(root, ID, trial(0), 1);
  appendFileSync(layout.tuningFile(root, ID, 'trials.jsonl'), '{"trial":1}\n');
  expect(() => readTrials(root, ID)).toThrow(/line 2 of .*trials\.jsonl has an unknown shape/);
});

test('results are read in the order of their ids; a search without one is passed over, a damaged one is named', () => {
  const zero = { value: 0, lower: null, upper: null };
  const differences = { n: 10, objective: zero, ic: zero, ic_within_day: zero, mae_over_naive: zero };
  const result = (id: string): TuningResult => ({
    kind: 'tuning',
    id,
    format: 1,
    code_version: '1',
    source: 'import',
    horizon_days: 14,
    seed: 1,
    first_date: '2025-01-01',
    cut_date: '2025-09-01',
    windows: [{ from: '2025-05-01', to: '2025-06-01' }],
    trials: 1,
    default_trial: trial(0),
    best_trial: trial(0),
    by_window: [differences],
    all_windows: differences,
    better: false,
    reason: 'keep',
  });
  appendTrial(root, 'cccccccccc', trial(0), 1);
  for (const id of ['bbbbbbbbbb', 'aaaaaaaaaa']) publishTuningResult(root, result(id));
  expect(readTuningResults(root).map(({ id }) => id)).toEqual(['aaaaaaaaaa', 'bbbbbbbbbb']);
  writeFileSync(layout.tuningFile(root, 'aaaaaaaaaa', 'result.json'), '{');
  expect(() => readTuningResults(root)).toThrow('is not JSON');
});
