import type { FeatureManifest } from '@pokewatch/contracts';
import { dayFromEpoch } from '@pokewatch/core';
import { judgedSpan } from '@pokewatch/walk-forward';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planTuning } from './windows.ts';

const FIRST = 20_000;
const features = (days: number) =>
  ({ first_date: dayFromEpoch(FIRST), last_date: dayFromEpoch(FIRST + days - 1) }) as FeatureManifest;

test('windows follow each other, are long enough for an interval, and their outcomes lie before the judged days', () => {
  fc.assert(
    fc.property(fc.integer({ min: 260, max: 900 }), fc.integer({ min: 1, max: 30 }), (days, horizon) => {
      fc.pre(days > 75 + 84 + 2 * horizon + 70);
      const { cut_day, windows } = planTuning(features(days), {}, horizon);
      expect(cut_day).toBe(judgedSpan(FIRST, FIRST + days - 1, horizon).from_day - 1);
      expect(windows.length).toBeGreaterThanOrEqual(3);
      expect(windows.at(-1)!.to_day + horizon).toBe(cut_day);
      expect(windows[0]!.from_day).toBeGreaterThanOrEqual(FIRST + 75);
      for (const [i, { from_day, to_day }] of windows.entries()) {
        expect(to_day - from_day + 1).toBeGreaterThanOrEqual(28);
        if (i > 0) expect(from_day).toBe(windows[i - 1]!.to_day + 1);
      }
    }),
  );
});

test('days can be narrowed, but never to those that models are judged on', () => {
  const all = planTuning(features(500), {}, 14);
  const to = dayFromEpoch(all.cut_day - 30);
  const narrowed = planTuning(features(500), { from: dayFromEpoch(FIRST + 150), to }, 14);
  expect(narrowed.cut_day).toBe(all.cut_day - 30);
  expect(narrowed.windows[0]!.from_day).toBeGreaterThanOrEqual(FIRST + 150);
  const late = { to: dayFromEpoch(all.cut_day + 1) };
  expect(() => planTuning(features(500), late, 14)).toThrow('lies in the days that models are judged on');
});

test('with too few days it says how many are missing', () => {
  expect(() => planTuning(features(240), {}, 14)).toThrow('17 days of prices are missing for 3 windows');
  expect(planTuning(features(257), {}, 14).windows).toHaveLength(3);
});
