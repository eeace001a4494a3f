import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderStore, jsonText, layout, MANIFEST, publishFile, setChampion } from '@pokewatch/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { planStart } from './plan.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-plan-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Puts a raw file of a source into the store; only its path counts. */
function collected(source: string, day = '2026-11-20'): void {
  const folder = join(root, 'raw/prices', `source=${source}`, `collected=${day}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'run-1.parquet'), '');
}

/** Puts the manifest of a model into the store; only where it comes from counts. */
function model(source: string): void {
  const manifest = {
    kind: 'model' as const,
    version: 'v1',
    model: 'ridge',
    horizon_days: 14,
    features_version: 'f1',
    data_sha256: '0'.repeat(64),
    source,
    simulated: false,
    rows: 0,
    cards: 0,
    first_date: '2026-01-01',
    last_date: '2026-01-02',
    code_version: '0.1.0',
    metrics: {},
    gate: { passed: true, checks: [], notes: [] },
    files: [],
  };
  publishFile(join(layout.model(root, 'v1'), MANIFEST), jsonText(manifest));
  setChampion(root, { model_version: 'v1', promoted_at: '2026-01-03T00:00:00Z', reason: 'a test' });
}

describe('without a source', () => {
  test('an empty folder gets the simulated market', async () => {
    expect(await planStart(folderStore(root), '', true)).toMatchObject({ source: 'demo', work: 'collect' });
  });

  test('the simulated market is collected again', async () => {
    collected('demo');
    expect(await planStart(folderStore(root), '', true)).toMatchObject({ source: 'demo', work: 'collect' });
  });

  test('imported prices are served without collecting, simulated ones beside them or not', async () => {
    collected('import');
    collected('demo', '2026-11-21');
    expect(await planStart(folderStore(root), '', true)).toMatchObject({ source: 'import', work: 'process' });
  });

  test('of several real sources the one collected last is served', async () => {
    collected('tcgcsv', '2026-11-19');
    collected('tcgdex', '2026-11-21');
    expect(await planStart(folderStore(root), '', true)).toMatchObject({ source: 'tcgdex', work: 'process' });
  });

  test('models without prices serve as they stand', async () => {
    model('tcgcsv');
    expect(await planStart(folderStore(root), '', true)).toMatchObject({ source: 'tcgcsv', work: 'nothing' });
  });
});

describe('with a source', () => {
  test('it is collected from, whatever else is there', async () => {
    collected('import');
    expect(await planStart(folderStore(root), 'tcgcsv', true)).toMatchObject({ source: 'tcgcsv', work: 'collect' });
  });

  test('an imported one is served', async () => {
    collected('mine');
    expect(await planStart(folderStore(root), 'mine', true)).toMatchObject({ source: 'mine', work: 'process' });
  });

  test('an unknown one is refused, with the nearest known or stored one', async () => {
    collected('mine');
    await expect(planStart(folderStore(root), 'mien', true)).rejects.toThrow(
      expect.objectContaining({ code: 'bad_usage', hint: expect.stringContaining('Did you mean mine?') }),
    );
  });
});

describe('when nothing may be collected', () => {
  test('what is there is served', async () => {
    collected('demo');
    expect(await planStart(folderStore(root), '', false)).toMatchObject({ source: 'demo', work: 'process' });
  });

  test.each([
    ['', 'the data folder is empty'],
    ['tcgcsv', 'the data folder is empty'],
  ])('and nothing is there, it says so (source "%s")', async (asked, text) => {
    await expect(planStart(folderStore(root), asked, false)).rejects.toThrow(text);
  });
});
