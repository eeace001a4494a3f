import { forecasterOf, hasMarket, type Panel, TermStore, walkPoints } from '@pokewatch/fair-value';
import { expect, test } from 'vitest';
import { pointsOf, trialPoints } from './points.ts';
import { swinging } from './testing/swinging.ts';

/** Some cards are worth less than 5: they are walked, but not judged. */
const panel = swinging(24, 150, 2);
const DAY = panel.first_day;
const curves = { name: 'curves' } as const;
const segments = [
  { origin: DAY + 90, end: DAY + 103, warming: true },
  { origin: DAY + 104, end: DAY + 117, warming: false },
  { origin: DAY + 118, end: DAY + 131, warming: false },
];

test('what the part without listings says is what the model says of cards whose listings are not known', () => {
  const span = { from_day: DAY + 110, to_day: DAY + 125 };
  const task = { kind: 'points', forecaster: curves, segments, horizon_days: 14, without_listings: span } as const;
  const { predictions, without_listings: bare } = pointsOf(task, new TermStore(panel));
  expect(predictions).toEqual(walkPoints(new TermStore(panel), forecasterOf(curves), segments, 14));
  expect([Math.min(...bare!.day), Math.max(...bare!.day)]).toEqual([span.from_day, span.to_day]);
  const none = new Float64Array(panel.market.length).fill(Number.NaN);
  const unlisted: Panel = { ...panel, low: none, mid: none, high: none };
  for (const { origin, end } of segments.slice(1)) {
    const fitted = forecasterOf(curves).fit(panel, { as_of_day: origin, horizon_days: 14 });
    const said = fitted.predict(unlisted, origin, end);
    for (let row = 0; row < said.rows; row++) {
      const same = bare!.card.findIndex((card, i) => card === said.card[row] && bare!.day[i] === said.day[row]);
      if (said.day[row]! < span.from_day || said.day[row]! > span.to_day) expect(same).toBe(-1);
      else expect(bare!.log_return[same]).toBe(said.log_return[row]);
    }
  }
  const differs = bare!.log_return.some((value) => !predictions.log_return.includes(value));
  expect(differs).toBe(true);
});

test('a model without such a part gives no rows for it', () => {
  const span = { from_day: DAY + 104, to_day: DAY + 131 };
  const task = {
    kind: 'points',
    forecaster: { name: 'ridge' },
    segments,
    horizon_days: 14,
    without_listings: span,
  } as const;
  expect(pointsOf(task, new TermStore(panel)).without_listings!.rows).toBe(0);
});

test('a trial gives what the walk gives for the judged card-days, to the bit, and again with other settings', () => {
  const store = new TermStore(panel);
  const judged = segments.slice(1);
  const walked = walkPoints(new TermStore(panel), forecasterOf(curves), judged, 14);
  const trial = () => trialPoints({ kind: 'trial', forecaster: curves, segments: judged, horizon_days: 14 }, store);
  const first = trial().predictions;
  const dear = Array.from(walked.card.keys()).filter((row) => walked.market[row]! >= 5);
  expect(dear.length).toBeLessThan(walked.rows);
  for (const column of ['card', 'day', 'market', 'log_return'] as const)
    expect(Array.from(first[column])).toEqual(dear.map((row) => walked[column][row]!));
  expect(first.day.every((day, row) => hasMarket(panel, first.card[row]!, day))).toBe(true);
  expect(trial().predictions).toEqual(first);
});
