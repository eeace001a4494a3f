import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Drift, Kpis } from '../../packages/contracts/src/index.ts';
import { parseSettings } from '../../packages/core/src/index.ts';
import { openBucket } from '../../packages/s3/src/index.ts';
import {
  type Calls,
  fetchPublication,
  listPublications,
  saveDrift,
  saveKpis,
  savePublication,
  withStore,
} from '../../packages/store/src/index.ts';
import { NO_S3, S3_KEYS, type S3Server, startS3 } from '../support/s3-server.ts';

let server: S3Server;
let top: string;

beforeAll(async () => {
  if (NO_S3 !== '') return;
  server = await startS3();
  top = mkdtempSync(join(tmpdir(), 'pokewatch-s3-judgements-'));
});
afterAll(async () => {
  if (NO_S3 !== '') return;
  await server.remove();
  rmSync(top, { recursive: true, force: true });
});

/** Settings of a store of its own, and its bucket. */
function freshStore(name: string) {
  const settings = parseSettings({
    POKEWATCH_DATA: `s3://cards/${name}`,
    POKEWATCH_S3_ENDPOINT: server.url,
    POKEWATCH_S3_CACHE: join(top, 'cache'),
    ...S3_KEYS,
  });
  return { settings, bucket: openBucket(settings) };
}

const DAY = '2026-04-20';
const VERSION = 'ridge-2026-04-20-0123456789';

const PUBLICATION = {
  published_at: `${DAY}T03:00:00.000Z`,
  model_version: VERSION,
  manifest_sha256: '0'.repeat(64),
  horizon_days: 14,
  buy_threshold_pct: 0.1,
  sell_threshold_pct: 0.15,
  source: 'import',
  simulated: false,
  features_version: 'f',
  last_date: DAY,
  code_version: 'x',
  paused: null,
};
const FACTS = { name: 'A', set_name: 's', number: '1', rarity: 'Rare', printing: 'Holofoil', language: 'English' };
const CALLS: Calls = {
  cards: [{ card_id: 'a', currency: 'USD', ...FACTS }],
  day: Int32Array.of(20_000),
  market: Float64Array.of(10),
  low: Float64Array.of(9),
  fair: Float64Array.of(11),
  lower: Float64Array.of(9),
  upper: Float64Array.of(12),
  p_up: Float32Array.of(0.5),
  p_down: Float32Array.of(0.1),
  signal: Uint8Array.of(0),
  paused: Uint8Array.of(0),
  as_of: Int32Array.of(20_000),
  flags: Uint16Array.of(0),
};

describe.skipIf(NO_S3 !== '')(`KPIs and drift on a real S3 server${NO_S3}`, () => {
  // Each run of a job is a process of its own, with a store that has seen nothing yet.
  test('take the place of those that an earlier run found, and of those that another one writes meanwhile', async () => {
    const { settings, bucket } = freshStore('judgements');
    const judge = (computed_at: string) =>
      withStore(settings, async (store) => {
        await saveKpis(store, DAY, { computed_at } as Kpis);
        await saveDrift(store, { computed_at, model_version: VERSION } as Drift);
      });
    await judge('first');
    await judge('second');
    const found = async (key: string) => {
      const object = await bucket.read(key);
      return object === undefined || object === 'unchanged' ? undefined : JSON.parse(object.text).computed_at;
    };
    const both = () => Promise.all([found(`kpis/${DAY}.json`), found(`drift/${VERSION}.json`)]);
    expect(await both()).toEqual(['second', 'second']);
    await Promise.all(['third', 'fourth'].map(judge));
    const last = await both();
    expect(['third', 'fourth']).toEqual(expect.arrayContaining(last));
    bucket.close();
  });

  test('a publication that was interrupted is not seen, and the next run makes it whole', async () => {
    const { settings, bucket } = freshStore('publications');
    const id = `20260420T030000.000Z-${VERSION}`;
    await bucket.put(`calls/${id}/calls.arrow`, 'the beginning', 'nothing');
    bucket.close();
    expect(await withStore(settings, listPublications)).toEqual([]);
    await withStore(settings, (store) => savePublication(store, { ...PUBLICATION, id }, CALLS));
    await withStore(settings, async (store) => {
      expect(await listPublications(store)).toEqual([id]);
      expect((await fetchPublication(store, id)).calls.cards).toEqual(CALLS.cards);
    });
  });
});
