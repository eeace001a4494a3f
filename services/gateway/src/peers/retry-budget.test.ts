import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RetryBudget } from './retry-budget.ts';

test('second tries stay within ten and a tenth of all calls, whatever the order', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 2000 }), (wishes) => {
      const budget = new RetryBudget();
      let spent = 0;
      for (const [i, wish] of wishes.entries()) {
        budget.earn();
        if (wish && budget.spend()) spent += 1;
        expect(spent).toBeLessThanOrEqual(10 + 0.1 * (i + 1) + 1e-9);
      }
    }),
  );
});

test('ten may be made at once, then one after ten more calls', () => {
  const budget = new RetryBudget();
  expect(Array.from({ length: 11 }, () => budget.spend())).toEqual([...Array<boolean>(10).fill(true), false]);
  for (let i = 0; i < 11; i++) budget.earn();
  expect([budget.spend(), budget.spend()]).toEqual([true, false]);
});
