import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyRecord } from '@pokewatch/contracts';
import { PokewatchError } from '@pokewatch/core';
import { memoryLogger } from '@pokewatch/http/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createKey, revokeKey } from './edit.ts';
import { filePlace } from './key-file.ts';
import { KeyWatch } from './key-watch.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pokewatch-keys-'));
  path = join(folder, 'keys.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const now = new Date('2026-11-21T12:00:00Z');
const key = (records: readonly KeyRecord[] = []) => createKey(records, { name: 'shop', scopes: ['read'], now });

/** Puts the file in place as the command line does: whole, by a rename. */
function publish(records: readonly KeyRecord[]): void {
  writeFileSync(`${path}.new`, JSON.stringify({ keys: records }));
  renameSync(`${path}.new`, path);
}

async function watch() {
  const outcomes: string[] = [];
  const { logger, lines } = memoryLogger('info');
  const options = {
    place: filePlace(path),
    plain: ['plain'],
    logger,
    onRead: (outcome: string) => void outcomes.push(outcome),
  };
  return { watch: await KeyWatch.open(options), outcomes, lines };
}

test('new keys come in and revoked ones go, and nothing is read while the file stays', async () => {
  const { watch: keys, outcomes } = await watch();
  const first = key();
  publish(first.records);
  await keys.poll();
  expect(keys.ring.holderOf(first.text)?.id).toBe(first.record.id);
  const second = key(first.records);
  publish(second.records);
  await keys.poll();
  await keys.poll();
  expect(keys.ring.holderOf(second.text)?.id).toBe(second.record.id);
  publish(revokeKey(second.records, first.record.id, now).records);
  await keys.poll();
  expect([keys.ring.holderOf(first.text), keys.ring.holderOf('plain')?.id]).toEqual([undefined, 'plain-1']);
  expect(outcomes).toEqual(['success', 'success', 'success', 'success']);
});

test('a file of the same length, put in place within the same moment, is seen', async () => {
  const one = key();
  publish(one.records);
  const { watch: keys } = await watch();
  for (let i = 0; i < 50; i++) {
    const other = key();
    publish(other.records);
    await keys.poll();
    expect(keys.ring.holderOf(other.text)).toBeDefined();
  }
});

test.each(['', '{', '[]', '{"keys":[{"id":"x"}]}', 'pokewatch_00000000_pasted'])(
  'a damaged file changes nothing, is told once without what stands in it, and is forgotten once it is mended: %j',
  async (damage) => {
    const good = key();
    publish(good.records);
    const { watch: keys, outcomes, lines } = await watch();
    writeFileSync(path, damage);
    await keys.poll();
    await keys.poll();
    expect(keys.ring.holderOf(good.text)).toBeDefined();
    expect(outcomes).toEqual(['success', 'failure']);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'error', reason: expect.stringContaining(path) });
    expect(JSON.stringify(lines)).not.toContain('pasted');
    publish([]);
    await keys.poll();
    expect(keys.ring.holderOf(good.text)).toBeUndefined();
  },
);

test('a file that is deleted takes its keys with it', async () => {
  const good = key();
  publish(good.records);
  const { watch: keys } = await watch();
  rmSync(path);
  await keys.poll();
  expect(keys.ring.holderOf(good.text)).toBeUndefined();
});

test('a damaged file keeps a service from starting', async () => {
  writeFileSync(path, '{');
  await expect(watch()).rejects.toThrow(
    expect.objectContaining({ code: 'bad_data_file', hint: expect.stringContaining('keys create') }),
  );
});

test('an outage that comes again is told again, though the keys did not change in between', async () => {
  const { logger, lines } = memoryLogger('info');
  const away = new PokewatchError('store_unavailable', 'the bucket cannot be reached');
  const looks = [[], away, away, 'unchanged', away] as const;
  let next = 0;
  const place = {
    path: 's3://cards/keys/keys.json',
    poll_ms: 1000,
    async load() {
      const look = looks[next++]!;
      if (look instanceof Error) throw look;
      return look;
    },
  };
  const keys = await KeyWatch.open({ place, plain: [], logger });
  for (let i = 1; i < looks.length; i++) await keys.poll();
  expect(lines.filter((line) => JSON.stringify(line).includes('cannot be used'))).toHaveLength(2);
});
