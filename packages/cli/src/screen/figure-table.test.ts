import { expect, test } from 'vitest';
import { figureTableLines } from './figure-table.ts';

const TABLE = {
  title: 'By price',
  note: 'All cards, by the market price on the day of the prediction.',
  columns: [
    { title: 'price' },
    { title: 'cards', number: true, optional: true },
    { title: 'error', number: true },
    { title: 'score', number: true, optional: true },
  ],
  rows: [['5 to 20', '369', '0.82', '0.265']],
} as const;

const lines = (width: number | undefined) => figureTableLines(TABLE, { paint: (_, text) => text, width });

test('a table stands under its title, with its note below', () => {
  expect(lines(undefined)).toEqual([
    'By price',
    'price    cards  error  score',
    '5 to 20    369   0.82  0.265',
    'All cards, by the market price on the day of the prediction.',
    '',
  ]);
});

test('columns that are optional give way one by one, the last first, and notes are wrapped', () => {
  expect(lines(25).slice(1, 4)).toEqual(['price    cards  error', '5 to 20    369   0.82', 'All cards, by the market']);
  expect(lines(20).slice(1, 3)).toEqual(['price    error', '5 to 20   0.82']);
  expect(lines(5)[1]).toBe('price    error');
});
