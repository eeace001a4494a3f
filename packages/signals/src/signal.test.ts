import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { computeSignal, deviationPct } from './signal.ts';

const DEFAULTS = { buy_threshold_pct: 0.1, sell_threshold_pct: 0.15 };
const signalOf = (market_price: number, fair_price: number, thresholds = DEFAULTS) =>
  computeSignal({ market_price, fair_price, ...thresholds });

const price = fc.double({ min: 0.01, max: 1e6, noNaN: true });
const threshold = fc.double({ min: 0, max: 1, noNaN: true });

describe('computeSignal', () => {
  test.each([
    [90, 100, 'BUY', -0.1],
    [90.01, 100, 'HOLD', -0.0999],
    [100, 100, 'HOLD', 0],
    [114.99, 100, 'HOLD', 0.1499],
    [115, 100, 'SELL', 0.15],
    [9, 10, 'BUY', -0.1],
    [11.5, 10, 'SELL', 0.15],
  ])('%d against %d is %s', (market, fair, signal, deviation) => {
    const result = signalOf(market, fair);
    expect(result.signal).toBe(signal);
    expect(result.deviation_pct).toBeCloseTo(deviation, 12);
  });

  test('compares the published double without tolerance, so a difference without an exact double may miss the edge', () => {
    expect(signalOf(0.9, 1)).toEqual({ signal: 'HOLD', deviation_pct: -0.09999999999999998 });
  });

  test('thresholds of 0 leave no HOLD, and no deviation is then a BUY', () => {
    const zero = { buy_threshold_pct: 0, sell_threshold_pct: 0 };
    expect(signalOf(1, 1, zero).signal).toBe('BUY');
    expect(signalOf(1.5, 1, zero).signal).toBe('SELL');
  });

  test.each([
    [0, 1],
    [-1, 1],
    [1, 0],
    [Number.NaN, 1],
    [1, Number.POSITIVE_INFINITY],
    [1e308, 1e-10],
  ])('refuses %d against %d', (market, fair) => {
    expect(() => signalOf(market, fair)).toThrow(RangeError);
  });

  test('refuses a threshold that is negative or not a number', () => {
    expect(() => signalOf(1, 1, { ...DEFAULTS, buy_threshold_pct: -0.1 })).toThrow(RangeError);
    expect(() => signalOf(1, 1, { ...DEFAULTS, sell_threshold_pct: Number.NaN })).toThrow(RangeError);
  });

  test('the signal follows from the published deviation and the thresholds alone', () => {
    fc.assert(
      fc.property(price, price, threshold, threshold, (market_price, fair_price, buy, sell) => {
        const result = computeSignal({
          market_price,
          fair_price,
          buy_threshold_pct: buy,
          sell_threshold_pct: sell,
        });
        expect(result.deviation_pct).toBe(deviationPct(market_price, fair_price));
        expect(result.signal === 'BUY').toBe(result.deviation_pct <= -buy);
        expect(result.signal === 'SELL').toBe(result.deviation_pct > -buy && result.deviation_pct >= sell);
      }),
    );
  });

  test('a higher market price never turns SELL into HOLD or HOLD into BUY', () => {
    const rank = { BUY: 0, HOLD: 1, SELL: 2 };
    fc.assert(
      fc.property(price, price, price, (a, b, fair) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(rank[signalOf(low, fair).signal]).toBeLessThanOrEqual(rank[signalOf(high, fair).signal]);
      }),
    );
  });

  test('prices in another unit give the same answer when the unit is a power of two', () => {
    fc.assert(
      fc.property(price, price, fc.integer({ min: -20, max: 20 }), (market, fair, exponent) => {
        expect(signalOf(market * 2 ** exponent, fair * 2 ** exponent)).toEqual(signalOf(market, fair));
      }),
    );
  });

  test('whole prices on the threshold are BUY and SELL', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), (tens) => {
        expect(signalOf(tens * 18, tens * 20).signal).toBe('BUY');
        expect(signalOf(tens * 23, tens * 20).signal).toBe('SELL');
      }),
    );
  });
});
