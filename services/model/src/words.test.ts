import type { ModelTerm, ValueForm } from '@pokewatch/contracts';
import { expect, test } from 'vitest';
import { sayMissing, sayOthers, sayTerm, sayUsual } from './words.ts';

const term = (form: ValueForm, usual: number | null): ModelTerm => ({
  term: 't',
  group: 'own',
  text: 'what',
  form,
  definition: 'd',
  unit: 'u',
  usual,
});

test.each([
  ['change', 0.0769, 0.0198, 'what: +8.0 %, normally +2.0 %'],
  ['change', -0.25, 0, 'what: -22 %, normally 0 %'],
  ['change', 0.00247, -0.00001, 'what: +0.25 %, normally 0 %'],
  ['share', 0.877, 0.5, 'what: 88 %, normally 50 %'],
  ['daily_move', Math.log(0.012), Math.log(0.002), 'what: 1.0 %, normally 0 %'],
  ['price', Math.log(675.53), null, 'what: 675.53'],
  ['times', Math.log(1.84), 0, 'what: 1.8 times, normally 1.0 times'],
  ['number', -17.94, 0.5, 'what: -18, normally 0.50'],
  ['days', 1, 12.4, 'what: 1 day, normally 12 days'],
] as const)('a value as %s is said in plain words', (form, value, usual, text) => {
  expect(sayTerm(term(form, usual), value, sayUsual(term(form, usual)))).toBe(text);
});

test('a value that is not known is said to be so', () => {
  expect(sayTerm(term('change', 0.1), null, ', normally 10 %')).toBe('what: not known');
});

test('terms that are not told one by one are others, or small ones where none is told', () => {
  expect(sayOthers('set', 3, 2)).toBe('3 other terms of the set');
  expect(sayOthers('own', 57, 0)).toBe('57 small terms of its own price');
});

test('missing inputs are said by group', () => {
  expect(sayMissing('listings', 66, 66)).toBe('no listings: 66 terms');
  expect(sayMissing('own', 1, 1)).toBe('no price history: 1 term');
  expect(sayMissing('own', 5, 57)).toBe('5 of 57 terms of its own price not known');
});
