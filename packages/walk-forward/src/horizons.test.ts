import { otherHorizons } from '@pokewatch/fair-value';
import { expect, test } from 'vitest';
import { type Horizons, predictBeside } from './horizons.ts';
import { withPool } from './pool.ts';
import { swinging } from './testing/swinging.ts';
import { type WalkPlan, walkToPoints } from './walk.ts';

const panel = swinging(10, 190);
const plan: WalkPlan = {
  forecaster: { name: 'ridge' },
  from_day: panel.first_day + 100,
  to_day: panel.first_day + 189,
  horizon_days: 14,
  refit_days: 28,
  recalibrate_days: 14,
  warm_up_days: 42,
};
const never = new AbortController().signal;

function said(threads: number): Promise<Horizons> {
  const { forecaster, horizon_days } = plan;
  return withPool(panel, { threads, signal: never }, async (pool) => {
    const walked = await walkToPoints(pool, plan);
    const history = walked.parts[0]!;
    const { predictions } = await pool.run({ kind: 'latest', forecaster, horizon_days, history });
    return predictBeside(pool, forecaster, walked, predictions);
  });
}

test('other horizons are predicted for the newest row of each card, the same with any number of workers', async () => {
  const one = await said(1);
  expect(one.models.map((model) => model.horizon_days)).toEqual(otherHorizons(14));
  expect(one.predictions.map((of) => of.horizon_days)).toEqual(otherHorizons(14));
  for (const { rows, card, day, lower, upper } of one.predictions) {
    expect(Array.from(card)).toEqual(panel.cards.map((_, index) => index));
    expect(new Set(day)).toEqual(new Set([panel.first_day + 189]));
    for (let row = 0; row < rows; row++) expect(upper[row]).toBeGreaterThan(lower[row]!);
  }
  expect(JSON.stringify(await said(2))).toBe(JSON.stringify(one));
});
