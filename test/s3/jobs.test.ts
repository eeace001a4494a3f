import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashesOf } from '../faults/support/job.ts';
import type { Fate, Passed } from '../support/s3-door.ts';
import { Node } from '../support/s3-jobs.ts';
import { NO_S3 } from '../support/s3-server.ts';
import { useS3 } from '../support/use-s3.ts';

/** What the pipeline of a fresh store ends with: too little is known for a model, so “no change” serves. */
const FRESH = [0, 0, 3];

const s3 = useS3();
let local: Record<string, string>;
const nodes: Node[] = [];
let prefixes = 0;

/** Nodes with caches of their own that share a new store, through the door or past it. */
function share(count: number, endpoint = s3.server.url): { nodes: Node[]; objects: string } {
  const prefix = `store-${prefixes++}`;
  const made = Array.from({ length: count }, () => new Node(endpoint, `s3://cards/${prefix}`));
  nodes.push(...made);
  return { nodes: made, objects: join(s3.server.folder, 'cards', prefix) };
}

/** Hashes of all that is for good. */
function kept(folder: string): Record<string, string> {
  const parts = ['raw', 'features', 'models', 'sources', 'calls', 'kpis', 'drift'];
  return Object.fromEntries(Object.entries(hashesOf(folder)).filter(([path]) => parts.includes(path.split('/')[0]!)));
}

/** Names at the top that hold files; locks are let go in a folder by removing them. */
function parts(folder: string): string[] {
  return [...new Set(Object.keys(hashesOf(folder)).map((path) => path.split('/')[0]!))]
    .filter((name) => name !== 'locks')
    .sort();
}

beforeAll(async () => {
  if (NO_S3 !== '') return;
  const node = new Node('', join(s3.top, 'data'));
  nodes.push(node);
  expect(await node.pipeline()).toEqual(FRESH);
  local = kept(join(s3.top, 'data'));
});
afterAll(() => {
  for (const node of nodes) node.remove();
});

const isWrite = ({ method }: Passed) => method === 'PUT' || method === 'DELETE';

describe.skipIf(NO_S3 !== '')(`jobs on a real S3 server${NO_S3}`, { timeout: 240_000 }, () => {
  test('a bucket holds what a data folder holds, to the byte, whichever node did what', async () => {
    const {
      nodes: [one, two],
      objects,
    } = share(2);
    expect((await one!.job('collector').finished).code).toBe(0);
    expect((await two!.job('preprocess').finished).code).toBe(0);
    expect((await one!.job('train').finished).code).toBe(3);
    expect(kept(objects)).toEqual(local);
    expect(parts(objects)).toEqual(parts(join(s3.top, 'data')));
    // Working copies go when their processes go.
    expect(readdirSync(join(one!.env.POKEWATCH_S3_CACHE!, 'work'))).toEqual([]);
    expect(await two!.pipeline()).toEqual([0, 0, 3]);
    expect(kept(objects)).toEqual(local);
  });

  test('jobs killed at each write in turn, before it is done or after it, lose and mix nothing', async () => {
    const { nodes: shared, objects } = share(2, s3.door.url);
    for (const name of ['collector', 'preprocess', 'train'] as const) {
      for (let kill_at = 1, done = false; !done; kill_at++) {
        const before = kill_at % 2 === 0;
        let writes = 0;
        const running = shared[kill_at % 4 < 2 ? 0 : 1]!.job(name);
        s3.door.decide = (passed) => {
          if (!isWrite(passed) || ++writes < kill_at) return 'pass';
          if (before) running.child.kill('SIGKILL');
          else setTimeout(() => running.child.kill('SIGKILL'), 50);
          return before ? 'swallow' : 'lose';
        };
        const { code, err, out } = await running.finished;
        done = code !== null;
        expect([null, 0, 3], out + err).toContain(code);
        expectNothingHalf(objects);
      }
    }
    expect(kept(objects)).toEqual(local);
  }, 600_000);

  /** Whatever a reader can see is whole: versions with manifests have all their files, pointers name such versions. */
  function expectNothingHalf(objects: string): void {
    const hashes = existsSync(objects) ? hashesOf(objects) : {};
    for (const path of Object.keys(hashes).filter((one) => one.endsWith('manifest.json'))) {
      const { files } = JSON.parse(readFileSync(join(objects, path), 'utf8')) as {
        files: { name: string; sha256: string }[];
      };
      for (const { name, sha256 } of files) expect(hashes[path.replace('manifest.json', name)]).toBe(sha256);
    }
    for (const [pointer, key] of [
      ['features/current.json', 'version'],
      ['models/champion.json', 'model_version'],
    ] as const) {
      if (hashes[pointer] === undefined) continue;
      const version = JSON.parse(readFileSync(join(objects, pointer), 'utf8'))[key];
      expect(hashes[`${pointer.split('/')[0]}/${version}/manifest.json`]).toBeDefined();
    }
    for (const path of Object.keys(hashes).filter((one) => one.startsWith('raw/prices') && one.endsWith('.parquet')))
      expect(hashes[path.replace('/prices/', '/cards/')]).toBeDefined();
  }

  test('of two trainers started at once one works and the other is told who does', async () => {
    const {
      nodes: [one, two],
      objects,
    } = share(2);
    for (const name of ['collector', 'preprocess'] as const) await one!.job(name).finished;
    const ended = await Promise.all([one!.job('train').finished, two!.job('train').finished]);
    expect(ended.map(({ code }) => code).sort()).toEqual([3, 4]);
    expect(ended.find(({ code }) => code === 4)!.out).toMatch(/train is already running \(process \d+ on /);
    expect(kept(objects)).toEqual(local);
  });

  test('a trainer that lost its lock while it stood still does not overwrite what the other one promoted', async () => {
    const {
      nodes: [one],
      objects,
    } = share(1, s3.door.url);
    for (const name of ['collector', 'preprocess'] as const) await one!.job(name).finished;
    const two = new Node(s3.server.url, one!.env.POKEWATCH_DATA!);
    nodes.push(two);
    const reached = Promise.withResolvers<void>();
    const go_on = Promise.withResolvers<void>();
    s3.door.decide = async ({ method, path }): Promise<Fate> => {
      if (method !== 'PUT' || !path.includes('/models/champion.json')) return 'pass';
      reached.resolve();
      await go_on.promise;
      return 'pass';
    };
    const first = one!.job('train');
    await reached.promise;
    // As a person would who takes the first one for gone.
    rmSync(join(objects, 'locks/train.lock'));
    const second = await two.job('train', { POKEWATCH_NOW: '2026-04-20T13:00:00Z' }).finished;
    expect(second.code).toBe(3);
    const champion = readFileSync(join(objects, 'models/champion.json'), 'utf8');
    go_on.resolve();
    const { code, out } = await first.finished;
    expect(code).toBe(5);
    // Which of the two it notices first depends on how long the other one took.
    expect(out).toMatch(/written by somebody else meanwhile; theirs stays|another run took its place/);
    expect(readFileSync(join(objects, 'models/champion.json'), 'utf8')).toBe(champion);
    expectNothingHalf(objects);
  });

  test.each([
    ['a day ahead', 86_400_000],
    ['a day behind', -86_400_000],
  ])('a node whose clock is %s works on, and takes no lock that is held', async (_name, offset_ms) => {
    const {
      nodes: [node],
      objects,
    } = share(1);
    const skewed = { CLOCK_OFFSET_MS: String(offset_ms) };
    expect(await node!.pipeline(skewed)).toEqual(FRESH);
    expect(kept(objects)).toEqual(local);
    const lock = join(objects, 'locks/train.lock');
    writeFileSync(lock, JSON.stringify({ id: 'x', owner: { pid: 1, host: 'elsewhere', born: '' }, beat: 1 }));
    const { code, out } = await node!.job('train', skewed).finished;
    expect(code).toBe(4);
    expect(out).toContain('process 1 on elsewhere');
  });

  test('wrong keys, a lost bucket and a server that is away are told at once, with exit codes to act on', async () => {
    const {
      nodes: [node],
    } = share(1);
    const denied = await node!.job('train', { AWS_SECRET_ACCESS_KEY: 'AbCdEfGh-wrong-secret' }).finished;
    expect(denied.code).toBe(2);
    expect(denied.out).toMatch(/the server refuses these keys/);
    expect(denied.out + denied.err).not.toContain('AbCdEfGh');
    const bucket = join(s3.server.folder, 'cards');
    renameSync(bucket, `${bucket}-lost`);
    try {
      const missing = await node!.job('collector').finished;
      expect(missing.code).toBe(2);
      expect(missing.out).toMatch(/there is no such bucket/);
      const doctor = await node!.command(['doctor']).finished;
      expect(doctor.code).toBe(1);
      expect(doctor.out).toMatch(/fail +data bucket .*there is no such bucket\n +Make the bucket/);
    } finally {
      renameSync(`${bucket}-lost`, bucket);
    }
    const away = await node!.job('train', { POKEWATCH_S3_ENDPOINT: 'http://127.0.0.1:9' }).finished;
    expect(away.code).toBe(5);
    expect(away.out).toMatch(/cannot be reached \(ECONNREFUSED\)/);
    expect((await node!.command(['doctor']).finished).out).toMatch(/ok +data bucket .*also on condition/);
  });
});
