import { expect, test } from 'vitest';
import { roundChance, roundPrice } from './rounding.ts';

test('prices are answered to the cent from one cent up, and as they are below', () => {
  expect([10.005, 0.014, 0.0099, 1e-9].map(roundPrice)).toEqual([10.01, 0.01, 0.0099, 1e-9]);
});

test('chances are answered to the hundredth of a per cent', () => {
  expect([0.123456, 0.99996, 0].map(roundChance)).toEqual([0.1235, 1, 0]);
});
