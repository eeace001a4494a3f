import { type SignalResponse, SignalResponseSchema } from '@pokewatch/contracts';
import { compileWriter } from '@pokewatch/http';
import { computeSignal, FEE_PROFILES, verdicts } from '@pokewatch/signals';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { signalJson } from './signal-json.ts';

const byTheSchema = compileWriter(SignalResponseSchema);
const price = fc.double({ min: 1e-9, max: 1e12, noNaN: true });
const chance = fc.double({ min: 0, max: 1, noNaN: true });

test('an answer is written as its schema says, byte for byte', () => {
  const answers = fc
    .record({
      market_price: price,
      band: fc.tuple(price, price, price),
      p_up: chance,
      p_down: chance,
      low_price: fc.option(price),
      flags: fc.subarray(['stale', 'outlier', 'few_days']),
      fees: fc.constantFrom(FEE_PROFILES.ebay, FEE_PROFILES.tcgplayer),
      told: fc.boolean(),
    })
    .map(({ band, told, ...input }): SignalResponse => {
      const [lower, fair_price, upper] = band.sort((a, b) => a - b) as [number, number, number];
      const { market_price } = input;
      const given = { market_price, fair_price, buy_threshold_pct: 0.1, sell_threshold_pct: 0.15 };
      const answer = { ...computeSignal(given), market_price, fair_price };
      return told
        ? { ...answer, verdicts: verdicts({ ...input, fair_price, lower, upper, horizon_days: 14 }) }
        : answer;
    });
  fc.assert(
    fc.property(answers, (answer) => {
      expect(signalJson(answer)).toBe(byTheSchema(answer));
    }),
  );
});

test('whatever a text holds, it stays JSON', () => {
  const answer = { signal: 'HOLD' as const, deviation_pct: 0, market_price: 1, fair_price: 1 };
  const verdict = { strength: 0, holds_to: null, at: 1 };
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const told: SignalResponse = {
        ...answer,
        verdicts: {
          buy: { answer: 'unknown', ...verdict, text },
          sell: { answer: 'unknown', ...verdict, text },
          flip: { answer: 'unknown', ...verdict, net_pct: null, fees: 'ebay', text },
        },
      };
      expect(JSON.parse(signalJson(told))).toEqual(told);
    }),
  );
});
