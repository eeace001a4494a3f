import { expect, test } from 'vitest';
import { byDeviation, strongest } from './choose.ts';

const answer = (deviation_pct: number, date = '2026-04-20') => ({
  deviation_pct,
  date,
  card_id: String(deviation_pct),
});

test('the strongest are those farthest from their fair price, in either direction', () => {
  const answers = [0.02, -0.3, 0.1, -0.05].map((deviation) => answer(deviation));
  expect(byDeviation(strongest(answers, 2)).map((one) => one.deviation_pct)).toEqual([-0.3, 0.1]);
});

test('a price of last month is not among the strongest, one of last week is', () => {
  const answers = [answer(0.1), answer(0.5, '2026-03-20'), answer(0.2, '2026-04-13')];
  expect(strongest(answers, 3).map((one) => one.deviation_pct)).toEqual([0.2, 0.1]);
});
