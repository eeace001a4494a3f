import type { Metric } from '@pokewatch/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ChampionComparison } from './champion.ts';
import { judge, refusal } from './gate.ts';

const metric = (value: number | null, half = 0.01): Metric => ({
  value,
  n: 1000,
  lower: value === null ? null : value - half,
  upper: value === null ? null : value + half,
  base_rate: null,
});
const GOOD = { mae_over_naive: metric(0.8), coverage: metric(0.8), mape: metric(0.05), coverage_rate: metric(1, 0) };
const NONE: ChampionComparison = { none: 'this is the first model' };

/** The candidate's MAE over naive less the champion's. */
function against(value: number, lower: number | null, upper: number | null): ChampionComparison {
  const difference = { value, lower, upper };
  const same = { value: 0, lower: 0, upper: 0 };
  const comparison = { n: 900, days: 70, objective: same, ic: same, ic_within_day: same, mae_over_naive: difference };
  return { version: 'curves-old', comparison };
}

function failed(metrics: Record<string, Metric>, champion = NONE): string[] {
  const gate = judge({ metrics: { ...GOOD, ...metrics }, champion, notes: [] });
  expect(gate.passed).toBe(gate.checks.every((check) => check.passed));
  return gate.checks.filter((check) => !check.passed).map((check) => check.name);
}

test('a good model passes, and every check says value, interval, rows and rule', () => {
  const gate = judge({ metrics: GOOD, champion: against(-0.01, -0.02, 0), notes: ['a word'] });
  expect(gate).toMatchObject({ passed: true, notes: ['a word'] });
  expect(gate.checks.map((check) => check.name)).toEqual([
    'beats naive',
    'band coverage',
    'no worse than the champion',
    'mape',
    'coverage rate',
  ]);
  for (const check of gate.checks) {
    expect(check.text).toContain(check.rule);
    expect(check.rule).not.toBe('');
    expect([check.value, check.lower, check.upper, check.n]).not.toContain(null);
  }
  expect(refusal(gate)).toBe('');
});

test.each([
  ['an interval that reaches 1', { mae_over_naive: metric(0.98, 0.02) }, 'beats naive'],
  ['no interval', { mae_over_naive: { ...metric(0.5), lower: null, upper: null } }, 'beats naive'],
  ['a band that is too narrow', { coverage: metric(0.74) }, 'band coverage'],
  ['a band that is too wide', { coverage: metric(0.86) }, 'band coverage'],
  ['a band off by far, however wide the interval', { coverage: metric(0.6, 0.12) }, 'band coverage'],
  ['no interval of a coverage outside', { coverage: { ...metric(0.7), lower: null, upper: null } }, 'band coverage'],
  ['large errors of the price', { mape: metric(0.21) }, 'mape'],
  ['a model that seldom speaks', { coverage_rate: metric(0.79) }, 'coverage rate'],
])('%s is refused', (_, metrics, name) => {
  expect(failed(metrics)).toEqual([name]);
});

test.each([
  ['an interval just below 1', { mae_over_naive: metric(0.98, 0.019) }],
  ['coverage at the edges', { coverage: metric(0.75) }],
  ['coverage a little outside where the interval is wider than the range', { coverage: metric(0.72, 0.06) }],
  ['the original’s thresholds themselves', { mape: metric(0.2), coverage_rate: metric(0.8) }],
])('%s passes', (_, metrics) => {
  expect(failed(metrics)).toEqual([]);
});

test('a figure that is not known fails its check and says so', () => {
  const gate = judge({ metrics: {}, champion: NONE, notes: [] });
  expect(gate.checks.filter((check) => !check.passed)).toHaveLength(4);
  expect(refusal(gate)).toMatch(/beats naive: not known \(0 rows to judge on\)/);
});

test('worse than the champion beyond noise is refused; a hair, or noise, or no interval is not', () => {
  const name = 'no worse than the champion';
  expect(failed({}, against(0.02, 0.01, 0.03))).toEqual([name]);
  expect(failed({}, against(0.02, -0.001, 0.04))).toEqual([]);
  expect(failed({}, against(0.004, 0.003, 0.005))).toEqual([]);
  expect(failed({}, against(0.2, null, null))).toEqual([]);
  const gate = judge({ metrics: GOOD, champion: against(0.02, 0.01, 0.03), notes: [] });
  expect(refusal(gate)).toMatch(/^no worse than the champion: \+0\.0200 \[\+0\.0100, \+0\.0300\].*against curves-old/);
});

test('without a champion that check passes and says why', () => {
  const { checks } = judge({ metrics: GOOD, champion: NONE, notes: [] });
  expect(checks.find((check) => check.name === 'no worse than the champion')).toMatchObject({
    passed: true,
    value: null,
    text: 'no champion to compare with: this is the first model',
  });
});

test('a lower error never turns a pass into a refusal', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 2, noNaN: true }),
      fc.double({ min: 0, max: 0.2, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (value, half, less) => {
        const passes = (at: number) => failed({ mae_over_naive: metric(at, half) }).length === 0;
        if (passes(value)) expect(passes(value - less)).toBe(true);
      },
    ),
  );
});
