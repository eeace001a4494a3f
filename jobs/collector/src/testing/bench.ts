import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, parseSettings } from '@pokewatch/core';
import { type Fake, type Modes, startFake } from '@pokewatch/fake-source';
import type { JobProcess, Progress } from '@pokewatch/job';
import { fileList, listRaw, queryRows, withDuck } from '@pokewatch/store';
import { readWatchlist } from '@pokewatch/watchlist';
import { afterEach, beforeEach } from 'vitest';
import { type CollectOptions, collect } from '../collect.ts';

/** The watch-list of the repository. */
export const CARDS_FILE = new URL('../../../../config/cards.yaml', import.meta.url).pathname;
const { cards: CARDS } = readWatchlist(CARDS_FILE);

/** What a test runs the collector on; made anew for each test by `useBench`. */
export const bench = {
  root: '',
  fake: undefined as Fake | undefined,
  env: {} as Record<string, string>,
  /** The time by the collector's and the fake's clock, in milliseconds. */
  now: 0,
};
const clock = { now: () => new Date(bench.now) };

/** Gives each test of a file an empty data folder, and takes everything down after it. */
export function useBench(): void {
  beforeEach(() => {
    bench.root = mkdtempSync(join(tmpdir(), 'pokewatch-collect-'));
    bench.env = {
      POKEWATCH_CARDS: CARDS_FILE,
      POKEWATCH_DEMO_DAYS: '120',
      POKEMON_PRICE_API_KEY: 'test-key-0123456789',
    };
    bench.now = Date.parse('2026-11-21T10:00:00Z');
  });
  afterEach(async () => {
    rmSync(bench.root, { recursive: true, force: true });
    await bench.fake?.close();
    bench.fake = undefined;
  });
}

/** Starts the fake of a source and has the collector use it. */
export async function startSource(name: string, modes: Modes = {}): Promise<void> {
  const fake = await startFake(name, { cards: CARDS, clock, modes });
  bench.fake = fake;
  bench.env = { ...bench.env, POKEWATCH_SOURCE: name, [fake.setting]: fake.url };
}

interface Circumstances {
  readonly stopAt?: number;
  readonly onCollected?: () => void;
  readonly options?: CollectOptions;
}

/** One run; `stopAt` stops it when that many parts are done. Waiting takes no time but moves the clock. */
export function run({ stopAt, onCollected, options }: Circumstances = {}) {
  const stop = new AbortController();
  const progress: Progress = {
    update(done, total) {
      if (done === stopAt) stop.abort();
      if (done === total) onCollected?.();
    },
    end() {},
  };
  const given: JobProcess = {
    settings: parseSettings({ POKEWATCH_DATA: bench.root, ...bench.env }),
    clock,
    logger: createLogger({ service: 'collector', level: 'silent' }),
    progress,
    stop: stop.signal,
  };
  const wait = async (ms: number) => {
    bench.now += ms;
  };
  return collect(given, { ...options, tools: { random: () => 0.5, wait } });
}

/** All rows of raw, as sorted JSON. */
export async function storedRows(columns = '* exclude (run_id, observed_at)'): Promise<string[]> {
  const files = listRaw(bench.root).map((file) => file.path);
  if (files.length === 0) return [];
  const rows = await withDuck((duck) =>
    queryRows(duck, `select ${columns} from read_parquet(${fileList(files)}, hive_partitioning = false)`),
  );
  return rows.map((row) => JSON.stringify(row)).sort();
}

/** Names and hashes of all files of a folder tree below the data folder. */
export function hashes(...folders: string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const folder of folders) {
    for (const name of readdirSync(join(bench.root, folder), { recursive: true, withFileTypes: true })) {
      const path = join(name.parentPath, name.name);
      if (name.isFile())
        found[path.slice(bench.root.length)] = createHash('sha256').update(readFileSync(path)).digest('hex');
    }
  }
  return found;
}

/** Requests for cards that the fake answered. */
export const billed = () =>
  bench.fake!.requests.filter((request) => request.url.includes('/cards?') && request.status === 200);
