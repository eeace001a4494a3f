import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayFromEpoch, dayOf, epochDay, fixedClock } from './clock.ts';

test('days and their counts go both ways', () => {
  fc.assert(
    fc.property(fc.integer({ min: -10_000, max: 2_000_000 }), (days) => {
      expect(epochDay(dayFromEpoch(days))).toBe(days);
    }),
  );
  expect(epochDay('1970-01-02')).toBe(1);
  expect(dayFromEpoch(20_000)).toBe('2024-10-04');
});

test('the day of a moment is the UTC day', () => {
  expect(dayOf(new Date('2026-04-20T23:59:59.999Z'))).toBe('2026-04-20');
  expect(dayOf(fixedClock('2026-04-20T23:00:00-05:00').now())).toBe('2026-04-21');
});
