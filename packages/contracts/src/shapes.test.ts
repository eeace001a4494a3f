import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import {
  CARD_ID_MAX,
  CardIdSchema,
  DaySchema,
  EXIT,
  FairPriceSchema,
  FLAGS,
  flagNames,
  PANEL_FLAGS,
  PredictRequestSchema,
  priceOrNull,
  RunReportSchema,
  SignalRequestSchema,
  SourceNameSchema,
} from './index.ts';

test('a price is kept when it is finite and above zero, and else is none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.double(), fc.anything()), (value) => {
      const kept = typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY;
      expect(priceOrNull(value)).toBe(kept ? value : null);
    }),
  );
});

test.each(['2026-02-29', '2026-13-01', '2026-1-1', '20260101', '2026-01-01T00:00:00Z', ''])('%j is no day', (text) => {
  expect(DaySchema.safeParse(text).success).toBe(false);
});

test('leap days are days where there is one', () => expect(DaySchema.safeParse('2028-02-29').success).toBe(true));

test('card ids have 1 to 200 characters', () => {
  expect(
    [0, 1, CARD_ID_MAX, CARD_ID_MAX + 1].map((length) => CardIdSchema.safeParse('x'.repeat(length)).success),
  ).toEqual([false, true, true, false]);
});

test.each(['', '-a', '../a', 'A', 'a b', 'a/b', 'a'.repeat(42)])(
  '%j is no source name, since it becomes a folder',
  (name) => {
    expect(SourceNameSchema.safeParse(name).success).toBe(false);
  },
);

test('the date of a request may be missing or null', () => {
  for (const body of [{ card_id: 'a' }, { card_id: 'a', date: null }, { card_id: 'a', date: '2026-01-01' }])
    expect(PredictRequestSchema.safeParse(body).success).toBe(true);
  expect(PredictRequestSchema.safeParse({ card_id: 'a', date: 'today' }).success).toBe(false);
});

test.each([
  { market_price: 0, fair_price: 1 },
  { market_price: -1, fair_price: 1 },
  { market_price: 1, fair_price: Number.POSITIVE_INFINITY },
  { market_price: Number.NaN, fair_price: 1 },
  { market_price: '1', fair_price: 1 },
  { market_price: 1, fair_price: 1, buy_threshold_pct: 1.5 },
  { market_price: 1, fair_price: 1, sell_threshold_pct: -0.1 },
])('a signal request of %j is refused', (body) => expect(SignalRequestSchema.safeParse(body).success).toBe(false));

test('the original’s six fields stand first in a fair price', () => {
  expect(Object.keys(FairPriceSchema.shape).slice(0, 6)).toEqual([
    'card_id',
    'date',
    'market_price',
    'fair_price',
    'deviation_pct',
    'signal',
  ]);
});

test('flags and their bits go both ways, and fit the 16 bits that predictions keep', () => {
  expect(PANEL_FLAGS.length).toBeLessThanOrEqual(16);
  fc.assert(
    fc.property(fc.subarray(PANEL_FLAGS), (flags) => {
      const bits = flags.reduce((sum, flag) => sum | (1 << PANEL_FLAGS.indexOf(flag)), 0);
      expect(flagNames(bits)).toEqual(flags);
    }),
  );
  for (const flag of PANEL_FLAGS) expect(FLAGS[flag].excluded).toBe(false);
});

test('exit codes tell outcomes apart', () => expect(new Set(Object.values(EXIT)).size).toBe(Object.keys(EXIT).length));

test('every shape of HTTP can be told in JSON Schema', () => {
  for (const schema of [FairPriceSchema, PredictRequestSchema, SignalRequestSchema, RunReportSchema])
    expect(() => z.toJSONSchema(schema)).not.toThrow();
});
