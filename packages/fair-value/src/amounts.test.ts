import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainAmounts } from './amounts.ts';

const term = fc.double({ min: -0.5, max: 0.5, noNaN: true });
const price = fc.double({ min: 0.01, max: 20_000, noNaN: true });

describe('explainAmounts', () => {
  it('sums to fair less market to the cent', () => {
    fc.assert(
      fc.property(fc.array(term, { minLength: 1, maxLength: 200 }), price, (terms, market) => {
        const fair = market * Math.exp(terms.reduce((sum, value) => sum + value, 0));
        const cents = explainAmounts(terms, market).reduce((sum, value) => sum + value, 0);
        expect(cents).toBe(Math.round(fair * 100) - Math.round(market * 100));
      }),
    );
  });

  it('gives each term whole cents of its own sign, one cent of rounding aside', () => {
    fc.assert(
      fc.property(fc.array(term, { minLength: 1, maxLength: 20 }), price, (terms, market) => {
        explainAmounts(terms, market).forEach((cents, i) => {
          expect(Number.isInteger(cents)).toBe(true);
          expect(cents * Math.sign(terms[i]!)).toBeGreaterThanOrEqual(-2);
        });
      }),
    );
  });

  it('follows the rule by hand: 100.00 with +10 % and −5 % in log', () => {
    // Σ = 0.05, fair = 105.13; 0.1 and −0.05 share 5.127 two to minus one: 10.254 and −5.127.
    expect(explainAmounts([0.1, -0.05], 100)).toEqual([1026, -513]);
  });

  it('keeps opposite terms that cancel out in sight', () => {
    expect(explainAmounts([0.1, -0.1], 50)).toEqual([500, -500]);
  });

  it('gives nothing for no terms', () => {
    expect(explainAmounts([], 10)).toEqual([]);
  });
});
