import type { Trial } from '@pokewatch/contracts';
import { CURVES_DEFAULTS } from '@pokewatch/fair-value';
import type { JudgedRows } from '@pokewatch/walk-forward';
import { expect, test } from 'vitest';
import { runTrial } from './trial.ts';
import { bestTrial, compareWithDefaults } from './verdict.ts';

const WINDOWS = 4;
const DAYS = 42;
const CARDS = 31;

/** Card-days of a window by a forecast that knows `skill` of what happens. */
function rows(window: number, skill: number): JudgedRows {
  const day = Array.from({ length: DAYS * CARDS }, (_, i) => 20_000 + window * DAYS + Math.floor(i / CARDS));
  const realised = day.map((_, i) => 0.1 * Math.sin(i * 12.9898));
  const predicted = realised.map((value, i) => skill * value + 0.03 * Math.sin(i * 78.233));
  return { day, realised, predicted, card: day, market: day, speaker: day };
}

async function trials(skills: readonly ((window: number) => number)[]): Promise<{ done: Trial[]; walked: number[][] }> {
  const done: Trial[] = [];
  const walked: number[][] = [];
  for (const [trial, skill] of skills.entries()) {
    walked.push([]);
    const walk = async (window: number) => {
      walked[trial]!.push(window);
      return rows(window, skill(window));
    };
    done.push(await runTrial(trial, CURVES_DEFAULTS, WINDOWS, done, walk));
  }
  return { done, walked };
}

test('the defaults walk all windows, newest first; a bad trial is stopped after the first, a middling one after the second', async () => {
  const { done, walked } = await trials([
    () => 0.5,
    () => 0.6,
    () => 0.1,
    (window) => (window === 3 ? 0.55 : 0.1),
    () => 0.7,
  ]);
  expect(walked).toEqual([[3, 2, 1, 0], [3, 2, 1, 0], [3], [3, 2], [3, 2, 1, 0]]);
  expect(done.map(({ stopped }) => stopped)).toEqual([false, false, true, true, false]);
  expect(done[0]!.windows.map(({ window }) => window)).toEqual([3, 2, 1, 0]);
});

test('a trial’s score is the mean of its windows, its spread their standard deviation', async () => {
  const { done } = await trials([(window) => 0.2 + 0.1 * window]);
  const { score, spread, windows } = done[0]!;
  const objectives = windows.map(({ objective }) => objective);
  const mean = objectives.reduce((a, b) => a + b, 0) / WINDOWS;
  expect(score).toBeCloseTo(mean, 12);
  expect(spread).toBeCloseTo(Math.sqrt(objectives.reduce((sum, one) => sum + (one - mean) ** 2, 0) / WINDOWS), 12);
  expect(spread).toBeGreaterThan(0.01);
});

test('the best trial is among those that walked all windows; the defaults when none is better', async () => {
  const { done } = await trials([() => 0.5, () => 0.6, (window) => (window === 3 ? 0.9 : 0)]);
  expect(bestTrial(done).trial).toBe(1);
  expect(bestTrial([done[0]!, { ...done[0]!, trial: 1 }]).trial).toBe(0);
  expect(bestTrial([done[0]!, { ...done[1]!, stopped: true }]).trial).toBe(0);
});

test('better beyond noise in most windows is better; in half of them it is not', () => {
  const all = [0, 1, 2, 3];
  const judged = (best: (window: number) => number) =>
    compareWithDefaults(
      all.map((window) => rows(window, best(window))),
      all.map((window) => rows(window, 0.4)),
      14,
    );
  expect(judged(() => 0.6)).toMatchObject({ better: true, reason: expect.stringContaining('in 4 of 4 windows') });
  expect(judged((window) => (window === 0 ? 0.4 : 0.6))).toMatchObject({ better: true });
  const half = judged((window) => (window < 2 ? 0.4 : 0.8));
  expect(half).toMatchObject({ better: false, reason: expect.stringMatching(/^keep the defaults: .* in 2 of 4/) });
  expect(half.by_window.map(({ objective }) => Math.sign(objective.value!))).toEqual([0, 0, 1, 1]);
  expect(judged(() => 0.4)).toMatchObject({ better: false, all_windows: { objective: { value: 0 } } });
});
