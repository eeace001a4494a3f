import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DemoOptions, demoPanel } from './demo-panel.ts';
import type { Explanation } from './forecaster.ts';
import { FORECASTERS, forecasterNamed, modelFromJSON } from './forecasters.ts';
import { hasMarket, lastDay, type Panel } from './panel.ts';
import type { Predictions } from './predictions.ts';
import { TermStore } from './term-store.ts';
import { walkForward } from './walk-forward.ts';

const COLUMNS = ['market', 'low', 'mid', 'high'] as const;
type Column = (typeof COLUMNS)[number];

/** What is done to a column of prices. `card` and `day` are taken modulo the panel's own. */
type Harm =
  | { readonly kind: 'missing' | 'constant' }
  | { readonly kind: 'jump'; readonly card: number; readonly day: number; readonly factor: number }
  | { readonly kind: 'cells'; readonly cells: readonly { readonly at: number; readonly price: number }[] }
  | { readonly kind: 'begins'; readonly day: number };

const harm: fc.Arbitrary<Harm> = fc.oneof(
  fc.record({ kind: fc.constantFrom('missing' as const, 'constant' as const) }),
  fc.record({
    kind: fc.constant('jump' as const),
    card: fc.nat(99),
    day: fc.nat(199),
    factor: fc.constantFrom(100, 0.01, 1e6, 1e-6),
  }),
  fc.record({
    kind: fc.constant('cells' as const),
    cells: fc.array(
      fc.record({
        at: fc.nat(99_999),
        price: fc.constantFrom(Number.NaN, 0, -5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-12, 1e15),
      }),
      { minLength: 1, maxLength: 60 },
    ),
  }),
  fc.record({ kind: fc.constant('begins' as const), day: fc.nat(199) }),
);

const harms = fc.array(fc.record({ column: fc.constantFrom(...COLUMNS), harm }), { maxLength: 4 });
const suspects = fc.array(fc.nat(99_999), { maxLength: 20 });

/** Panels of few cards and days, and some that are large enough to learn from. */
const size: fc.Arbitrary<DemoOptions> = fc.oneof(
  fc.record({
    cards: fc.integer({ min: 1, max: 6 }),
    days: fc.integer({ min: 1, max: 40 }),
    sets: fc.integer({ min: 1, max: 6 }),
    seed: fc.nat(99),
  }),
  fc.record({
    cards: fc.integer({ min: 18, max: 24 }),
    days: fc.integer({ min: 105, max: 120 }),
    sets: fc.constantFrom(1, 3, 24),
    seed: fc.nat(99),
  }),
);

/** Shorter and longer than most histories. */
const horizon_days = fc.constantFrom(1, 14, 60);

function harmed(
  options: DemoOptions,
  changes: readonly { readonly column: Column; readonly harm: Harm }[],
  suspect: readonly number[],
): Panel {
  const panel = demoPanel(options);
  for (const change of changes) apply(panel, panel[change.column], change.harm);
  for (const at of suspect) panel.suspect[at % panel.suspect.length] = 1;
  return panel;
}

function apply({ cards, days }: Panel, prices: Float64Array, done: Harm): void {
  const whole = (value: number, from: number) => {
    for (let card = 0; card < cards.length; card++) prices.fill(value, card * days, card * days + from);
  };
  if (done.kind === 'missing') whole(Number.NaN, days);
  else if (done.kind === 'constant') whole(7, days);
  else if (done.kind === 'begins') whole(Number.NaN, done.day % days);
  else if (done.kind === 'cells') for (const { at, price } of done.cells) prices[at % prices.length] = price;
  else if (done.kind === 'jump') {
    const card = done.card % cards.length;
    for (let t = done.day % days; t < days; t++) prices[card * days + t] = prices[card * days + t]! * done.factor;
  }
}

function pricedDays(panel: Panel, from_day = panel.first_day): number {
  let count = 0;
  for (let card = 0; card < panel.cards.length; card++)
    for (let day = from_day; day <= lastDay(panel); day++) if (hasMarket(panel, card, day)) count++;
  return count;
}

/** Every row is an answer: finite prices, a band around the fair price, chances between 0 and 1. */
function expectAnswers(p: Predictions): void {
  for (let row = 0; row < p.rows; row++) {
    const [market, fair, lower, upper] = [p.market[row]!, p.fair[row]!, p.lower[row]!, p.upper[row]!];
    const sound =
      [fair, upper, p.log_return[row]!, p.scale[row]!].every(Number.isFinite) &&
      lower > 0 &&
      lower <= fair * (1 + 1e-9) &&
      upper >= fair * (1 - 1e-9) &&
      [p.p_up[row]!, p.p_down[row]!].every((chance) => chance > 0 && chance < 1) &&
      Math.abs(p.log_return[row]!) < 3;
    if (!sound)
      throw new Error(
        `card ${p.card[row]}, day ${p.day[row]}: ${[market, lower, fair, upper, p.p_up[row], p.p_down[row]].join(' ')}`,
      );
  }
}

function expectFinite(value: unknown, path: string): void {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${path} is ${value}`);
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) expectFinite(inner, `${path}.${name}`);
}

describe.each([...FORECASTERS.keys()])('%s on input that is unusable, odd or short', (name) => {
  it('answers every priced card-day with finite numbers, explains the newest, and can be stored', () => {
    fc.assert(
      fc.property(size, harms, suspects, horizon_days, (options, changes, suspect, horizon) => {
        const panel = harmed(options, changes, suspect);
        const terms = new TermStore(panel);
        const model = forecasterNamed(name).fit(panel, { as_of_day: lastDay(panel), horizon_days: horizon, terms });
        const predictions = model.predict(panel, panel.first_day, lastDay(panel), terms);
        expect(predictions.rows).toBe(pricedDays(panel));
        expectAnswers(predictions);
        const explained: Explanation[] = [];
        const newest = model.newestEach(panel, (one) => explained.push(one), terms);
        expectAnswers(newest);
        expectFinite(explained, 'explained');
        expectFinite(model.toJSON(), 'model');
        const restored = modelFromJSON(JSON.parse(JSON.stringify(model)));
        expect(restored.newestEach(panel, () => {}, terms)).toEqual(newest);
      }),
      { numRuns: 24 },
    );
  });

  it('walks over it from any day', () => {
    fc.assert(
      fc.property(size, harms, suspects, fc.nat(30), (options, changes, suspect, back) => {
        const panel = harmed(options, changes, suspect);
        const from_day = Math.max(panel.first_day, lastDay(panel) - back);
        const plan = { from_day, to_day: lastDay(panel), horizon_days: 14, warm_up_days: 28 };
        const predictions = walkForward(panel, forecasterNamed(name), plan);
        expect(predictions.rows).toBe(pricedDays(panel, from_day));
        expectAnswers(predictions);
      }),
      { numRuns: 10 },
    );
  });

  it('has wide bands where the history is shorter than the horizon', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 14 }), fc.nat(99), (days, seed) => {
        const panel = demoPanel({ cards: 5, days, seed });
        const model = forecasterNamed(name).fit(panel, { as_of_day: lastDay(panel), horizon_days: 14 });
        const { rows, lower, upper } = model.predict(panel, lastDay(panel));
        for (let row = 0; row < rows; row++) expect(upper[row]! / lower[row]!).toBeGreaterThan(1.5);
      }),
      { numRuns: 10 },
    );
  });
});
