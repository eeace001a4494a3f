import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeatureManifest, TuningResult } from '@pokewatch/contracts';
import { CURVES_DEFAULTS } from '@pokewatch/fair-value';
import {
  currentFeatures,
  folderStore,
  publishTuningResult,
  readChampion,
  readModelFile,
  readModelManifest,
  readPanel,
} from '@pokewatch/store';
import { ledMarket, publishFeatures } from '@pokewatch/store/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { challengersOf, NAIVE } from './challengers.ts';
import { compute } from './compute.ts';
import type { TrainEvaluation } from './evaluation.ts';
import { publishVersion } from './publish.ts';
import { givenFor } from './testing/run.ts';
import { train } from './train.ts';
import { tuningFor } from './tuned.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-tuned-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const SETTINGS = { ...CURVES_DEFAULTS, knots: 5, shrink: 1 };
const zero = { value: 0, lower: null, upper: null };
const differences = { n: 10, objective: zero, ic: zero, ic_within_day: zero, mae_over_naive: zero };
const figures = { ic: 0, ic_within_day: 0, mae_over_naive: 1, objective: -1 };
const trial = { settings: SETTINGS, windows: [{ window: 0, n: 1, ...figures }], score: 0, spread: 0, stopped: false };

function result(changed: Partial<TuningResult> = {}): TuningResult {
  return {
    kind: 'tuning',
    id: '0123456789',
    format: 1,
    code_version: '1',
    source: 'import',
    horizon_days: 14,
    seed: 1,
    first_date: '2025-01-01',
    cut_date: '2025-05-01',
    windows: [],
    trials: 2,
    default_trial: { ...trial, trial: 0 },
    best_trial: { ...trial, trial: 1 },
    by_window: [differences],
    all_windows: differences,
    better: true,
    reason: 'a test',
    ...changed,
  };
}

/** Judged from 2025-05-17 on. */
const FEATURES = { source: 'import', first_date: '2025-01-01', last_date: '2025-08-08' } as FeatureManifest;

test('only a search of this source and horizon that found something better, and saw no judged day, is tried', async () => {
  const others: Partial<TuningResult>[] = [
    { source: 'demo' },
    { horizon_days: 30 },
    { better: false },
    { cut_date: '2025-05-17' },
  ];
  for (const [i, changed] of others.entries()) publishTuningResult(root, result({ ...changed, id: `000000000${i}` }));
  expect(await tuningFor(folderStore(root), FEATURES, 14)).toBeUndefined();
  publishTuningResult(root, result({ cut_date: '2025-05-16' }));
  publishTuningResult(root, result({ cut_date: '2025-05-01', id: 'ffffffffff' }));
  expect((await tuningFor(folderStore(root), FEATURES, 14))?.id).toBe('0123456789');
});

test('train judges the tuned settings beside the defaults, in a version of another name', async () => {
  await publishFeatures(root, ledMarket(24, 220, 1));
  await train(givenFor(root));
  const plain = readChampion(root)!.model_version;
  publishTuningResult(root, result());
  expect((await train(givenFor(root))).status).toBe('ok');
  const { manifest } = readModelManifest(root, readChampion(root)!.model_version);
  expect(manifest.version).not.toBe(plain);
  const evaluation = JSON.parse(readModelFile(root, manifest, 'evaluation.json')) as TrainEvaluation;
  expect(Object.keys(evaluation.models)).toEqual(['naive', 'curves', 'curves-tuned-0123456789', 'ridge', 'mean3']);
  const tuned = evaluation.challengers.find((one) => one.name === 'curves-tuned-0123456789');
  expect(tuned).toMatchObject({ tuning_id: '0123456789', mae_difference: { lower: expect.any(Number) } });
  expect(evaluation.models['curves-tuned-0123456789']!.mae_over_naive!.value).not.toBe(
    evaluation.models.curves!.mae_over_naive!.value,
  );
});

test('a tuned candidate says in manifest and answers which search its settings come from', async () => {
  await publishFeatures(root, ledMarket(12, 120, 1));
  const features = currentFeatures(root)!;
  const panel = await readPanel(root, features);
  const tuned = challengersOf(result())[1]!;
  const context = { signal: new AbortController().signal, progress: { update() {} } };
  const computed = await compute(panel, [tuned, NAIVE], 14, context as unknown as Parameters<typeof compute>[3]);
  const manifest = await publishVersion(root, {
    version: 'v',
    features,
    panel,
    input_sha256: '0'.repeat(64),
    champion: null,
    computed,
    evaluation: undefined,
    listings: { recent_share: 1, judged_share: null, model: null, with: null, without: null },
    gate: { passed: true, checks: [], notes: [] },
  });
  expect(manifest).toMatchObject({
    model: 'curves-tuned-0123456789',
    forecaster: { name: 'curves', settings: SETTINGS, tuning_id: '0123456789' },
  });
  const fitted = JSON.parse(readModelFile(root, manifest, 'fitted.json')) as { model: { state: { settings: object } } };
  expect(fitted.model.state.settings).toEqual(SETTINGS);
});
