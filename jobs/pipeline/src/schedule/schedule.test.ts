import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { checkedExpression, nextTime } from './expression.ts';
import { runOnSchedule } from './run-on-schedule.ts';

test.each([
  ['61 2 * * *', '"61" cannot be the minute (0–59)'],
  ['0 24 * * *', '"24" cannot be the hour (0–23)'],
  ['0 2 32 * *', '"32" cannot be the day of the month (1–31)'],
  ['0 2 30 2 *', '"30" cannot be the day of the month (1–31)'],
  ['0 2 * FOO *', '"FOO" cannot be the month (1–12 or JAN–DEC)'],
  ['0 2 * * 9', '"9" cannot be the day of the week (0–7 or SUN–SAT)'],
  ['0 2 * *', '"0 2 * *" has 4 fields'],
  ['0 0 2 * * *', '"0 0 2 * * *" has 6 fields'],
  ['', '"" has 0 fields'],
  ['@daily', '"@daily" has 1 fields'],
])('%j is refused, with the field that is wrong', (expression, words) => {
  expect(() => checkedExpression(expression)).toThrow(expect.objectContaining({ code: 'bad_usage', message: words }));
});

test.each(['0 2 * * *', '*/15 * * * MON-FRI', '0 2 1,15 * *', '  0   2 * * *  '])('%j is good', (expression) => {
  expect(checkedExpression(expression)).toBe(expression.trim().replace(/\s+/g, ' '));
});

test('the next time is told in UTC, or in the zone that is asked for', () => {
  const next = nextTime('30 2 * * *');
  expect(next?.toISOString()).toMatch(/T02:30:00/);
  expect(next!.getTime()).toBeGreaterThan(Date.now());
  expect(nextTime('30 2 * * *', 'Asia/Tokyo')?.toISOString()).toMatch(/T17:30:00/);
});

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-21T01:59:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

function schedule(run: () => Promise<void>) {
  const said: string[] = [];
  const due: (string | undefined)[] = [];
  const stop = new AbortController();
  const options = { expression: '0 2 * * *', run, stop: stop.signal, say: (line: string) => void said.push(line) };
  const ended = runOnSchedule({ ...options, due: (next) => void due.push(next?.toISOString().slice(0, 16)) });
  return { said, due, stop, ended };
}

test('it runs when it is due, says when the next run is, and ends when it is told to', async () => {
  let runs = 0;
  const { due, stop, ended } = schedule(async () => void runs++);
  await vi.advanceTimersByTimeAsync(61_000);
  expect(runs).toBe(1);
  expect(due).toEqual(['2026-11-21T02:00', '2026-11-22T02:00']);
  await vi.advanceTimersByTimeAsync(86_400_000);
  expect(runs).toBe(2);
  stop.abort();
  await ended;
  await vi.advanceTimersByTimeAsync(2 * 86_400_000);
  expect(runs).toBe(2);
});

test('a time that comes while a run is under way is left out, aloud', async () => {
  let runs = 0;
  let finish: () => void = () => {};
  const { said, stop, ended } = schedule(() => {
    runs += 1;
    return new Promise((resolve) => {
      finish = resolve;
    });
  });
  await vi.advanceTimersByTimeAsync(61_000);
  await vi.advanceTimersByTimeAsync(86_400_000);
  expect(runs).toBe(1);
  expect(said.join()).toContain('a run is still under way; the one of 2026-11-22T02:00Z is left out');
  finish();
  await vi.advanceTimersByTimeAsync(86_400_000);
  expect(runs).toBe(2);
  finish();
  stop.abort();
  await ended;
});

test('it waits for the run that is under way when it is told to end', async () => {
  let finish: () => void = () => {};
  const { stop, ended } = schedule(
    () =>
      new Promise((resolve) => {
        finish = resolve;
      }),
  );
  await vi.advanceTimersByTimeAsync(61_000);
  let over = false;
  void ended.then(() => {
    over = true;
  });
  stop.abort();
  await vi.advanceTimersByTimeAsync(1000);
  expect(over).toBe(false);
  finish();
  await ended;
});

test('times that were slept through are made up for by one run', async () => {
  let runs = 0;
  const { said, stop, ended } = schedule(async () => void runs++);
  await vi.advanceTimersByTimeAsync(1000);
  vi.setSystemTime(new Date('2026-11-24T09:00:00Z'));
  await vi.advanceTimersByTimeAsync(120_000);
  expect(runs).toBe(1);
  expect(said.join()).toMatch(/the run of 2026-11-2\dT02:00Z was missed; it begins now/);
  stop.abort();
  await ended;
});
