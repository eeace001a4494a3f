import { evaluate, type OutcomeRows } from '@pokewatch/evaluation';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { comparedFigures, compareForecasts, type ScoredRows } from './compare.ts';

const FIRST = 20_000;

/** Numbers from −1 to 1 from a seed. */
function noise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Card-days with outcomes, and a forecast that knows `skill` of each outcome. */
function forecast(cards: number, days: number, skill: number, seed: number): ScoredRows {
  const [outcome, error] = [noise(seed), noise(seed + 1)];
  const day = Array.from({ length: cards * days }, (_, i) => FIRST + Math.floor(i / cards));
  const realised = day.map(() => 0.1 * outcome());
  return { day, realised, predicted: realised.map((value) => skill * value + 0.05 * (1 - skill) * error()) };
}

const sizes = fc.record({
  cards: fc.integer({ min: 2, max: 40 }),
  days: fc.integer({ min: 28, max: 60 }),
  seed: fc.integer({ min: 1, max: 1e6 }),
});

test('a forecast does not differ from itself, and the difference changes its sign with the order', () => {
  fc.assert(
    fc.property(sizes, ({ cards, days, seed }) => {
      const [one, other] = [forecast(cards, days, 0.5, seed), forecast(cards, days, 0.2, seed)];
      const zero = { value: expect.closeTo(0, 12), lower: expect.closeTo(0, 12), upper: expect.closeTo(0, 12) };
      expect(compareForecasts(one, one.predicted, 14)).toMatchObject({
        objective: zero,
        ic: zero,
        mae_over_naive: zero,
      });
      const there = compareForecasts(one, other.predicted, 14);
      const back = compareForecasts(other, one.predicted, 14);
      for (const figure of ['objective', 'ic', 'mae_over_naive'] as const) {
        expect(back[figure].value).toBeCloseTo(-there[figure].value!, 12);
        expect(back[figure].lower).toBeCloseTo(-there[figure].upper!, 12);
      }
    }),
    { numRuns: 20 },
  );
});

test('figures are those of the evaluation, and a difference is that of the figures', () => {
  fc.assert(
    fc.property(sizes, ({ cards, days, seed }) => {
      const [one, other] = [forecast(cards, days, 0.5, seed), forecast(cards, days, 0.1, seed)];
      const figures = comparedFigures(one);
      const all = evaluate(outcomesOf(one), undefined, { resamples: 0, block_days: 14, seed: 1, confidence: 0.9 });
      for (const name of ['ic', 'ic_within_day', 'mae_over_naive'] as const) {
        if (all[name]!.value === null) expect(figures[name]).toBeNull();
        else expect(figures[name]).toBeCloseTo(all[name]!.value, 10);
      }
      const { ic, ic_within_day, mae_over_naive, objective } = figures;
      expect(objective).toBeCloseTo(ic! + (ic_within_day ?? 0) - mae_over_naive!, 12);
      const { objective: difference } = compareForecasts(one, other.predicted, 14);
      expect(difference.value).toBeCloseTo(objective - comparedFigures(other).objective, 10);
    }),
    { numRuns: 20 },
  );
});

test('a forecast that knows more is better beyond noise; one that differs by noise alone is not', () => {
  const good = forecast(30, 70, 0.6, 7);
  const { mae_over_naive, objective } = compareForecasts(good, forecast(30, 70, 0.3, 7).predicted, 14);
  expect(mae_over_naive.upper).toBeLessThan(0);
  expect(objective.lower).toBeGreaterThan(0);
  const jitter = noise(99);
  const alike = good.predicted.map((value) => value + 0.002 * jitter());
  const { ic } = compareForecasts(good, alike, 14);
  expect(Math.abs(ic.value!)).toBeLessThan(0.01);
});

test('with fewer than two blocks of days, or blocks of a longer horizon, there is no interval', () => {
  const rows = forecast(5, 40, 0.5, 3);
  expect(compareForecasts(rows, rows.realised, 14).ic.lower).not.toBeNull();
  expect(compareForecasts(rows, rows.realised, 30).ic).toMatchObject({ lower: null, upper: null });
  const few = forecast(5, 20, 0.5, 3);
  expect(compareForecasts(few, few.realised, 14).objective).toMatchObject({ lower: null, upper: null });
});

test('without rows nothing can be told', () => {
  const none = { day: [], realised: [], predicted: [] };
  expect(comparedFigures(none)).toEqual({ ic: null, ic_within_day: null, mae_over_naive: null, objective: 0 });
});

function outcomesOf({ day, realised, predicted }: ScoredRows): OutcomeRows {
  const same = (value: number) => day.map(() => value);
  return {
    rows: day.length,
    horizon_days: 14,
    card: same(0),
    day,
    market: same(10),
    log_return: predicted,
    realised,
    lower: same(9),
    upper: same(11),
    p_up: same(0.1),
    p_down: same(0.1),
    spoke: same(1),
  };
}
