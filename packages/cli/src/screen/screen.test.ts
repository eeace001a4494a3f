import { expect, test } from 'vitest';
import { percent, price, signed } from './amounts.ts';
import { painter, wantsColours } from './paint.ts';
import { oneLine, tableLines } from './table.ts';

test('a price has two decimals, below one cent what it needs', () => {
  expect([price(1234.5), price(0.01), price(0.00123)]).toEqual(['1234.50', '0.01', '0.0012']);
});

test('per cent carries its sign, and none when it rounds to nothing', () => {
  expect([percent(0.1004), percent(-0.05), percent(-0.0001), percent(0)]).toEqual([
    '+10.0 %',
    '-5.0 %',
    '0.0 %',
    '0.0 %',
  ]);
});

test('an amount carries its sign', () => {
  expect([signed(1), signed(-0.5), signed(0)]).toEqual(['+1.00', '-0.50', '0.00']);
});

test('columns line up, with wide characters counted as two', () => {
  const lines = tableLines(
    [{ title: 'name' }, { title: 'price', align: 'right' }],
    [
      ['ピカチュウ', '1'],
      ['Mew', '22'],
    ],
  );
  expect(lines).toEqual(['name        price', 'ピカチュウ      1', 'Mew            22']);
});

test('colours take no room', () => {
  const lines = tableLines([{ title: 'a', paint: (text) => painter(true)('red', text) }, { title: 'b' }], [['x', 'y']]);
  expect(lines[1]).toBe('\u001b[31mx\u001b[39m  y');
});

test('a name cannot break its line or act on the terminal', () => {
  expect(oneLine('a\nb\u001b[2Jc\u202ed')).toBe('a b [2Jc d');
});

test('colours are wanted on a terminal that has them, unless NO_COLOR says otherwise', () => {
  expect(wantsColours(true, { TERM: 'xterm' })).toBe(true);
  expect(wantsColours(false, { TERM: 'xterm' })).toBe(false);
  expect(wantsColours(true, { NO_COLOR: '1' })).toBe(false);
  expect(wantsColours(true, { NO_COLOR: '' })).toBe(true);
  expect(wantsColours(true, { TERM: 'dumb' })).toBe(false);
});
