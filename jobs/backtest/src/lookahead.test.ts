import { epochDay } from '@pokewatch/core';
import { forecasterNamed, type Panel, truncatePanel, walkForward } from '@pokewatch/fair-value';
import { expect, test } from 'vitest';
import { cutDays, findLeak, leakingTerms, lookaheadError, type Walk } from './lookahead.ts';
import { ledPanel } from './testing/panel.ts';

const RANGE = { from_day: epochDay('2025-05-01'), to_day: epochDay('2025-05-25') };
const CUT = RANGE.to_day - 10;
const panel = ledPanel(34, 160, 9);
type Point = Parameters<typeof walkForward>[1]['point'];

/** Walks with a point forecaster. */
function walkWith(point: Point): Walk {
  return async (on, range) => walkForward(on, { point }, { ...range, horizon_days: 14, refit_days: 14 });
}

/** A model that adds what a reader of the panel finds on each card-day to “no change”. */
function reading(read: (on: Panel, card: number, t: number) => number): Point {
  const naive = forecasterNamed('naive').point;
  return {
    ...naive,
    name: 'reader',
    fit(store, ...when) {
      const model = naive.fit(store, ...when);
      return {
        ...model,
        predict(given, table) {
          const points = model.predict(given, table);
          for (let row = 0; row < table.rows; row++)
            points.listings[row] = read(given.panel, table.card[row]!, table.day[row]!);
          return points;
        },
      };
    },
  };
}

const low = (on: Panel, card: number, t: number) =>
  t < on.days ? Math.log(on.low[card * on.days + t]! / on.market[card * on.days + t]!) : 0;

test('our own models, and one that reads today’s lowest listing, do not look ahead', async () => {
  for (const point of [forecasterNamed('ridge').point, reading(low)]) {
    const walk = walkWith(point);
    expect(await findLeak(panel, await walk(panel, RANGE), RANGE, CUT, walk)).toBeUndefined();
  }
});

test('a model that reads tomorrow’s lowest listing is caught, on the day after which there was no tomorrow', async () => {
  const walk = walkWith(reading((on, card, t) => low(on, card, t + 1)));
  const leak = await findLeak(panel, await walk(panel, RANGE), RANGE, CUT, walk);
  expect(leak).toMatchObject({ card: 0, day: CUT, column: 'log_return', cut: 0 });
  expect(lookaheadError(panel, leak!, CUT)).toMatchObject({
    code: 'bad_data_file',
    message: expect.stringMatching(
      /look-ahead: log_return of card-000 on 2025-05-15 is .*, but 0 when the data end on/,
    ),
  });
});

test('a panel that holds tomorrow’s lowest listing today is caught, and the terms that read it are named', async () => {
  // The leak is in the data that the whole run saw; on cut data tomorrow is not there.
  const ahead = panel.low.map((price, cell) => ((cell + 1) % panel.days === 0 ? price : panel.low[cell + 1]!));
  const leaky = { ...panel, low: ahead };
  const walk = walkWith(forecasterNamed('ridge').point);
  const whole = await walk(leaky, RANGE);
  const leak = await findLeak(leaky, whole, RANGE, CUT, (_, range) => walk(truncatePanel(panel, CUT), range));
  expect(leak).toMatchObject({ column: 'log_return' });
  const terms = leakingTerms(leaky, truncatePanel(panel, CUT), 0, CUT);
  expect(terms.length).toBeGreaterThan(0);
  expect(terms.every((term) => /low|spread|listing/.test(term))).toBe(true);
  expect(leakingTerms(panel, truncatePanel(panel, CUT), 0, CUT)).toEqual([]);
  expect(lookaheadError(panel, { ...leak!, terms }, CUT).message).toContain(`(through ${terms[0]}`);
});

test('rows that are missing on cut data are a leak too', async () => {
  const walk = walkWith(forecasterNamed('naive').point);
  const whole = await walk(panel, RANGE);
  const leak = await findLeak(panel, whole, RANGE, CUT, (on, range) => walk(on, { ...range, to_day: CUT - 1 }));
  expect(leak).toMatchObject({ card: -1, column: 'rows' });
  expect(lookaheadError(panel, leak!, CUT).message).toMatch(/there are \d+ predictions up to 2025-05-15, but \d+ when/);
});

test('it is cut twice, or once in a short range', () => {
  expect(cutDays({ from_day: 100, to_day: 196 })).toEqual([124, 164]);
  expect(cutDays({ from_day: 100, to_day: 100 })).toEqual([100]);
});
