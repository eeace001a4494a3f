import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Node } from '../support/s3-jobs.ts';
import { NO_S3, type S3Server, startS3 } from '../support/s3-server.ts';

/** Enough for three windows before the days that models are judged on. */
const ENOUGH = { POKEWATCH_DEMO_DAYS: '270' };
const TRIALS = 3;

let server: S3Server;
const nodes: Node[] = [];

beforeAll(async () => {
  if (NO_S3 === '') server = await startS3();
});
afterAll(async () => {
  for (const node of nodes) node.remove();
  if (NO_S3 === '') await server.remove();
});

async function withFeatures(node: Node): Promise<Node> {
  nodes.push(node);
  for (const name of ['collector', 'preprocess'] as const) {
    const { code, out, err } = await node.job(name).finished;
    expect(code, out + err).toBe(0);
  }
  return node;
}

const search = (node: Node, trials = TRIALS) => node.command(['tune', '--trials', String(trials)]);

/** A file of the only search under a folder, once it is there. */
async function found(folder: string, name: string): Promise<string> {
  for (const until = performance.now() + 120_000; performance.now() < until; await sleep(20)) {
    const [path] = existsSync(folder) ? globSync(join(folder, 'tuning/*', name)) : [];
    if (path !== undefined) return readFileSync(path, 'utf8');
  }
  throw new Error(`no ${name} in ${folder}`);
}

const untimed = (text: string) => text.replaceAll(/\([\d.]+ s\)/g, '');

describe.skipIf(NO_S3 !== '')(`a search of settings on a real S3 server${NO_S3}`, { timeout: 300_000 }, () => {
  test('a search that is killed goes on on another node, and ends as one on a folder does, to the byte', async () => {
    const alone = await withFeatures(new Node('', 'data', ENOUGH));
    const data = join(alone.folder, 'data');
    expect((await search(alone).finished).code).toBe(0);

    const one = await withFeatures(new Node(server.url, 's3://cards/tuned', ENOUGH));
    const objects = join(server.folder, 'cards/tuned');
    const dying = search(one, 50);
    const times = await found(objects, 'times.jsonl');
    dying.child.kill('SIGKILL');
    await dying.finished;
    expect(globSync(join(objects, 'tuning/*/result.json'))).toEqual([]);

    const two = new Node(server.url, 's3://cards/tuned', ENOUGH);
    nodes.push(two);
    const { code, out, err } = await search(two).finished;
    expect(code, out + err).toBe(0);
    // A trial that was done is not done again: that would have taken another time.
    expect((await found(objects, 'times.jsonl')).startsWith(times)).toBe(true);
    for (const name of ['trials.jsonl', 'result.json'])
      expect(await found(objects, name)).toBe(await found(data, name));
    // Whoever asks again, on whichever node, gets what is there.
    expect(untimed((await search(one).finished).out)).toBe(untimed(out));
    expect(await found(objects, 'trials.jsonl')).toBe(await found(data, 'trials.jsonl'));
  });
});
