import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelManifest } from '@pokewatch/contracts';
import { createLogger, parseSettings } from '@pokewatch/core';
import { publishModel, setChampion } from '@pokewatch/store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createModelApp } from './index.ts';
import { sampleModel } from './testing/sample-model.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-metrics-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** When the model that serves was trained, as its metric says. */
async function trainedAt(change: Partial<ModelManifest>): Promise<string> {
  const { manifest, ...model } = sampleModel();
  await publishModel(root, { ...model, manifest: { ...manifest, ...change }, extras: {} });
  setChampion(root, { model_version: manifest.version, promoted_at: '2026-04-21T03:00:00Z', reason: 'a test' });
  const logger = createLogger({ service: 'test', level: 'silent' });
  const { app, metrics } = await createModelApp({ settings: parseSettings({ POKEWATCH_DATA: root }), logger });
  const text = await metrics.registry.getSingleMetricAsString('pokewatch_model_trained_timestamp_seconds');
  await app.close();
  return new Date(Number(text.trim().split(' ').at(-1)) * 1000).toISOString();
}

test('a model that was fitted for its version is as old as its promotion', async () => {
  const at = await trainedAt({ refitted: true, fitted_as_of: '2026-04-20' });
  expect(at).toBe('2026-04-21T03:00:00.000Z');
});

test('a model that speaks on because its successors are refused grows older, however often it is promoted', async () => {
  expect(await trainedAt({ refitted: false, fitted_as_of: '2026-03-01' })).toBe('2026-03-01T00:00:00.000Z');
});
