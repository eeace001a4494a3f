import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { parseSettings } from '../../packages/core/src/index.ts';
import { type Bucket, openBucket } from '../../packages/s3/src/index.ts';
import { NO_S3, S3_KEYS } from '../support/s3-server.ts';
import { useS3 } from '../support/use-s3.ts';

const s3 = useS3();
const opened: Bucket[] = [];

afterEach(() => {
  for (const bucket of opened.splice(0)) bucket.close();
});

/** A bucket below a prefix of its own for each test. */
function open(env: Record<string, string> = {}): Bucket {
  const prefix = expect.getState().currentTestName?.replace(/\W+/g, '-').slice(-60);
  const bucket = openBucket(
    parseSettings({ POKEWATCH_DATA: `s3://cards/${prefix}`, POKEWATCH_S3_ENDPOINT: s3.door.url, ...S3_KEYS, ...env }),
  );
  opened.push(bucket);
  return bucket;
}

describe.skipIf(NO_S3 !== '')(`a bucket of a real S3 server${NO_S3}`, () => {
  test('an object is written only where nothing is, or in place of the one that was read', async () => {
    const bucket = open();
    const first = await bucket.put('a.json', 'one', 'nothing');
    expect(await bucket.put('a.json', 'two', 'nothing')).toBeUndefined();
    const second = await bucket.put('a.json', 'two', { etag: first! });
    expect(await bucket.put('a.json', 'three', { etag: first! })).toBeUndefined();
    expect(await bucket.read('a.json')).toMatchObject({ text: 'two', etag: second });
    expect(await bucket.read('a.json', second)).toBe('unchanged');
    await bucket.remove('a.json');
    await bucket.remove('a.json');
    expect(await bucket.read('a.json')).toBeUndefined();
    expect(await bucket.put('a.json', 'three', { etag: second! })).toBeUndefined();
  });

  test('of twenty who write at once exactly one succeeds', async () => {
    const bucket = open();
    const writes = await Promise.all(Array.from({ length: 20 }, (_, i) => bucket.put('a', `by ${i}`, 'nothing')));
    expect(writes.filter((etag) => etag !== undefined)).toHaveLength(1);
    const won = writes.findIndex((etag) => etag !== undefined);
    expect(await bucket.read('a')).toMatchObject({ text: `by ${won}` });
  });

  test('listings go on past the first thousand, and name folders once', async () => {
    const bucket = open();
    const names = Array.from({ length: 1005 }, (_, i) => `deep/${String(i).padStart(4, '0')}`);
    for (let from = 0; from < names.length; from += 50)
      await Promise.all(names.slice(from, from + 50).map((key) => bucket.put(key, 'x', 'nothing')));
    await bucket.put('top.json', 'x', 'nothing');
    expect((await bucket.list('deep/')).map(({ key }) => key)).toEqual(names);
    expect(await bucket.names('')).toEqual(['deep', 'top.json']);
    expect(await bucket.list('de')).toHaveLength(1005);
    expect(await bucket.names('deeper/')).toEqual([]);
  });

  test('a file goes up and comes down with its hash, whatever its size', async () => {
    const bucket = open();
    for (const bytes of [0, 1, 7_000_000]) {
      const path = join(s3.top, `up-${bytes}`);
      writeFileSync(path, Buffer.alloc(bytes, 'prices '));
      const { createHash } = await import('node:crypto');
      const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
      const etag = await bucket.put(`file-${bytes}`, { path, sha256 }, 'nothing');
      const down = await bucket.download(`file-${bytes}`, join(s3.top, 'down'));
      expect(down).toEqual({ etag, sha256, noted_sha256: sha256 });
      expect(readFileSync(join(s3.top, 'down')).equals(readFileSync(path))).toBe(true);
    }
    expect(await bucket.download('none', join(s3.top, 'none'))).toBeUndefined();
  });

  test('a body that is not what was hashed never becomes an object', async () => {
    const bucket = open();
    const path = join(s3.top, 'damaged');
    writeFileSync(path, 'what arrives');
    await expect(bucket.put('a', { path, sha256: '0'.repeat(64) }, 'nothing')).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('XAmzContentSHA256Mismatch'),
    });
    expect(await bucket.names('')).toEqual([]);
  });

  test.each(['text', 'file'])('a write whose answer was lost is known to have been done (%s)', async (kind) => {
    const bucket = open();
    const path = join(s3.top, 'lost');
    writeFileSync(path, 'once');
    const { sha256 } = await import('../../packages/store/src/files.ts');
    const data = kind === 'text' ? 'once' : { path, sha256: sha256('once') };
    let lost = 0;
    s3.door.decide = ({ method }) => (method === 'PUT' && lost++ === 0 ? 'lose' : 'pass');
    const etag = await bucket.put('a', data, 'nothing');
    expect(lost).toBe(2);
    expect(await bucket.read('a')).toMatchObject({ text: 'once', etag });
  });

  test('connections that break are tried again, three times in all', async () => {
    const bucket = open();
    let cut = 0;
    s3.door.decide = () => (cut++ < 2 ? 'cut' : 'pass');
    expect(await bucket.names('')).toEqual([]);
    cut = Number.NEGATIVE_INFINITY;
    let tried = 0;
    s3.door.decide = () => {
      tried += 1;
      return 'cut';
    };
    await expect(bucket.names('')).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(tried).toBe(3);
  });

  test('a server that went away is store_unavailable, and is found again when it is back', async () => {
    const bucket = open({ POKEWATCH_S3_ENDPOINT: s3.server.url });
    await bucket.put('a', 'x', 'nothing');
    await s3.server.kill();
    const GONE = { code: 'store_unavailable', message: expect.stringContaining('cannot be reached') };
    await expect(bucket.read('a')).rejects.toMatchObject(GONE);
    await expect(bucket.put('b', 'x', 'nothing')).rejects.toMatchObject(GONE);
    await expect(bucket.list('')).rejects.toMatchObject(GONE);
    await s3.server.start();
    expect(await bucket.read('a')).toMatchObject({ text: 'x' });
  });

  test.each([
    ['a wrong secret', { AWS_SECRET_ACCESS_KEY: 'AbCdEfGh-wrong-secret' }],
    ['a key id that nobody has', { AWS_ACCESS_KEY_ID: 'AKIA-nobody', AWS_SECRET_ACCESS_KEY: 'AbCdEfGh-wrong-secret' }],
  ])('%s is store_denied, and no secret stands in what is told', async (_name, env) => {
    const bucket = open(env);
    const errors = await Promise.all(
      [bucket.read('a'), bucket.list(''), bucket.put('a', 'x', 'nothing'), bucket.download('a', join(s3.top, 'x'))].map(
        (asked) =>
          asked.then(
            () => undefined,
            (error: unknown) => error,
          ),
      ),
    );
    for (const error of errors) {
      expect(error).toMatchObject({ code: 'store_denied', hint: expect.stringContaining('AWS_ACCESS_KEY_ID') });
      expect(inspect(error, { depth: 9 })).not.toContain('AbCdEfGh');
    }
  });

  test('without keys nothing is asked of a server that is not AWS', () => {
    const given = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
    expect(() => open(given)).toThrow(expect.objectContaining({ code: 'store_denied' }));
  });

  test('a bucket that is not there is store_missing, for reading and for writing', async () => {
    const bucket = open({ POKEWATCH_DATA: 's3://nowhere/prefix' });
    const MISSING = { code: 'store_missing', message: expect.stringContaining('s3://nowhere/prefix') };
    await expect(bucket.read('a')).rejects.toMatchObject(MISSING);
    await expect(bucket.list('')).rejects.toMatchObject(MISSING);
    await expect(bucket.put('a', 'x', 'nothing')).rejects.toMatchObject(MISSING);
    await expect(bucket.put('a', 'x', { etag: '"x"' })).rejects.toMatchObject(MISSING);
  });
});
