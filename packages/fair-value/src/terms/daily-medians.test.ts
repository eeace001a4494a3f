import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dailyMedians } from './daily-medians.ts';

function sortedMedian(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const middle = known.length >> 1;
  return known.length % 2 === 1 ? known[middle]! : (known[middle - 1]! + known[middle]!) / 2;
}

const value = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: -1, max: 1, noNaN: true }) },
  { weight: 2, arbitrary: fc.constantFrom(0, 0.5, Number.NaN) },
  { weight: 1, arbitrary: fc.constantFrom(1e6, -1e6) },
);

it('gives what sorting each day gives, however far the median moves from one day to the next', () => {
  const matrix = fc
    .record({ cards: fc.integer({ min: 1, max: 30 }), days: fc.integer({ min: 1, max: 12 }) })
    .chain(({ cards, days }) =>
      fc.record({
        cards: fc.constant(cards),
        days: fc.constant(days),
        values: fc.array(value, { minLength: cards * days, maxLength: cards * days }),
        drift: fc.constantFrom(0, 0.02, 0.4, 1e5),
      }),
    );
  fc.assert(
    fc.property(matrix, ({ cards, days, values, drift }) => {
      const drifting = Float64Array.from(values, (one, cell) => one + drift * (cell % days));
      const median = new Float64Array(days + 2).fill(9);
      const known = new Int32Array(days + 2);
      dailyMedians(drifting, cards, days, median, known, 1);
      for (let t = 0; t < days; t++) {
        const of_day = Array.from({ length: cards }, (_, card) => drifting[card * days + t]!);
        expect(median[t + 1]).toBe(sortedMedian(of_day));
        expect(known[t + 1]).toBe(of_day.filter((one) => !Number.isNaN(one)).length);
      }
      expect([median[0], median[days + 1]]).toEqual([9, 9]);
    }),
    { numRuns: 500 },
  );
});
