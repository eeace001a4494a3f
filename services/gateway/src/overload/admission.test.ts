import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Admission } from './admission.ts';

const TARGET_MS = 500;

/** Lets `rounds` answers of one card each take so long, one every 10 ms. */
function answers(admission: Admission, rounds: number, took_ms: number, from_ms: number): number {
  for (let i = 0; i < rounds; i++) {
    admission.enter(1);
    admission.leave(1, took_ms, from_ms + i * 10);
  }
  return from_ms + rounds * 10;
}

test('what is in work never exceeds the limit, but for one request that is alone', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ cards: fc.integer({ min: 1, max: 500 }), took_ms: fc.integer({ min: 0, max: 2000 }) }), {
        maxLength: 300,
      }),
      (requests) => {
        const admission = new Admission(TARGET_MS);
        const open: { cards: number; took_ms: number }[] = [];
        for (const [i, request] of requests.entries()) {
          const before = admission.in_work;
          if (admission.enter(request.cards)) {
            open.push(request);
            expect(before === 0 || admission.in_work <= admission.limit).toBe(true);
          } else expect(admission.in_work).toBe(before);
          if (i % 3 === 2) {
            const done = open.shift();
            if (done !== undefined) admission.leave(done.cards, done.took_ms, i * 7);
          }
          expect(admission.in_work).toBe(open.reduce((sum, { cards }) => sum + cards, 0));
        }
      },
    ),
  );
});

test('slow answers lower the limit step by step, and quick ones raise it again', () => {
  const admission = new Admission(TARGET_MS);
  const most = admission.limit;
  let now_ms = answers(admission, 100, 2 * TARGET_MS, 0);
  expect(admission.limit).toBeLessThan(most / 100);
  expect(admission.limit).toBeGreaterThanOrEqual(100);
  const low = admission.limit;
  now_ms = answers(admission, 100, 10, now_ms);
  expect(admission.limit).toBe(low + 100);
});

test('many slow answers of one moment are one sign', () => {
  const admission = new Admission(TARGET_MS);
  for (let i = 0; i < 2000; i++) admission.enter(1);
  for (let i = 0; i < 1000; i++) admission.leave(1, 2 * TARGET_MS, 1000);
  expect(admission.limit).toBe(Math.floor((1999 + 100) * 0.8));
});

test('over the limit requests are refused until others are answered', () => {
  const admission = new Admission(TARGET_MS);
  answers(admission, 1000, 2 * TARGET_MS, 0);
  expect(admission.limit).toBe(100);
  expect([admission.enter(60), admission.enter(60), admission.enter(40)]).toEqual([true, false, true]);
  admission.leave(60, 10, 20_000);
  expect(admission.enter(60)).toBe(true);
});
