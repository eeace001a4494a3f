import { describe, expect, it } from 'vitest';
import { demoPanel } from '../demo-panel.ts';
import { forecasterNamed } from '../forecasters.ts';
import { lastDay, type Panel, truncatePanel } from '../panel.ts';
import { filterPredictions, type Predictions } from '../predictions.ts';
import { TermStore } from '../term-store.ts';
import { walkPoints, walkSegments } from '../walk-forward.ts';
import { rowsAlso } from './aligned.ts';
import { fitHorizon, horizonModels, otherHorizons, predictHorizons } from './other-horizons.ts';

const panel = demoPanel({ cards: 40, days: 210 });

interface Said {
  readonly anchor: Predictions;
  readonly others: Predictions[];
  readonly models: unknown;
}

/** What a forecaster says today for all horizons. */
function say(on: Panel, name: string, anchor_days: number, from_day = on.first_day + 60): Said {
  const store = new TermStore(on);
  const forecaster = forecasterNamed(name);
  const to_day = lastDay(on);
  const segments = walkSegments(on, { from_day, to_day, horizon_days: anchor_days, refit_days: 28, warm_up_days: 0 });
  const walked = walkPoints(store, forecaster, segments, anchor_days);
  const fitted = forecaster.fit(on, { as_of_day: to_day, horizon_days: anchor_days, history: walked, terms: store });
  const { predictions: anchor } = fitted.newest(on, store);
  const fits = otherHorizons(anchor_days).map((horizon_days) =>
    fitHorizon(store, forecaster, { horizon_days, from_day }),
  );
  const models = horizonModels(store, name, rowsAlso(walked, fits[0]!.history), fits);
  return { anchor, others: predictHorizons(store, models, anchor), models };
}

describe('horizons beside the one that is asked for', () => {
  it('are 7, 14 and 30 days without it', () => {
    expect([14, 7, 10].map(otherHorizons)).toEqual([
      [7, 30],
      [14, 30],
      [7, 14, 30],
    ]);
  });

  it.each([
    ['curves', 14],
    ['ridge', 30],
    ['ridge', 10],
  ])('of the %s and an anchor of %i days lie on a path with it, in bands that never get narrower', (name, days) => {
    const { anchor, others } = say(panel, name, days);
    const fair_beside = others.map((one) => one.fair);
    expect(
      fair_beside.flatMap((fair) => [...fair]).some((fair, row) => fair !== anchor.market[row % anchor.rows]),
    ).toBe(true);
    const all = [anchor, ...others].sort((a, b) => a.horizon_days - b.horizon_days);
    for (let row = 0; row < anchor.rows; row++) {
      const path = all.map((one) => Math.log(one.fair[row]! / one.market[row]!));
      const signs = path.map((value, i) => Math.sign(value - (path[i - 1] ?? 0)));
      expect(signs.filter((sign, i) => i > 0 && sign !== signs[i - 1]).length).toBeLessThanOrEqual(1);
      let [below, above] = [0, 0];
      for (const { fair, lower, upper, p_up, p_down, scale } of all) {
        expect(Math.log(fair[row]! / lower[row]!)).toBeGreaterThanOrEqual(below - 1e-8);
        expect(Math.log(upper[row]! / fair[row]!)).toBeGreaterThanOrEqual(above - 1e-8);
        [below, above] = [Math.log(fair[row]! / lower[row]!), Math.log(upper[row]! / fair[row]!)];
        expect(p_up[row]! + p_down[row]!).toBeLessThanOrEqual(1);
        expect(scale[row]).toBeGreaterThan(0);
      }
    }
  });

  it('learn bands from their own errors: they hold about four fifths of what came', () => {
    const known = truncatePanel(demoPanel({ cards: 120, days: 240 }), 20_000 + 200);
    const later = demoPanel({ cards: 120, days: 240 });
    const { others } = say(known, 'ridge', 14);
    for (const { horizon_days, card, day, lower, upper, rows } of others) {
      let [held, told] = [0, 0];
      for (let row = 0; row < rows; row++) {
        const price = later.market[card[row]! * later.days + day[row]! - later.first_day + horizon_days]!;
        if (!(price > 0)) continue;
        told++;
        if (price >= lower[row]! && price <= upper[row]!) held++;
      }
      expect(held / told).toBeGreaterThan(0.6);
      expect(held / told).toBeLessThan(0.95);
    }
  });

  it('know nothing of later days', () => {
    const cut = lastDay(panel) - 12;
    const fit = (on: Panel) => {
      const { history } = fitHorizon(new TermStore(on), forecasterNamed('ridge'), {
        horizon_days: 7,
        from_day: panel.first_day + 100,
      });
      return filterPredictions(history, (row) => history.day[row]! <= cut - 7);
    };
    expect(fit(panel)).toEqual(fit(truncatePanel(panel, cut)));
  });

  it('are there for a card of few days and a panel of few days, and without any history', () => {
    for (const days of [1, 2, 20, 45]) {
      const { anchor, others } = say(demoPanel({ cards: 12, days }), 'curves', 14, 20_000);
      expect(others.map((one) => one.rows)).toEqual([anchor.rows, anchor.rows]);
      for (const { lower, fair, upper } of others)
        for (const [row, price] of fair.entries()) {
          expect(lower[row]).toBeLessThan(price);
          expect(upper[row]).toBeGreaterThan(price);
        }
    }
  });

  it('are the same to the bit when said twice', () => {
    const small = demoPanel({ cards: 20, days: 140 });
    expect(JSON.stringify(say(small, 'curves', 14))).toBe(JSON.stringify(say(small, 'curves', 14)));
  });
});
