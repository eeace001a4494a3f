import fc from 'fast-check';
import { expect, test } from 'vitest';
import { didYouMean, suggest } from './suggest.ts';

const COMMANDS = ['start', 'collect', 'import', 'export', 'preprocess', 'train', 'backtest', 'fair-price'];

test.each([
  ['strat', 'start'],
  ['improt', 'import'],
  ['IMPORT', 'import'],
  ['fairprice', 'fair-price'],
  ['preproces', 'preprocess'],
])('%s means %s', (typed, meant) => expect(suggest(typed, COMMANDS)).toBe(meant));

test('known words of any case are found', () =>
  expect(suggest('log_levl', ['LOG_LEVEL', 'API_KEYS'])).toBe('LOG_LEVEL'));

test.each(['xyzzy-plugh', 'a very different word'])('%s means nothing known', (typed) => {
  expect(suggest(typed, COMMANDS)).toBeUndefined();
  expect(didYouMean(typed, COMMANDS)).toBe('');
});

test('where nothing is known nothing is suggested', () => expect(suggest('x', [])).toBeUndefined());

test('a known word is its own suggestion, and a suggestion is always a known word', () => {
  fc.assert(
    fc.property(fc.constantFrom(...COMMANDS), fc.string(), (known, any) => {
      expect(suggest(known, COMMANDS)).toBe(known);
      expect([undefined, ...COMMANDS]).toContain(suggest(any, COMMANDS));
    }),
  );
});
