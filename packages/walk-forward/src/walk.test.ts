import { forecasterNamed, walkForward } from '@pokewatch/fair-value';
import { expect, test } from 'vitest';
import { withPool } from './pool.ts';
import { swinging } from './testing/swinging.ts';
import { type WalkPlan, walk } from './walk.ts';

const panel = swinging(10, 150);
const FIRST = panel.first_day;
const plan: WalkPlan = {
  forecaster: { name: 'ridge' },
  from_day: FIRST + 110,
  to_day: FIRST + 149,
  horizon_days: 14,
  refit_days: 14,
  recalibrate_days: 7,
};
const never = new AbortController().signal;

test.each([1, 2, 3])('%i workers give what one walk in this thread gives, to the bit', async (threads) => {
  const { predictions, asOf } = await withPool(panel, { threads, signal: never }, (pool) => walk(pool, plan));
  expect(predictions).toEqual(walkForward(panel, forecasterNamed('ridge'), plan));
  expect([asOf(FIRST + 110), asOf(FIRST + 123), asOf(FIRST + 124)]).toEqual([FIRST + 110, FIRST + 110, FIRST + 124]);
});

test('the newest row of each card comes with terms that add up to it', async () => {
  const task = { kind: 'latest', forecaster: { name: 'ridge' }, horizon_days: 14 } as const;
  const { predictions, terms } = await withPool(panel, { threads: 1, signal: never }, async (pool) => {
    const { predictions: history } = await walk(pool, plan);
    return pool.run({ ...task, history });
  });
  expect(Array.from(predictions.card)).toEqual(panel.cards.map((_, card) => card));
  for (let row = 0; row < predictions.rows; row++) {
    const from = row === 0 ? 0 : terms!.ends[row - 1]!;
    const sum = terms!.log_return.slice(from, terms!.ends[row]).reduce((total, part) => total + part, 0);
    expect(terms!.card[row]).toBe(row);
    expect(sum).toBeCloseTo(predictions.log_return[row]!, 4);
  }
});

test('a stop ends the walk at once, and what a worker throws reaches the caller', async () => {
  const stop = new AbortController();
  const stopped = withPool(panel, { threads: 2, signal: stop.signal, onProgress: () => stop.abort() }, (pool) =>
    walk(pool, plan),
  );
  await expect(stopped).rejects.toMatchObject({ code: 'job_stopped' });
  const unknown = withPool(panel, { threads: 1, signal: never }, (pool) =>
    walk(pool, { ...plan, forecaster: { name: 'oracle' } as never }),
  );
  await expect(unknown).rejects.toThrow('unknown forecaster oracle');
});
