import { describe, expect, it } from 'vitest';
import { demoPanel } from './demo-panel.ts';
import { FORECASTERS, forecasterNamed } from './forecasters.ts';
import { realisedReturns } from './labels.ts';
import { hasMarket, lastDay, type Panel, truncatePanel } from './panel.ts';
import { concatPredictions, filterPredictions, type Predictions } from './predictions.ts';
import { walkForward } from './walk-forward.ts';

const HORIZON = 14;
const panel = demoPanel({ cards: 40, days: 200 });
const from_day = panel.first_day + 140;
const to_day = panel.first_day + 165;

const walks = new Map<string, Predictions>();

/** The walk over the whole panel is made once and shared by the tests. */
function walk(name: string, of: Panel = panel, to = to_day): Predictions {
  const kept = of === panel && to === to_day ? walks.get(name) : undefined;
  const made = kept ?? walkForward(of, forecasterNamed(name), { from_day, to_day: to, horizon_days: HORIZON });
  if (of === panel && to === to_day) walks.set(name, made);
  return made;
}

function meanError(predictions: Predictions, of: Panel): { model: number; naive: number } {
  const labels = realisedReturns(of, HORIZON);
  let model = 0;
  let naive = 0;
  for (let row = 0; row < predictions.rows; row++) {
    const realised = labels.log_return[predictions.card[row]! * of.days + predictions.day[row]! - of.first_day]!;
    if (Number.isNaN(realised)) continue;
    model += Math.abs(realised - predictions.log_return[row]!);
    naive += Math.abs(realised);
  }
  return { model, naive };
}

describe.each([...FORECASTERS.keys()])('walk-forward of %s', (name) => {
  it('predicts every card-day with a market price once, with finite numbers in a sensible order', () => {
    const predictions = walk(name);
    let expected = 0;
    for (let day = from_day; day <= to_day; day++) {
      for (let card = 0; card < panel.cards.length; card++) if (hasMarket(panel, card, day)) expected++;
    }
    expect(predictions.rows).toBe(expected);
    for (let row = 0; row < predictions.rows; row++) {
      const { lower, fair, upper, p_up, p_down } = predictions;
      expect(lower[row]!).toBeGreaterThan(0);
      expect(lower[row]!).toBeLessThanOrEqual(fair[row]! * (1 + 1e-12));
      expect(upper[row]!).toBeGreaterThanOrEqual(fair[row]! * (1 - 1e-12));
      expect(p_up[row]! + p_down[row]!).toBeLessThanOrEqual(1);
      expect(Math.min(p_up[row]!, p_down[row]!)).toBeGreaterThan(0);
    }
  });

  it.each([from_day, from_day + 15])('says the same, to the bit, when no day after %i exists', (cut) => {
    const all = filterPredictions(walk(name), (row, of) => of.day[row]! <= cut);
    expect(walk(name, truncatePanel(panel, cut), cut)).toEqual(all);
  });

  it('adds its four parts up to the predicted return', () => {
    const p = walk(name);
    for (let row = 0; row < p.rows; row++) {
      const sum = p.market_part[row]! + p.set_part[row]! + p.listings_part[row]! + p.own_part[row]!;
      expect(sum).toBe(p.log_return[row]);
    }
  });
});

describe('walk-forward', () => {
  it('shows that the look-ahead test bites: tomorrow’s listing changes what is said today', () => {
    const leaky = { ...panel, mid: panel.mid.slice() };
    for (let cell = 0; cell + 1 < leaky.mid.length; cell++) leaky.mid[cell] = panel.mid[cell + 1]!;
    const cut = from_day + 5;
    const cut_first = truncatePanel(panel, cut);
    const leaky_last = { ...cut_first, mid: cut_first.mid.slice() };
    for (let cell = 0; cell + 1 < leaky_last.mid.length; cell++) leaky_last.mid[cell] = cut_first.mid[cell + 1]!;
    const all = filterPredictions(walk('curves', leaky), (row, of) => of.day[row]! <= cut);
    expect(walk('curves', leaky_last, cut)).not.toEqual(all);
  });

  it('beats "no change" where listings lead the market', () => {
    for (const name of ['ridge', 'curves']) {
      const { model, naive } = meanError(walk(name), panel);
      expect(model).toBeLessThan(0.9 * naive);
    }
  });

  it('falls back to history where listings are missing, and says so', () => {
    const bare = demoPanel({ cards: 40, days: 200, listings: false });
    const predictions = walk('curves', bare);
    expect([...new Set(predictions.speaker)]).toEqual([1]);
    expect(predictions.listings_part.every((value) => value === 0)).toBe(true);
  });

  it('holds about 80 % of outcomes in its bands', () => {
    const predictions = walk('curves');
    const labels = realisedReturns(panel, HORIZON);
    let inside = 0;
    let known = 0;
    for (let row = 0; row < predictions.rows; row++) {
      const realised =
        labels.log_return[predictions.card[row]! * panel.days + predictions.day[row]! - panel.first_day]!;
      if (Number.isNaN(realised)) continue;
      const price = predictions.market[row]! * Math.exp(realised);
      known++;
      if (price >= predictions.lower[row]! && price <= predictions.upper[row]!) inside++;
    }
    expect(inside / known).toBeGreaterThan(0.7);
    expect(inside / known).toBeLessThan(0.9);
  });

  it('reports its progress up to the last day', () => {
    const seen: [number, number][] = [];
    walkForward(panel, forecasterNamed('naive'), {
      from_day,
      to_day,
      horizon_days: HORIZON,
      onProgress: (done, all) => seen.push([done, all]),
    });
    const all_days = seen[0]![1];
    expect(seen.map(([done]) => done)).toEqual(seen.map(([done]) => done).sort((a, b) => a - b));
    expect(all_days).toBeGreaterThanOrEqual(26);
    expect(seen.at(-1)).toEqual([all_days, all_days]);
  });

  it('answers with no rows when the panel has no card or no day', () => {
    for (const empty of [demoPanel({ cards: 0 }), truncatePanel(panel, panel.first_day - 1)]) {
      for (const name of FORECASTERS.keys()) {
        const options = { from_day: empty.first_day, to_day: lastDay(empty), horizon_days: HORIZON };
        expect(walkForward(empty, forecasterNamed(name), options).rows).toBe(0);
      }
    }
    expect(concatPredictions([], HORIZON).rows).toBe(0);
  });
});
