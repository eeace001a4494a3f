import type { ModelManifest } from '@pokewatch/contracts';
import { expect, test } from 'vitest';
import { batchOf, tagsOf } from './described.ts';

const HASH = 'a'.repeat(64);
const MANIFEST: ModelManifest = {
  kind: 'model',
  version: 'curves-2026-04-06-0123456789',
  model: 'curves',
  horizon_days: 14,
  features_version: 'f-1',
  data_sha256: HASH,
  source: 'demo',
  simulated: true,
  rows: 16_000,
  cards: 40,
  first_date: '2025-03-01',
  last_date: '2026-04-06',
  code_version: '0.1.0',
  metrics: {
    ic: { value: 0.4, n: 900, lower: 0.3, upper: 0.5, base_rate: null },
    mape: { value: null, n: 0, lower: null, upper: null, base_rate: null },
  },
  gate: {
    passed: false,
    checks: [
      { name: 'beats naive', passed: false, value: 1, lower: null, upper: null, n: 900, rule: 'below 1', text: '1.00' },
    ],
    notes: [],
  },
  input_sha256: HASH,
  forecaster: { name: 'curves', settings: null, tuning_id: null },
  refitted: true,
  champion: null,
  files: [],
};
const HANDOVER = {
  model_version: MANIFEST.version,
  train_run: 'train-2026-04-06-001',
  started_at: '2026-04-06T02:00:00Z',
  ended_at: '2026-04-06T02:01:00Z',
  fault: null,
};
const ENDED_MS = Date.parse(HANDOVER.ended_at);

test('figures come with interval and rows; what is not known is left out', () => {
  const { metrics } = batchOf(MANIFEST, null, ENDED_MS);
  expect(Object.fromEntries(metrics.map(({ key, value }) => [key, value]))).toEqual({
    ic: 0.4,
    'ic/lower': 0.3,
    'ic/upper': 0.5,
    'ic/n': 900,
    'gate/passed_all': 0,
    'gate/beats naive': 0,
  });
  for (const { timestamp, step } of metrics) expect([timestamp, step]).toEqual([ENDED_MS, 0]);
});

test('other models are figures of the same run, and the error by week is drawn over steps', () => {
  const error_by_week = { week_start: [20_000, 20_007, 20_014], ratio: [0.9, null, 0.8] };
  const { metrics } = batchOf(MANIFEST, { models: { naive: { ic: { value: 0 }, n: 3 } }, error_by_week }, ENDED_MS);
  expect(metrics).toContainEqual({ key: 'models/naive/ic', value: 0, timestamp: ENDED_MS, step: 0 });
  expect(metrics.filter(({ key }) => key === 'error_by_week')).toEqual([
    { key: 'error_by_week', value: 0.9, timestamp: 20_000 * 86_400_000, step: 0 },
    { key: 'error_by_week', value: 0.8, timestamp: 20_014 * 86_400_000, step: 2 },
  ]);
});

test('sending it twice sends the same, so that nothing is there twice', () => {
  expect(batchOf(MANIFEST, null, ENDED_MS)).toEqual(batchOf(structuredClone(MANIFEST), null, ENDED_MS));
});

test('parameters say what the model was made from, and tags which version and run it is', () => {
  const { params } = batchOf(MANIFEST, null, ENDED_MS);
  const named = Object.fromEntries(params.map(({ key, value }) => [key, value]));
  expect(named).toMatchObject({ model: 'curves', horizon_days: '14', simulated: 'true', data_sha256: HASH });
  expect(Object.keys(named)).not.toContain('compared_with');
  expect(tagsOf(MANIFEST, HANDOVER)).toEqual(
    expect.arrayContaining([
      { key: 'pokewatch.idempotency_key', value: MANIFEST.version },
      { key: 'pokewatch.train_run', value: HANDOVER.train_run },
      { key: 'pokewatch.gate', value: 'refused' },
    ]),
  );
});
