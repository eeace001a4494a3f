import type { ModelCurves } from '@pokewatch/contracts';
import { describe, expect, it, test } from 'vitest';
import { logReturnOf, logReturnUnits, wholeCents } from './amounts.ts';
import { demoPanel } from './demo-panel.ts';
import type { Explanation } from './forecaster.ts';
import { FORECASTERS, forecasterNamed } from './forecasters.ts';
import { modelCurves, namedCurves, shortest, speakerName } from './model-curves.ts';
import { lastDay, type Panel } from './panel.ts';
import { type ExplainedPrices, termColumns } from './term-columns.ts';
import { TermStore } from './term-store.ts';
import { TERMS } from './terms/catalogue.ts';
import { termWords } from './terms/words.ts';

/** Some cards have no listings on the last days, one has a single price. */
function patchyPanel(): Panel {
  const panel = demoPanel({ cards: 40, days: 160 });
  for (const card of [3, 7]) {
    for (const column of [panel.low, panel.mid, panel.high])
      column.fill(Number.NaN, card * 160 + 100, (card + 1) * 160);
  }
  panel.market.fill(Number.NaN, 5 * 160, 6 * 160 - 1);
  for (const column of [panel.low, panel.mid]) column.fill(Number.NaN, 5 * 160, 6 * 160);
  return panel;
}

const panel = patchyPanel();
const store = new TermStore(panel);
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/** What a reader does with the published curves: the height at a value, straight between knots, level beyond. */
function heightAt({ knots, heights }: { knots: readonly number[]; heights: readonly number[] }, value: number): number {
  const right = knots.findIndex((knot) => knot > value);
  if (right === 0) return heights[0]!;
  if (right < 0) return heights.at(-1)!;
  const way = (value - knots[right - 1]!) / (knots[right]! - knots[right - 1]!);
  return heights[right - 1]! + way * (heights[right]! - heights[right - 1]!);
}

/** An explanation as it is stored: the inputs that were missing are terms without a value. */
function stored({ market, fair, terms, missing }: Explanation): ExplainedPrices {
  const named = new Set(terms.map((term) => term.name));
  return {
    market,
    fair,
    terms: [
      ...terms.map(({ name, group, value, log_return }) => ({ term: name, group, value, log_return })),
      ...missing
        .filter((name) => !named.has(name))
        .map((term) => ({ term, group: 'own' as const, value: null, log_return: 0 })),
    ],
  };
}

function restlessnessOf({ restlessness: r }: Pick<ModelCurves, 'restlessness'>, value: number | undefined): number {
  if (r === null) return 1;
  const move = value === undefined ? r.unknown_step : Math.max(0, Math.exp(value) - r.log_floor);
  return (r.floor + r.steps * Math.min(r.most_step, move)) / r.usual;
}

describe.each([...FORECASTERS.keys()])('the published curves of %s', (name) => {
  const fitted = forecasterNamed(name).fit(panel, { as_of_day: lastDay(panel), horizon_days: 14, terms: store });
  const published = JSON.parse(JSON.stringify(namedCurves(modelCurves(fitted, store), name))) as Omit<
    ModelCurves,
    'model_version'
  >;
  const names = published.terms.map(({ term }) => term);
  const { explanations } = fitted.newest(panel, store);
  const columns = termColumns(explanations.map(stored), names);

  it('give every term of every explanation from its value, to the eighth decimal, and each card’s fair price', () => {
    for (const [card, explanation] of explanations.entries()) {
      const rows = { from: card === 0 ? 0 : columns.ends[card - 1]!, to: columns.ends[card]! };
      const known = new Map<string, { value: number; units: number }>();
      for (let row = rows.from; row < rows.to; row++) {
        if (Number.isNaN(columns.value[row]!)) expect(columns.units[row]).toBe(0);
        else
          known.set(names[columns.term[row]!]!, { value: shortest(columns.value[row]!), units: columns.units[row]! });
      }
      const units = [...known.values()].map((term) => term.units);
      const speaker = speakerName(name, explanation.speaker);
      const curves = published.speakers.find(({ model }) => model === speaker)?.curves ?? [];
      const restless = restlessnessOf(published, known.get(published.restlessness?.term ?? '')?.value);
      const heights = curves.flatMap((curve) => {
        const term = known.get(curve.term);
        return term === undefined
          ? []
          : [{ term, height: heightAt(curve, term.value) * (curve.scaled ? restless : 1) }];
      });
      const falls = total(heights.map(({ height }) => height)) < 0;
      const factor = falls ? restless ** (published.restlessness?.fall_power ?? 0) : 1;
      let by_hand = 0;
      for (const { term, height } of heights) {
        const log_return = height * factor;
        expect(Math.abs(log_return - logReturnOf(term.units))).toBeLessThan(3e-8);
        by_hand += log_return;
      }
      expect(total(units)).toBe(logReturnUnits(explanation.market, explanation.fair));
      expect(wholeCents(explanation.market * Math.exp(logReturnOf(total(units))))).toBe(wholeCents(explanation.fair));
      expect(Math.abs(by_hand - logReturnOf(total(units)))).toBeLessThan(1e-6);
      expect(units.length).toBe(speaker === 'naive' ? 0 : explanation.terms.filter((one) => one.value !== null).length);
    }
  });

  it('name every term once, with words and its usual value, and only terms that they list', () => {
    expect(new Set(names).size).toBe(names.length);
    for (const { curves } of published.speakers)
      for (const curve of curves) {
        expect(names).toContain(curve.term);
        expect(curve.knots.length).toBe(curve.heights.length);
        expect([...curve.knots].sort((a, b) => a - b)).toEqual(curve.knots);
      }
    for (const term of published.terms) if (name !== 'mean3') expect(term.usual).not.toBeNull();
  });
});

test('cards without listings, and one of a single day, name what is missing', () => {
  const fitted = forecasterNamed('curves').fit(panel, { as_of_day: lastDay(panel), horizon_days: 14, terms: store });
  const names = modelCurves(fitted, store).terms.map(({ term }) => term);
  const { explanations } = fitted.newest(panel, store);
  const columns = termColumns(explanations.map(stored), names);
  const missing = (card: number) => {
    const at = explanations.findIndex((one) => one.card === card);
    const rows = Array.from(
      columns.term.subarray(at === 0 ? 0 : columns.ends[at - 1]!, columns.ends[at]!),
      (term, i) => ({
        name: names[term]!,
        value: columns.value[(at === 0 ? 0 : columns.ends[at - 1]!) + i]!,
      }),
    );
    return rows.filter((row) => Number.isNaN(row.value)).map((row) => row.name);
  };
  expect(missing(0)).not.toContain('gap_mid');
  expect(missing(3)).toContain('gap_mid');
  expect(missing(3)).not.toContain('ret_7');
  expect(missing(5)).toEqual(expect.arrayContaining(['gap_mid', 'ret_7']));
});

test.each([
  ['log return', 'median listing over the market price', 'change', 'median listing over the market price'],
  ['log', 'log of the market price', 'price', 'the market price'],
  ['log', 'log of the market price, less the median of the set', 'times', 'the market price, against its set'],
  ['log', 'log of the mean daily move of it over 30 days', 'daily_move', 'the mean daily move of it over 30 days'],
  ['log', "log of the mean daily move, market's median", 'daily_move', 'across the market, the mean daily move'],
  [
    'log',
    "log of the mean daily move, median of the set less the market's",
    'times',
    'in its set against the market, the mean daily move',
  ],
  ['log', 'mean daily move over 7 days against 60 days', 'times', 'mean daily move over 7 days against 60 days'],
  [
    'log return',
    'change of it, mean of the other cards of this Pokemon, against the market',
    'change',
    'among the other cards of this Pokemon against the market, change of it',
  ],
  ['days', 'days since it last changed, up to 30', 'days', 'days since it last changed'],
  ['share', 'share of the last 30 days', 'share', 'share of the last 30 days'],
  ['ratio', 'change in units of the usual', 'number', 'change in units of the usual'],
])('a value in %s, defined as “%s”, is said as %s', (unit, definition, form, text) => {
  expect(termWords({ definition, unit })).toEqual({ text, form });
});

test('every term of the catalogue has plain words, and a form that fits its unit', () => {
  for (const term of TERMS) {
    const { text, form } = termWords(term);
    expect(text).not.toMatch(/^log of|market's median|the median of the set/);
    expect(['price', 'daily_move', 'times'].includes(form), term.name).toBe(term.unit === 'log');
  }
});

test('numbers of single precision are written with the fewest digits, others as they are', () => {
  expect([shortest(Math.fround(0.1)), shortest(Math.fround(1 / 3)), shortest(0.1), shortest(3)]).toEqual([
    0.1, 0.33333334, 0.1, 3,
  ]);
});
