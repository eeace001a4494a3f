import { expect, it } from 'vitest';
import { takeColumn, withColumnRoom } from './column-room.ts';

it('hands columns out again after the work is done, but never twice at a time', () => {
  const first = withColumnRoom(() => [takeColumn(5), takeColumn(5)]);
  expect(first[0]).not.toBe(first[1]);
  const inner: Float64Array[] = [];
  const outer = withColumnRoom(() => {
    const held = takeColumn(5);
    withColumnRoom(() => inner.push(takeColumn(5), takeColumn(5)));
    expect(inner).not.toContain(held);
    return held;
  });
  expect(outer).toBe(first[0]);
  expect(inner[0]).toBe(first[1]);
});

it('gives a column of the length that was asked for, and a new one where nobody gives it back', () => {
  withColumnRoom(() => takeColumn(3));
  expect(withColumnRoom(() => takeColumn(4))).toHaveLength(4);
  expect(takeColumn(4)).not.toBe(takeColumn(4));
  expect(Array.from(takeColumn(2))).toEqual([0, 0]);
});

it('gives columns back when the work fails', () => {
  const before = withColumnRoom(() => takeColumn(6));
  expect(() =>
    withColumnRoom(() => {
      takeColumn(6);
      throw new Error('stop');
    }),
  ).toThrow('stop');
  expect(withColumnRoom(() => takeColumn(6))).toBe(before);
});
