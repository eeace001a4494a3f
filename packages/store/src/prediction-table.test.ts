import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowOfDay } from './prediction-table.ts';

test('the binary search finds a day exactly when it is there', () => {
  const days = fc
    .uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1 })
    .map((all) => all.sort((a, b) => a - b));
  fc.assert(
    fc.property(days, fc.integer({ min: -1, max: 61 }), (sorted, day) => {
      const found = rowOfDay(Int32Array.from(sorted), 0, sorted.length, day);
      expect(found).toBe(sorted.includes(day) ? sorted.indexOf(day) : undefined);
    }),
  );
});
