import { expect, test } from 'vitest';
import { pauseOf } from './pause.ts';

const fresh = { flags: [], price_day: 100, today: 101, stale_days: 7, drift: null };
const drift = { code: 'drift' as const, text: 'No advice: all is different.' };

test('fresh prices that nothing is wrong with are not paused', () => {
  expect(pauseOf(fresh)).toBeUndefined();
  expect(pauseOf({ ...fresh, flags: ['after_gap', 'no_listings', 'something newer'] })).toBeUndefined();
});

test('prices are stale when they are older than the days that are set, not when they are as old', () => {
  expect(pauseOf({ ...fresh, today: 107 })).toBeUndefined();
  expect(pauseOf({ ...fresh, today: 108 })).toMatchObject({
    code: 'stale_data',
    text: expect.stringContaining('8 days'),
  });
});

test('with 0 days no price is too old', () => {
  expect(pauseOf({ ...fresh, today: 9999, stale_days: 0 })).toBeUndefined();
});

test('a price that may be wrong is paused, and so is all that a drifted version says', () => {
  expect(pauseOf({ ...fresh, flags: ['no_listings', 'outlier'] })?.code).toBe('suspect_price');
  expect(pauseOf({ ...fresh, drift })).toBe(drift);
});

test('the most certain reason is told', () => {
  expect(pauseOf({ ...fresh, today: 200, flags: ['outlier'], drift })?.code).toBe('stale_data');
  expect(pauseOf({ ...fresh, flags: ['outlier'], drift })?.code).toBe('suspect_price');
});
