import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demoPanel } from './demo-panel.ts';
import { FORECASTERS, forecasterNamed, modelFromJSON } from './forecasters.ts';
import { lastDay, type Panel } from './panel.ts';
import { TERM_GROUPS } from './terms/catalogue.ts';

const panel = demoPanel({ cards: 40, days: 150 });
const options = { as_of_day: lastDay(panel), horizon_days: 14 };
const names = [...FORECASTERS.keys()];

function expectUsable(of: Panel, name: string): void {
  const model = forecasterNamed(name).fit(of, { as_of_day: lastDay(of), horizon_days: 14 });
  const p = model.predict(of, of.first_day, lastDay(of));
  for (let row = 0; row < p.rows; row++) {
    const numbers = [p.fair[row]!, p.lower[row]!, p.upper[row]!, p.log_return[row]!, p.p_up[row]!, p.p_down[row]!];
    if (!numbers.every(Number.isFinite) || !(p.lower[row]! > 0) || !(p.upper[row]! >= p.lower[row]!)) {
      throw new Error(`${name}, card ${p.card[row]}, day ${p.day[row]}: ${numbers.join(' ')}`);
    }
  }
}

describe.each(names)('the fitted model %s', (name) => {
  const model = forecasterNamed(name).fit(panel, options);

  it('is the same to the byte when it is fitted again', () => {
    const again = forecasterNamed(name).fit(panel, options);
    expect(JSON.stringify(again)).toBe(JSON.stringify(model));
  });

  it('predicts the same after it was stored and read again', () => {
    const restored = modelFromJSON(JSON.parse(JSON.stringify(model)));
    expect(restored.predict(panel, lastDay(panel))).toEqual(model.predict(panel, lastDay(panel)));
    expect(JSON.stringify(restored)).toBe(JSON.stringify(model));
  });

  it('explains every prediction: the terms sum to its return', () => {
    const p = model.predict(panel, lastDay(panel));
    for (let row = 0; row < p.rows; row += 3) {
      const explained = model.explain(panel, p.card[row]!, p.day[row]!)!;
      const groups = TERM_GROUPS.map((group) =>
        explained.terms.filter((term) => term.group === group).reduce((sum, term) => sum + term.log_return, 0),
      );
      // Terms of a fall are scaled one by one, their sums as a whole: the last bits may differ.
      expect(groups[0]! + groups[1]! + groups[2]! + groups[3]!).toBeCloseTo(p.log_return[row]!, 14);
      expect(explained.fair).toBe(p.fair[row]);
    }
  });

  it('has nothing to explain where there is no price', () => {
    expect(model.explain(panel, 0, lastDay(panel) + 1)).toBeNull();
  });
});

describe('explanations', () => {
  it('name the inputs that are missing', () => {
    const day = lastDay(panel);
    const bare = { ...panel, mid: panel.mid.slice() };
    const model = forecasterNamed('curves').fit(panel, options);
    const card = model.predict(panel, day).card[0]!;
    for (let t = 0; t < panel.days; t++) bare.mid[card * panel.days + t] = Number.NaN;
    expect(model.explain(panel, card, day)!.missing).not.toContain('gap_mid');
    expect(model.explain(bare, card, day)!.missing).toContain('gap_mid');
  });
});

describe('unusable or odd input', () => {
  const cell = (panel_days: number, card: number, t: number) => card * panel_days + t;

  it.each(names)('gets an answer from %s: constant prices, one card, one day, one set, sets of one card', (name) => {
    const constant = demoPanel({ cards: 8, days: 80 });
    for (const column of [constant.market, constant.low, constant.mid, constant.high]) column.fill(7);
    expectUsable(constant, name);
    expectUsable(demoPanel({ cards: 1, days: 120 }), name);
    expectUsable(demoPanel({ cards: 20, days: 1 }), name);
    expectUsable(demoPanel({ cards: 20, days: 10 }), name);
    expectUsable(demoPanel({ cards: 20, days: 100, sets: 1 }), name);
    expectUsable(demoPanel({ cards: 12, days: 100, sets: 12 }), name);
    expectUsable(demoPanel({ cards: 12, days: 100, listings: false }), name);
  });

  it.each(names)('gets an answer from %s when prices jump a hundredfold or are no prices at all', (name) => {
    const odd = fc.constantFrom(Number.NaN, 0, -1, Number.POSITIVE_INFINITY, 1e-9, 1e9, 0.01);
    const change = fc.tuple(fc.nat(9), fc.nat(79), fc.constantFrom('market', 'low', 'mid', 'high'), odd, fc.boolean());
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        const of = demoPanel({ cards: 10, days: 80, sets: 2 });
        for (const [card, t, column, price, suspect] of changes) {
          of[column as 'market'][cell(of.days, card, t)] = price;
          if (suspect) of.suspect[cell(of.days, card, t)] = 1;
        }
        for (let t = 40; t < 80; t++) of.market[cell(of.days, 3, t)] = of.market[cell(of.days, 3, t)]! * 100;
        expectUsable(of, name);
      }),
      { numRuns: 12 },
    );
  });

  it('lets nobody speak for a suspect quote: the fair price is the market price', () => {
    const of = demoPanel({ cards: 30, days: 120 });
    const day = lastDay(of);
    const card = forecasterNamed('curves').fit(of, { as_of_day: day, horizon_days: 14 }).predict(of, day).card[0]!;
    of.suspect[cell(of.days, card, of.days - 1)] = 1;
    const p = forecasterNamed('curves').fit(of, { as_of_day: day, horizon_days: 14 }).predict(of, day);
    expect(p.speaker[0]).toBe(0);
    expect(p.fair[0]).toBe(p.market[0]);
  });
});

describe('modelFromJSON', () => {
  it('refuses formats and forecasters that it does not know', () => {
    const json = forecasterNamed('naive').fit(panel, options).toJSON();
    expect(() => modelFromJSON({ ...json, format: 2 as 1 })).toThrow('unknown model format');
    expect(() => modelFromJSON({ ...json, name: 'oracle' })).toThrow('unknown forecaster oracle; known: naive');
  });
});
