import { describe, expect, it } from 'vitest';
import { DEMO_FAULTS, type DemoCard, type DemoFault, demoMarket, FIRST_DAY, faultSchedule } from './index.ts';

const CARDS: DemoCard[] = Array.from({ length: 40 }, (_, i) => ({
  id: `card-${i}`,
  set: 's',
  printing: 'Holofoil',
  level: 50,
}));
const TODAY = FIRST_DAY + 1500;
const FROM = TODAY - 999;
const market = demoMarket('seed', CARDS, TODAY);
const faultsOn = faultSchedule('seed');
const quotes = market.quotes(FROM, TODAY);
const byCardDay = Map.groupBy(quotes, (quote) => `${quote.card_id} ${quote.day}`);

/** Card-days that have exactly these faults. */
function only(fault: DemoFault): { id: string; day: number }[] {
  return CARDS.flatMap(({ id }) =>
    Array.from({ length: 1000 }, (_, i) => ({ id, day: FROM + i })).filter(
      ({ day }) => faultsOn(id, day).join() === fault,
    ),
  );
}

function quotesAt({ id, day }: { id: string; day: number }) {
  return byCardDay.get(`${id} ${day}`) ?? [];
}

describe('faults of the simulated market', () => {
  it.each(Object.keys(DEMO_FAULTS) as DemoFault[])('has some %s in 1000 days, but few', (fault) => {
    const share = only(fault).length / (CARDS.length * 1000);
    expect(share).toBeGreaterThan(0.0001);
    expect(share).toBeLessThan(0.02);
  });

  it('leaves gaps and outages without a quote, and quotes everything else', () => {
    for (const at of [...only('gap'), ...only('outage')]) expect(quotesAt(at)).toEqual([]);
    const clean = CARDS.flatMap(({ id }) => Array.from({ length: 1000 }, (_, i) => ({ id, day: FROM + i }))).filter(
      ({ id, day }) => faultsOn(id, day).length === 0,
    );
    for (const at of clean) expect(quotesAt(at)).toHaveLength(1);
  });

  it('quotes outliers at eight times or an eighth, in the market price alone', () => {
    for (const at of only('outlier')) {
      const { market: price, mid } = quotesAt(at)[0]!;
      const clean = Math.exp(market.logQuote(at.id, at.day));
      expect(Math.abs(Math.log(price / clean))).toBeCloseTo(Math.log(8), 1);
      expect(Math.abs(Math.log(mid! / clean))).toBeLessThan(0.5);
    }
  });

  it('repeats all four figures for at least six days in stale runs', () => {
    const stale = only('stale').filter(
      ({ id, day }) => !faultsOn(id, day - 1).includes('stale') && faultsOn(id, day - 1).length === 0,
    );
    expect(stale.length).toBeGreaterThan(5);
    for (const { id, day } of stale) {
      const before = quotesAt({ id, day: day - 1 })[0]!;
      for (let ahead = 0; ahead < 6; ahead++) {
        const quote = quotesAt({ id, day: day + ahead })[0];
        if (quote === undefined) continue;
        expect([quote.market, quote.low, quote.mid, quote.high]).toEqual([
          before.market,
          before.low,
          before.mid,
          before.high,
        ]);
      }
    }
  });

  it('quotes another printing at three times the price', () => {
    for (const at of only('wrong_printing')) {
      const quote = quotesAt(at)[0]!;
      expect(quote.printing).toBe('Reverse Holofoil');
      expect(quote.market / Math.exp(market.logQuote(at.id, at.day))).toBeCloseTo(3, 1);
    }
  });

  it('drops the listings, and doubles quotes exactly', () => {
    for (const at of only('no_listings')) expect(quotesAt(at)[0]).toMatchObject({ low: null, mid: null, high: null });
    for (const at of only('duplicate')) {
      const [first, second] = quotesAt(at);
      expect(second).toEqual(first);
    }
  });

  it('gives positive prices in whole cents, low not above mid', () => {
    for (const { market: price, low, mid } of quotes) {
      expect(price).toBeGreaterThan(0);
      expect(Math.abs(price * 100 - Math.round(price * 100))).toBeLessThan(1e-6);
      if (low !== null && mid !== null) expect(low).toBeLessThanOrEqual(mid);
    }
  });
});
