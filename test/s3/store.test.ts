import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseSettings } from '../../packages/core/src/index.ts';
import { lockStore } from '../../packages/job/src/index.ts';
import { type DataStore, layout, openStore, publishFile, sha256 } from '../../packages/store/src/index.ts';
import { startProgram } from '../support/cli.ts';
import { NO_S3, S3_KEYS } from '../support/s3-server.ts';
import { useS3 } from '../support/use-s3.ts';

const s3 = useS3();
let stores = 0;
let name: string;
const opened: DataStore[] = [];

beforeEach(() => {
  name = `store-${stores++}`;
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

/** Opens the store of a test on a machine; each machine has a cache of its own. */
async function open(machine = 'one', env: Record<string, string> = {}): Promise<DataStore> {
  const store = await openStore(
    parseSettings({
      POKEWATCH_DATA: `s3://cards/${name}`,
      POKEWATCH_S3_ENDPOINT: s3.door.url,
      POKEWATCH_S3_CACHE: cacheOf(machine),
      ...S3_KEYS,
      ...env,
    }),
  );
  opened.push(store);
  return store;
}

const cacheOf = (machine: string) => join(s3.top, name, machine);
const cached = (machine: string) => readdirSync(join(cacheOf(machine), 'objects'));
const downloads = () => s3.door.passed.filter(({ path }) => path.includes('GetObject')).length;

/** Writes a version of features into a working copy: a file with some content, and a manifest. */
function writeVersion(store: DataStore, version: string, content: string): string {
  const folder = layout.features(store.root, version);
  publishFile(join(folder, 'daily.parquet'), content);
  publishFile(join(folder, 'manifest.json'), JSON.stringify({ sha256: sha256(content) }));
  return folder;
}

describe.skipIf(NO_S3 !== '')(`a store on a real S3 server${NO_S3}`, () => {
  test('what one machine publishes another one reads, and its second process has it without a download', async () => {
    const one = await open('one');
    await one.publishVersion(writeVersion(one, 'f-1', 'prices'));
    const two = await open('two');
    const folder = layout.features(two.root, 'f-1');
    await two.fetchFolder(folder);
    expect(readFileSync(join(folder, 'daily.parquet'), 'utf8')).toBe('prices');
    const before = downloads();
    for (const machine of ['one', 'two']) {
      const again = await open(machine);
      await again.fetchFolder(layout.features(again.root, 'f-1'));
      expect(readFileSync(join(layout.features(again.root, 'f-1'), 'daily.parquet'), 'utf8')).toBe('prices');
    }
    expect(downloads()).toBe(before);
  });

  test('a version is not seen before its manifest is there, and one that was half published is completed', async () => {
    const one = await open('one');
    const folder = writeVersion(one, 'f-1', 'prices');
    await one.publish(join(folder, 'daily.parquet'));
    const two = await open('two');
    await two.fetchFolder(layout.features(two.root, 'f-1'));
    expect(readdirSync(two.root)).toEqual([]);
    // The one that goes on may have written other bytes, as after an upgrade.
    await two.publishVersion(writeVersion(two, 'f-1', 'better prices'));
    const three = await open('three');
    await three.fetchFolder(layout.features(three.root, 'f-1'));
    expect(readFileSync(join(layout.features(three.root, 'f-1'), 'daily.parquet'), 'utf8')).toBe('better prices');
  });

  test('a version that is there stays as it is: the same is no fault, another one is a conflict', async () => {
    const one = await open('one');
    await one.publishVersion(writeVersion(one, 'f-1', 'prices'));
    const two = await open('two');
    await two.publishVersion(writeVersion(two, 'f-1', 'prices'));
    const three = await open('three');
    await expect(three.publishVersion(writeVersion(three, 'f-1', 'other prices'))).rejects.toMatchObject({
      code: 'store_conflict',
    });
    const four = await open('four');
    await four.fetchFolder(layout.features(four.root, 'f-1'));
    expect(readFileSync(join(layout.features(four.root, 'f-1'), 'daily.parquet'), 'utf8')).toBe('prices');
  });

  test('a pointer is replaced only by who has seen the one that stands there', async () => {
    const [one, two] = [await open('one'), await open('two')];
    const pointer = (store: DataStore) => layout.champion(store.root);
    for (const store of [one, two]) await store.fetch(pointer(store));
    publishFile(pointer(one), 'one');
    await one.publish(pointer(one));
    publishFile(pointer(two), 'two');
    const LOST = {
      code: 'store_conflict',
      message: expect.stringContaining(`s3://cards/${name}/models/champion.json`),
    };
    await expect(two.publish(pointer(two))).rejects.toMatchObject(LOST);
    await two.fetch(pointer(two));
    expect(readFileSync(pointer(two), 'utf8')).toBe('one');
    publishFile(pointer(two), 'two');
    await two.publish(pointer(two));
    publishFile(pointer(one), 'one again');
    await expect(one.publish(pointer(one))).rejects.toMatchObject(LOST);
  });

  test('a file of the cache that was damaged is fetched anew', async () => {
    const one = await open('one');
    await one.publishVersion(writeVersion(one, 'f-1', 'prices'));
    await one.close();
    for (const file of cached('one')) {
      const path = join(cacheOf('one'), 'objects', file);
      rmSync(path);
      writeFileSync(path, 'priceS');
    }
    const again = await open('one');
    await again.fetchFolder(layout.features(again.root, 'f-1'));
    expect(readFileSync(join(layout.features(again.root, 'f-1'), 'daily.parquet'), 'utf8')).toBe('prices');
  });

  test('an object that is not what was written is refused, and is not kept', async () => {
    const one = await open('one');
    await one.publishVersion(writeVersion(one, 'f-1', 'prices'));
    // Behind the back of the server, which goes on telling what was noted.
    writeFileSync(join(s3.server.folder, 'cards', name, 'features/f-1/daily.parquet'), 'priceS');
    const two = await open('two');
    await expect(two.fetchFolder(layout.features(two.root, 'f-1'))).rejects.toMatchObject({
      code: 'bad_data_file',
      message: expect.stringContaining(`s3://cards/${name}/features/f-1/daily.parquet`),
    });
    expect(cached('two').filter((file) => file.endsWith(sha256('priceS')))).toEqual([]);
  });

  test('the cache keeps to its bound, and what is in use stays', async () => {
    const one = await open('one');
    const versions = ['f-1', 'f-2', 'f-3'];
    for (const version of versions) await one.publishVersion(writeVersion(one, version, version.repeat(200_000)));
    const two = await open('two');
    for (const version of versions) await two.fetchFolder(layout.features(two.root, version));
    expect(cached('two')).toHaveLength(6);
    for (const file of cached('two')) utimesSync(join(cacheOf('two'), 'objects', file), 1, 1);
    const three = await open('two', { POKEWATCH_S3_CACHE_MB: '1' });
    await three.fetchFolder(layout.features(three.root, 'f-3'));
    await three.close();
    // Each is 0.6 MB: that of the version just used is left, and the younger of what is small.
    expect(cached('two').filter((file) => file.endsWith(sha256('f-3'.repeat(200_000))))).toHaveLength(1);
    expect(cached('two').filter((file) => file.endsWith(sha256('f-1'.repeat(200_000))))).toHaveLength(0);
    // Whoever holds a working copy is not touched by the sweep.
    expect(readFileSync(join(layout.features(two.root, 'f-1'), 'daily.parquet'), 'utf8')).toHaveLength(600_000);
  });

  test('many processes fill one cache at once, and each reads what it should', async () => {
    const one = await open('one');
    for (let i = 0; i < 10; i++) await one.publishVersion(writeVersion(one, `f-${i}`, `prices ${i}`));
    const readers = await Promise.all(Array.from({ length: 5 }, () => open('shared')));
    await Promise.all(
      readers.map(async (reader) => {
        for (let i = 0; i < 10; i++) {
          const folder = layout.features(reader.root, `f-${i}`);
          await reader.fetchFolder(folder);
          expect(readFileSync(join(folder, 'daily.parquet'), 'utf8')).toBe(`prices ${i}`);
        }
      }),
    );
    expect(cached('shared')).toHaveLength(20);
  });

  test('a working copy whose process was killed is removed by the next process of that machine', async () => {
    const work = join(cacheOf('one'), 'work');
    const { code } = await orphan();
    expect(code).toBeNull();
    expect(readdirSync(work)).toHaveLength(1);
    const store = await open('one');
    expect(readdirSync(work).map((entry) => join(work, entry))).toEqual([store.root]);
  });

  /** A process that opens the store and is killed. */
  async function orphan() {
    const script = `
      import { openStore } from ${JSON.stringify(new URL('../../packages/store/src/index.ts', import.meta.url).href)};
      import { parseSettings } from ${JSON.stringify(new URL('../../packages/core/src/index.ts', import.meta.url).href)};
      await openStore(parseSettings(process.env));
      process.kill(process.pid, 'SIGKILL');`;
    const env = {
      POKEWATCH_DATA: `s3://cards/${name}`,
      POKEWATCH_S3_ENDPOINT: s3.door.url,
      POKEWATCH_S3_CACHE: cacheOf('one'),
      ...S3_KEYS,
    };
    return startProgram(process.execPath, ['--input-type=module', '-e', script], { cwd: s3.top, env }).finished;
  }
});

describe.skipIf(NO_S3 !== '')(`a lock on a real S3 server${NO_S3}`, { timeout: 180_000 }, () => {
  const HELD = { code: 'job_locked', message: expect.stringContaining('is already running') };

  test('it is held by one, let go, and taken again; of many who want it one gets it', async () => {
    const [one, two] = [await open('one'), await open('two')];
    const lock = await lockStore(one, 'train');
    await expect(lockStore(two, 'train')).rejects.toMatchObject(HELD);
    await (await lockStore(two, 'tune')).release();
    await lock.release();
    const got = await Promise.allSettled(Array.from({ length: 10 }, (_, i) => lockStore(i % 2 ? one : two, 'train')));
    expect(got.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('one whose owner on another machine has not beaten for a minute of the server is taken over', async () => {
    const store = await open();
    const lock = { id: 'x', owner: { pid: 1, host: 'elsewhere', born: '' }, beat: 1 };
    await store.bucket!.put('locks/train.lock', JSON.stringify(lock), 'nothing');
    await expect(lockStore(store, 'train')).rejects.toMatchObject(HELD);
    const object = join(s3.server.folder, 'cards', name, 'locks/train.lock');
    const written_at = (age_s: number) => utimesSync(object, Date.now() / 1000 - age_s, Date.now() / 1000 - age_s);
    written_at(50);
    await expect(lockStore(store, 'train')).rejects.toMatchObject(HELD);
    written_at(65);
    await (await lockStore(store, 'train')).release();
  });

  test('signs of life whose answers were lost do not make its owner believe that it was taken over', async () => {
    const store = await open();
    const lock = await lockStore(store, 'train');
    const beats = Promise.withResolvers<void>();
    let lost = 0;
    s3.door.decide = ({ method }) => {
      if (method !== 'PUT') return 'pass';
      lost += 1;
      // Three tries of the first beat are lost, though the first of them is done; the next beat comes through.
      if (lost > 3) beats.resolve();
      return lost <= 3 ? 'lose' : 'pass';
    };
    await beats.promise;
    await lock.release();
    expect(lock.lost!.aborted).toBe(false);
    await (await lockStore(store, 'train')).release();
  });

  test('one that was taken over tells its former owner, who leaves the new one alone', async () => {
    const [one, two] = [await open('one'), await open('two')];
    const lost = await lockStore(one, 'train');
    await one.bucket!.remove('locks/train.lock');
    const lock = await lockStore(two, 'train');
    await new Promise((resolve) => lost.lost!.addEventListener('abort', resolve));
    await lost.release();
    await expect(lockStore(one, 'train')).rejects.toMatchObject(HELD);
    await lock.release();
  });
});
