import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchesOf, keyOf, param, type RunMetric, tag } from './limits.ts';

test.each([
  ['mae_over_naive', 'mae_over_naive'],
  ['gate/no worse than the champion', 'gate/no worse than the champion'],
  ['models/curves-tuned-ab:1/ic', 'models/curves-tuned-ab_1/ic'],
  ['“naive”', '_naive_'],
  ['/a//b/../c/', 'a/b/_/c'],
  ['', '_'],
])('the name %j becomes the key %j', (name, key) => {
  expect(keyOf(name)).toBe(key);
});

test('every name becomes a key that MLflow takes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const key = keyOf(name);
      expect(key).toMatch(/^[/\w.\- ]{1,250}$/);
      expect(key.split('/').some((part) => part === '' || part === '.' || part === '..')).toBe(false);
    }),
  );
});

test('long values are cut, and say so', () => {
  expect(param('a', 'x'.repeat(7000)).value).toHaveLength(6000);
  expect(tag('a', 'x'.repeat(7000)).value).toMatch(/^x{4999}…$/);
  expect(param('a', 14).value).toBe('14');
});

test('requests hold at most 1000 things, 100 of them parameters and 100 tags, and nothing is lost', () => {
  const metrics = Array.from({ length: 1700 }, (_, i): RunMetric => ({ key: 'a', value: i, timestamp: 0, step: i }));
  const params = Array.from({ length: 250 }, (_, i) => param(`p${i}`, i));
  const batches = batchesOf({ metrics, params, tags: [] });
  for (const batch of batches) {
    expect(batch.params.length).toBeLessThanOrEqual(100);
    expect(batch.metrics.length + batch.params.length + batch.tags.length).toBeLessThanOrEqual(1000);
  }
  expect(batches.flatMap((batch) => batch.metrics)).toEqual(metrics);
  expect(batches.flatMap((batch) => batch.params)).toEqual(params);
  expect(batchesOf({ metrics: [], params: [], tags: [] })).toHaveLength(1);
});
