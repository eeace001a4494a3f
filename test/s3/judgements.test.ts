import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Drift, Kpis } from '../../packages/contracts/src/index.ts';
import { parseSettings } from '../../packages/core/src/index.ts';
import { openBucket } from '../../packages/s3/src/index.ts';
import { saveDrift, saveKpis, withStore } from '../../packages/store/src/index.ts';
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

const DAY = '2026-04-20';
const VERSION = 'ridge-2026-04-20-0123456789';

describe.skipIf(NO_S3 !== '')(`KPIs and drift on a real S3 server${NO_S3}`, () => {
  // Each run of a job is a process of its own, with a store that has seen nothing yet.
  test('take the place of those that an earlier run found, and of those that another one writes meanwhile', async () => {
    const settings = parseSettings({
      POKEWATCH_DATA: 's3://cards/judgements',
      POKEWATCH_S3_ENDPOINT: server.url,
      POKEWATCH_S3_CACHE: join(top, 'cache'),
      ...S3_KEYS,
    });
    const judge = (computed_at: string) =>
      withStore(settings, async (store) => {
        await saveKpis(store, DAY, { computed_at } as Kpis);
        await saveDrift(store, { computed_at, model_version: VERSION } as Drift);
      });
    await judge('first');
    await judge('second');
    const bucket = openBucket(settings);
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
});
