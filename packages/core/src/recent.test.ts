import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Recent } from './recent.ts';

test('what was used among the last half of the room is there, and what was not goes', () => {
  const kept = new Recent<number, string>(4);
  for (const key of [1, 2, 3, 4]) kept.set(key, `v${key}`);
  expect(kept.get(2)).toBe('v2');
  for (const key of [5, 6]) kept.set(key, `v${key}`);
  expect([1, 2, 3, 6].map((key) => kept.get(key))).toEqual([undefined, 'v2', undefined, 'v6']);
});

test('it never gives anything but the last value of a key', () => {
  const steps = fc.array(fc.tuple(fc.nat(20), fc.nat(9), fc.boolean()), { maxLength: 200 });
  fc.assert(
    fc.property(steps, (all) => {
      const kept = new Recent<number, number>(30, (value) => value);
      const last = new Map<number, number>();
      for (const [key, value, put] of all) {
        if (put) {
          kept.set(key, value);
          last.set(key, value);
        } else expect([undefined, last.get(key)]).toContain(kept.get(key));
      }
    }),
  );
});

test('it keeps no more than its room, however long it is used', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 200, maxLength: 400 });
  fc.assert(
    fc.property(sizes, (all) => {
      const kept = new Recent<number, number>(100, (value) => value);
      for (const [key, size] of all.entries()) kept.set(key, size);
      // Looking from the newest on, so that what is looked up does not push out what is not looked up yet.
      const found = [...all.keys()].reverse().map((key) => kept.get(key) ?? 0);
      const sum = found.reduce((a, b) => a + b, 0);
      // The value that fills a half may reach over it.
      expect(sum).toBeLessThanOrEqual(100 + 20);
      expect(sum).toBeGreaterThanOrEqual(40);
    }),
  );
});
