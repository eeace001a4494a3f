import { emptyPanel, forecasterNamed, type Panel, walkForward } from '@pokewatch/fair-value';
import { expect, test } from 'vitest';
import { withPool } from './pool.ts';
import { type WalkPlan, walk } from './walk.ts';

const FIRST = 20_000;

/** Cards whose prices swing at different rhythms, with a median listing that is ahead of them. */
function swinging(cards: number, days: number): Panel {
  const facts = Array.from({ length: cards }, (_, i) => ({
    card_id: `c${i}`,
    name: `Card ${i}`,
    set_name: `Set ${i % 2}`,
    number: `${i}`,
    rarity: 'Rare',
    printing: 'Holofoil',
    language: 'english',
    currency: 'USD',
  }));
  const panel = emptyPanel(facts, FIRST, days);
  for (let cell = 0; cell < cards * days; cell++) {
    const [card, day] = [Math.floor(cell / days), cell % days];
    const price = (at: number) =>
      (10 + card) * Math.exp(0.2 * Math.sin(at / (6 + card)) + 0.03 * Math.sin(at * 1.7 + card));
    panel.market[cell] = price(day);
    panel.mid[cell] = price(day + 4) * 1.1;
    panel.low[cell] = price(day + 2) * 0.9;
  }
  return panel;
}

const panel = swinging(10, 150);
const plan: WalkPlan = {
  forecaster: 'ridge',
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
  const task = { kind: 'latest' as const, forecaster: 'ridge', horizon_days: 14 };
  const { predictions, terms } = await withPool(panel, { threads: 1, signal: never }, async (pool) => {
    const { predictions: history } = await walk(pool, plan);
    return pool.run({ ...task, history });
  });
  expect(Array.from(predictions.card)).toEqual(panel.cards.map((_, card) => card));
  for (let row = 0; row < predictions.rows; row++) {
    const sum = terms.filter((term) => term.card === row).reduce((total, term) => total + term.log_return, 0);
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
    walk(pool, { ...plan, forecaster: 'oracle' }),
  );
  await expect(unknown).rejects.toThrow('unknown forecaster oracle');
});
