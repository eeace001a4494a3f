import type { Prediction, PredictRequest } from '@pokewatch/contracts';
import { dayFromEpoch } from '@pokewatch/core';
import { HttpProblem } from '@pokewatch/http';
import { noHorizons } from '@pokewatch/store';
import { describe, expect, test } from 'vitest';
import { predict } from './predict.ts';
import { servingModel } from './serving-model.ts';
import { SAMPLE_CHAMPION, sampleModel } from './testing/sample-model.ts';

const model = servingModel(sampleModel({ days: 6 }), SAMPLE_CHAMPION);

function answer(card_id: string, date?: string | null, from = model): Prediction {
  const result = predict(from, { card_id, ...(date === undefined ? {} : { date }) });
  if (result instanceof HttpProblem) throw result;
  return result;
}

describe('a prediction', () => {
  test('is for the latest day when none is named, or null', () => {
    expect(answer('alpha').date).toBe('2026-04-20');
    expect(answer('alpha', null)).toEqual(answer('alpha'));
  });

  test('is for the day that is named, for every day of the card', () => {
    const { table } = model;
    for (const card of table.cards) {
      for (let row = card.from; row < card.to; row++) {
        const date = dayFromEpoch(table.day[row]!);
        expect(answer(card.card_id, date)).toMatchObject({ date, market_price: table.market[row] });
      }
    }
  });

  test('has prices to the cent, the version, the speaker and the last day it had seen', () => {
    expect(answer('beta')).toMatchObject({
      market_price: 11.05,
      fair_price: 11.69,
      lower: 8.84,
      upper: 14.37,
      p_up: 0.25,
      p_down: 0.1,
      low_price: 10.55,
      horizon_days: 14,
      model: 'ridge',
      model_version: 'v1',
      as_of: '2026-04-13',
      currency: 'USD',
      printing: 'Holofoil',
      source: 'demo',
      simulated: true,
      flags: [],
    });
    expect(answer('beta', '2026-04-14').model).toBe('naive');
  });

  test('has the fields after the band in order, chances to four decimals, and null for an unknown listing', () => {
    const keys = Object.keys(answer('beta'));
    expect(keys.slice(keys.indexOf('upper'), keys.indexOf('horizon_days') + 1)).toEqual([
      'upper',
      'p_up',
      'p_down',
      'low_price',
      'horizon_days',
    ]);
    expect(answer('beta', '2026-04-18').low_price).toBeNull();
    const base = sampleModel({ cards: ['only'], days: 1 });
    const table = { ...base.table, p_up: Float32Array.of(0.123456), p_down: Float32Array.of(0.99996) };
    expect(answer('only', null, servingModel({ ...base, table }, SAMPLE_CHAMPION))).toMatchObject({
      p_up: 0.1235,
      p_down: 1,
    });
  });

  test.each([
    ['delta', undefined, 'unknown_card', 'Unknown card_id: delta'],
    ['__proto__', undefined, 'unknown_card', 'Unknown card_id: __proto__'],
    ['constructor', undefined, 'unknown_card', 'Unknown card_id: constructor'],
    ['beta', '2026-04-19', 'no_data_for_date', 'No data found for card_id=beta on date=2026-04-19'],
    ['beta', '1900-01-01', 'no_data_for_date', 'No data found for card_id=beta on date=1900-01-01'],
    ['alpha', '9999-12-31', 'no_data_for_date', 'No data found for card_id=alpha on date=9999-12-31'],
    ['gamma', '2026-04-21', 'no_data_for_date', 'No data found for card_id=gamma on date=2026-04-21'],
  ])('for %s on %s does not exist', (card_id, date, code, message) => {
    expect(predict(model, { card_id, ...(date === undefined ? {} : { date }) })).toMatchObject({ code, message });
  });
});

describe('the horizons of an answer', () => {
  const latest = { card_id: 'alpha' };
  const horizons = (request: PredictRequest, from = model) => (predict(from, request) as Prediction).horizons;

  test('ascend, hold that of the answer as it stands, and name the day that each speaks of', () => {
    const own = answer('alpha');
    const [week, fortnight, month] = horizons(latest)!;
    const { fair_price, lower, upper, p_up, p_down } = own;
    expect(fortnight).toEqual({ horizon_days: 14, date: '2026-05-04', fair_price, lower, upper, p_up, p_down });
    // The market price is 10.05 and the expected log return 0.056: half of it in a week, twice as much in a month.
    expect(week).toEqual({
      horizon_days: 7,
      date: '2026-04-27',
      fair_price: 10.34,
      lower: 9.66,
      upper: 11.06,
      p_up: 0.07,
      p_down: 0.035,
    });
    expect(month).toMatchObject({ horizon_days: 30, date: '2026-05-20', fair_price: 11.24, p_up: 0.3, p_down: 0.15 });
    expect(horizons({ ...latest, explain: 'full' })).toEqual(horizons(latest));
  });

  test('are null for days before the latest, and where the version has none; absent when nothing is to be explained', () => {
    expect(horizons({ ...latest, date: '2026-04-20' })).toHaveLength(3);
    expect(horizons({ ...latest, date: '2026-04-18' })).toBeNull();
    expect(horizons({ card_id: 'beta' })).toBeNull();
    expect(horizons({ card_id: 'gamma' })).toHaveLength(3);
    expect(horizons(latest, servingModel({ ...sampleModel(), horizons: noHorizons() }, SAMPLE_CHAMPION))).toBeNull();
    expect(predict(model, { ...latest, explain: 'none' })).not.toHaveProperty('horizons');
  });
});
