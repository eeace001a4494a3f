import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { publishFile, publishFolder } from './files.ts';
import { publishModel } from './models.ts';
import { listRaw, writeRaw } from './raw.ts';
import {
  SAMPLE_CURVES,
  sampleCard,
  sampleManifest,
  samplePrice,
  sampleTable,
  sampleTerms,
} from './testing/sample-rows.ts';

const isRoot = process.getuid?.() === 0;
const probe = mkdtempSync(join(tmpdir(), 'pokewatch-probe-'));
const canMount = isRoot && tryMount(probe, 'size=64k');
if (canMount) execFileSync('umount', [probe]);
afterAll(() => rmSync(probe, { recursive: true, force: true }));

let root: string;
let mounted: boolean;

beforeEach(() => {
  mounted = false;
  root = mkdtempSync(join(tmpdir(), 'pokewatch-disk-'));
});
afterEach(() => {
  if (mounted) execFileSync('umount', [root]);
  else chmodSync(root, 0o755);
  rmSync(root, { recursive: true, force: true });
});

function tryMount(path: string, options: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const STORAGE = { code: 'storage', hint: expect.stringContaining('POKEWATCH_DATA') };
const RUN = { source: 'import', collected: '2026-04-20', run_id: 'r-1' };
/** Random prices do not compress, so the file outgrows the disk. */
const MANY = Array.from({ length: 60_000 }, (_, i) => samplePrice({ card_id: String(i), market: Math.random() }));

test.skipIf(!canMount)('on a full disk (needs the right to mount one) nothing half-written is left', async () => {
  mounted = tryMount(root, 'size=256k');
  const full = { ...STORAGE, message: expect.stringContaining('the disk is full') };
  expect(() => publishFile(join(root, 'a.json'), 'x'.repeat(1_000_000))).toThrow(expect.objectContaining(full));
  await expect(
    publishFolder(join(root, 'v'), async (to) => publishFile(join(to, 'a'), 'x'.repeat(1_000_000))),
  ).rejects.toMatchObject(full);
  expect(readdirSync(root)).toEqual([]);
  await expect(writeRaw(root, RUN, MANY, [sampleCard()])).rejects.toMatchObject(full);
  expect(listRaw(root)).toEqual([]);
  const ids = Array.from({ length: 20_000 }, (_, i) => `id ${String(i).padStart(6, '0')}`);
  const table = sampleTable(ids, 1);
  const model = { manifest: sampleManifest(), table, terms: sampleTerms(table), curves: SAMPLE_CURVES, extras: {} };
  await expect(publishModel(root, model)).rejects.toMatchObject(full);
  expect(readdirSync(join(root, 'models'))).toEqual([]);
});

test.skipIf(isRoot && !canMount)(
  'in a read-only folder (root needs the right to mount one) every write is a storage error',
  async () => {
    if (isRoot) mounted = tryMount(root, 'ro,size=64k');
    else chmodSync(root, 0o555);
    expect(() => publishFile(join(root, 'runs', 'a.json'), '')).toThrow(expect.objectContaining(STORAGE));
    await expect(publishFolder(join(root, 'v'), async () => {})).rejects.toMatchObject(STORAGE);
    await expect(writeRaw(root, RUN, [samplePrice()], [sampleCard()])).rejects.toMatchObject(STORAGE);
    expect(readdirSync(root)).toEqual([]);
  },
);
