import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demoPanel } from '../demo-panel.ts';
import { dayRows } from '../fit-rows.ts';
import { speciesOf } from '../groups.ts';
import { medianInPlace } from '../median.ts';
import type { Panel } from '../panel.ts';
import { TermStore } from '../term-store.ts';
import { TERMS } from './catalogue.ts';
import { rollingMax, rollingMean, rollingMin } from './rolling.ts';

const ALL = TERMS.map((_, index) => index);
const series = fc.array(fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constant(Number.NaN)), { maxLength: 40 });

function tableOf(panel: Panel) {
  const { card, day } = dayRows(new TermStore(panel), panel.first_day, panel.first_day + panel.days);
  return new TermStore(panel).table(card, day, ALL);
}

describe('rolling statistics', () => {
  it('agree with looking at each window by itself', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 1, max: 8 }), (values, window) => {
        const x = Float64Array.from(values);
        const known = (t: number) => values.slice(Math.max(0, t - window + 1), t + 1).filter((v) => !Number.isNaN(v));
        for (let t = 0; t < values.length; t++) {
          const inside = known(t);
          const mean = inside.length > 0 ? inside.reduce((sum, v) => sum + v, 0) / inside.length : Number.NaN;
          const difference = rollingMean(x, window, 1)[t]! - mean;
          expect(Number.isNaN(mean) ? Number.isNaN(difference) : Math.abs(difference) < 1e-9).toBe(true);
          expect(rollingMax(x, window)[t]).toEqual(inside.length > 0 ? Math.max(...inside) : Number.NaN);
          expect(rollingMin(x, window)[t]).toEqual(inside.length > 0 ? Math.min(...inside) : Number.NaN);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('medianInPlace', () => {
  it('agrees with sorting', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1 }), (values) => {
        const sorted = values.slice().sort((a, b) => a - b);
        const middle = sorted.length >> 1;
        const expected = sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
        expect(medianInPlace(Float64Array.from(values), values.length)).toBe(expected);
      }),
    );
  });
});

describe('terms', () => {
  it('have names of their own, a unit and a definition', () => {
    expect(new Set(TERMS.map(({ name }) => name)).size).toBe(TERMS.length);
    for (const { unit, definition } of TERMS) expect(Math.min(unit.length, definition.length)).toBeGreaterThan(2);
  });

  it('are the same whichever card-days are asked for beside them', () => {
    const panel = demoPanel({ cards: 20, days: 120 });
    const whole = tableOf(panel);
    const one = new TermStore(panel).table(Int32Array.of(7), Int32Array.of(100), ALL);
    const row = whole.card.findIndex((card, i) => card === 7 && whole.day[i] === 100);
    for (const term of ALL) expect(one.columns[term]![0]).toEqual(whole.columns[term]![row]);
  });

  it('keep currencies apart: the prices of one never reach the terms of the other', () => {
    const panel = demoPanel({ cards: 24, days: 90, sets: 3 });
    const cards = panel.cards.map((card, i) => (i % 2 ? { ...card, currency: 'EUR' } : card));
    const shaken = panel.market.map((price, cell) =>
      Math.floor(cell / panel.days) % 2 ? price * (1 + (cell % 7)) : price,
    );
    const before = tableOf({ ...panel, cards });
    const after = tableOf({ ...panel, cards, market: shaken });
    let moved = 0;
    for (const term of ALL) {
      for (let row = 0; row < before.rows; row++) {
        if (before.card[row]! % 2 === 0) expect(after.columns[term]![row]).toEqual(before.columns[term]![row]);
        else if (!Object.is(after.columns[term]![row], before.columns[term]![row])) moved++;
      }
    }
    expect(moved).toBeGreaterThan(1000);
  });

  it('never read a suspect quote', () => {
    const panel = demoPanel({ cards: 12, days: 90 });
    const cell = 5 * panel.days + 60;
    const spoilt = { ...panel, market: panel.market.slice(), mid: panel.mid.slice(), suspect: panel.suspect.slice() };
    const clean = { ...spoilt, market: panel.market.slice(), mid: panel.mid.slice() };
    spoilt.suspect[cell] = 1;
    spoilt.market[cell] = 1e6;
    spoilt.mid[cell] = 1e6;
    expect(tableOf(spoilt).columns).toEqual(tableOf(clean).columns);
  });
});

describe('speciesOf', () => {
  it.each([
    ['Charizard ex - 199/165', 'charizard'],
    ['Klingklang (Poke Ball Pattern)', 'klingklang'],
    ["Team Rocket's Mewtwo ex", 'mewtwo'],
  ])('reads %s as %s', (name, species) => {
    expect(speciesOf(name)).toBe(species);
  });
});
