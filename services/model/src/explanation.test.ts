import { type Explain, PART_GROUPS, type Prediction, type Reason } from '@pokewatch/contracts';
import { type ExplainedPrices, termColumns } from '@pokewatch/fair-value';
import { HttpProblem } from '@pokewatch/http';
import type { LoadedModel, PredictionTable } from '@pokewatch/store';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { predict } from './predict.ts';
import { type ServingModel, servingModel } from './serving-model.ts';
import { SAMPLE_CHAMPION, sampleModel } from './testing/sample-model.ts';
import { SAMPLE_CURVES } from './testing/sample-terms.ts';

const model = servingModel(sampleModel({ days: 6 }), SAMPLE_CHAMPION);

function ask(card_id: string, explain?: Explain, date?: string, from = model): Prediction {
  const optional = { ...(explain === undefined ? {} : { explain }), ...(date === undefined ? {} : { date }) };
  const result = predict(from, { card_id, ...optional });
  if (result instanceof HttpProblem) throw result;
  return result;
}

const inCents = (amount: number) => Math.round(amount * 100);
const inUnits = (log_return: number) => Math.round(log_return * 1e8);
const sum = <T>(rows: readonly T[], of: (row: T) => number) => rows.reduce((total, row) => total + of(row), 0);

/** What every answer promises, whatever is asked for. */
function expectSums({ reasons, groups, log_return, fair_price, market_price }: Prediction): void {
  for (const rows of [reasons, groups] as readonly (readonly Pick<Reason, 'amount' | 'log_return'>[])[]) {
    expect(sum(rows, (row) => inCents(row.amount))).toBe(inCents(fair_price) - inCents(market_price));
    expect(sum(rows, (row) => inUnits(row.log_return))).toBe(inUnits(log_return));
  }
  for (const { group, amount, log_return: of_group } of groups) {
    const rows = reasons.filter((reason) => reason.group === group);
    expect(sum(rows, (row) => inCents(row.amount))).toBe(inCents(amount));
    expect(sum(rows, (row) => inUnits(row.log_return))).toBe(inUnits(of_group));
  }
  expect(inCents(market_price * Math.exp(log_return))).toBe(inCents(fair_price));
}

const terms = (reasons: readonly Reason[]) => reasons.map((reason) => reason.term);

describe('the short form, which is the default,', () => {
  test('has the strongest terms of each group, strongest group first, and one row for the others', () => {
    const answer = ask('alpha');
    expect(answer).toEqual(ask('alpha', 'short'));
    expect(terms(answer.reasons)).toEqual([
      'gap_low',
      'gap_mid',
      'low_above',
      'other_listings',
      'market_7',
      'set_30',
      'ret_14',
    ]);
    expect(answer.reasons.map((reason) => reason.amount)).toEqual([0.29, 0.21, 0.01, 0.01, 0.21, -0.11, -0.04]);
    expectSums(answer);
  });

  test('says each reason in plain words, with its value and what is normal', () => {
    const [first, , , others] = ask('alpha').reasons;
    expect(first).toEqual({
      group: 'listings',
      term: 'gap_low',
      text: 'the gap_low of it: +11 %, normally 0 %',
      log_return: 0.028,
      amount: 0.29,
      value: 0.1,
    });
    expect(others).toMatchObject({ text: '2 other terms of the listings', value: null });
  });

  test('names missing inputs by group, not one by one', () => {
    expect(ask('alpha').missing).toEqual([
      { group: 'listings', terms: 1, text: '1 of 6 terms of the listings not known' },
      { group: 'own', terms: 1, text: '1 of 2 terms of its own price not known' },
    ]);
  });
});

describe('the full form', () => {
  test('has every term, the names of missing inputs, and the restlessness', () => {
    const answer = ask('alpha', 'full');
    expect(terms(answer.reasons)).toEqual([
      ...['gap_low', 'gap_mid', 'low_above', 'spread', 'mid_still'],
      ...['market_7', 'set_30', 'ret_14'],
    ]);
    expect(answer.missing!.map((group) => group.names)).toEqual([['mid_ret_60'], ['ret_90']]);
    // The move is exp(0.05) − 1, the restlessness (0.03 + 2.5 × 0.05127…) / 0.1.
    expect(answer.restlessness).toBeCloseTo((0.03 + 2.5 * Math.expm1(0.05)) / 0.1, 6);
    expectSums(answer);
  });

  test('differs from the short form in nothing but how many rows a group has', () => {
    const { reasons: all, missing: named, restlessness: _, ...full } = ask('alpha', 'full');
    const { reasons: few, missing, ...short } = ask('alpha');
    expect(full).toEqual(short);
    expect(all.filter((reason) => terms(few).includes(reason.term))).toEqual(few.filter(({ value }) => value !== null));
    expect(named!.map(({ names: _names, ...group }) => group)).toEqual(missing);
  });
});

test('no explanation on request: no rows, but the log return', () => {
  const { reasons, groups, missing, log_return, ...rest } = ask('alpha', 'none');
  expect([reasons, groups, missing]).toEqual([[], [], null]);
  expect(log_return).toBe(ask('alpha').log_return);
  expect(ask('alpha')).toMatchObject(rest);
});

test('days before a card’s latest, and cards without terms, are explained by the four groups', () => {
  for (const [card_id, date] of [
    ['alpha', '2026-04-16'],
    ['beta', undefined],
  ] as const)
    for (const explain of ['short', 'full'] as const) {
      const answer = ask(card_id, explain, date);
      expect(terms(answer.reasons)).toEqual(['listings', 'market', 'set', 'own']);
      expect(answer.groups.map((part) => part.group)).toEqual([...PART_GROUPS]);
      expect(answer.missing).toBeNull();
      expectSums(answer);
    }
});

test('what is odd about the data stands last, without an amount', () => {
  const { flags, reasons } = ask('beta', 'short', '2026-04-14');
  expect(flags).toEqual(['outlier', 'stale']);
  expect(reasons.slice(-2)).toMatchObject([
    { group: 'data', term: 'outlier', amount: 0, log_return: 0, value: null },
    { group: 'data', term: 'stale', amount: 0, log_return: 0, value: null },
  ]);
});

test('there are no reasons when no change is expected', () => {
  const zero = new Float32Array(1);
  const naive = oneRow({ market: 5, fair: 5, parts: [zero, zero, zero, zero] });
  expect(ask('only', 'short', undefined, naive)).toMatchObject({ fair_price: 5, reasons: [], log_return: 0 });
});

describe('for any prices', () => {
  const part = fc.double({ min: -0.3, max: 0.3, noNaN: true });
  const price = fc
    .double({ min: 0.001, max: 1e5, noNaN: true })
    .map((value) => Math.max(0.01, Math.round(value * 100) / 100));

  test('the four groups of a day add up to the cent and to the eighth decimal', () => {
    fc.assert(
      fc.property(price, part, part, part, part, (market, ...parts) => {
        const fair = market * Math.exp(sum(parts, (value) => value));
        expectSums(
          ask('only', 'short', undefined, oneRow({ market, fair, parts: parts.map((p) => Float32Array.of(p)) })),
        );
      }),
    );
  });

  test('short and full forms of any terms add up, and have the same sums by group', () => {
    const small = fc.double({ min: -0.01, max: 0.01, noNaN: true });
    const value = fc.option(fc.double({ min: -5, max: 5, noNaN: true }));
    const row = fc.record({ group: fc.constantFrom(...PART_GROUPS), value, log_return: small });
    fc.assert(
      fc.property(price, fc.array(row, { minLength: 1, maxLength: 60 }), (market, given) => {
        const rows = given.map((one, index) => ({
          ...one,
          term: `t${index}`,
          log_return: one.value === null ? 0 : one.log_return,
        }));
        const fair = market * Math.exp(sum(rows, (one) => one.log_return));
        const of = withTerms(market, fair, rows);
        const [short, full] = [ask('only', 'short', undefined, of), ask('only', 'full', undefined, of)];
        if (rows.some((one) => one.value !== null)) for (const answer of [short, full]) expectSums(answer);
        expect(short.groups).toEqual(full.groups);
        expect(full.reasons.length + sum(full.missing!, (group) => group.terms)).toBe(rows.length);
        expect(short.reasons.length).toBeLessThanOrEqual(16);
      }),
    );
  });

  function withTerms(market: number, fair: number, rows: ExplainedPrices['terms']): ServingModel {
    const base = sampleModel({ cards: ['only'], days: 1 });
    const prices = { market: Float64Array.of(market), fair: Float64Array.of(fair) };
    const table = { ...base.table, ...prices, flags: Uint16Array.of(0) };
    const names = rows.map((row) => row.term);
    const inputs = rows.map(({ term, group }) => ({ ...SAMPLE_CURVES.terms[0]!, term, group }));
    const curves = { ...base.curves, terms: inputs };
    return servingModel(
      { ...base, table, terms: termColumns([{ market, fair, terms: rows }], names), curves },
      SAMPLE_CHAMPION,
    );
  }
});

test('the difference is shared by the logarithmic mean', () => {
  const parts = [Math.log(2), Math.log(2), 0, 0].map((p) => Float32Array.of(p));
  const { reasons } = ask('only', 'short', undefined, oneRow({ market: 10, fair: 40, parts }));
  expect(reasons.map((reason) => [reason.group, reason.amount])).toEqual([
    ['market', 15],
    ['set', 15],
  ]);
});

test('a version whose terms have no curve is refused', () => {
  const loaded = sampleModel();
  const curves = { ...loaded.curves, terms: loaded.curves.terms.slice(1) };
  expect(() => servingModel({ ...loaded, curves }, SAMPLE_CHAMPION)).toThrow('says nothing of its term market_7');
});

/** A model of one card and day without terms. */
function oneRow(given: { market: number; fair: number; parts: Float32Array[] }): ServingModel {
  const base = sampleModel({ cards: ['only'], days: 1 });
  const [market_part, set_part, listings_part, own_part] = given.parts;
  const table = {
    ...base.table,
    market: Float64Array.of(given.market),
    fair: Float64Array.of(given.fair),
    market_part,
    set_part,
    listings_part,
    own_part,
    flags: Uint16Array.of(0),
  } as PredictionTable;
  const loaded: LoadedModel = { ...base, table, terms: termColumns([{ ...given, terms: [] }], []) };
  return servingModel(loaded, SAMPLE_CHAMPION);
}
