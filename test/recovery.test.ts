import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collect } from '../jobs/collector/src/index.ts';
import { preprocessWatched } from '../jobs/preprocess/src/index.ts';
import { train } from '../jobs/train/src/index.ts';
import { createLogger, dayFromEpoch, epochDay, fixedClock, parseSettings } from '../packages/core/src/index.ts';
import { demoMarket, faultSchedule } from '../packages/demo-market/src/index.ts';
import { spearman } from '../packages/evaluation/src/index.ts';
import { type JobProcess, noProgress } from '../packages/job/src/index.ts';
import { demoCard } from '../packages/sources/src/index.ts';
import { type LoadedModel, loadModel, readChampion } from '../packages/store/src/index.ts';
import { readWatchlist } from '../packages/watchlist/src/index.ts';

const ROOT = join(import.meta.dirname, '..');
const TODAY = '2026-11-21';
const JUDGED_DAYS = 90;
let root: string;
let model: LoadedModel;
let flags: Readonly<Record<string, number>>;

const { cards } = readWatchlist(join(ROOT, 'config/cards.yaml'));
const seed = parseSettings({}).POKEWATCH_DEMO_SEED;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-recovery-'));
  const given: JobProcess = {
    settings: parseSettings({
      POKEWATCH_DATA: root,
      POKEWATCH_CARDS: join(ROOT, 'config/cards.yaml'),
      MODEL_SERVICE_URL: 'http://127.0.0.1:9',
    }),
    clock: fixedClock(`${TODAY}T09:00:00Z`),
    logger: createLogger({ service: 'test', level: 'silent' }),
    progress: noProgress,
    stop: new AbortController().signal,
  };
  expect(await collect(given, { source: 'demo' })).toMatchObject({ exit_code: 0 });
  const preprocessed = await preprocessWatched(given);
  expect(preprocessed).toMatchObject({ exit_code: 0 });
  flags = preprocessed.flags;
  expect(await train(given)).toMatchObject({ exit_code: 0 });
  model = loadModel(root, readChampion(root)!.model_version);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('the pipeline finds what moves the simulated market: its forecasts agree with the hidden expectation', () => {
  const market = demoMarket(seed, cards.map(demoCard), epochDay(TODAY));
  const [ours, hidden]: [number[], number[]] = [[], []];
  const { table, manifest } = model;
  for (const card of table.cards) {
    for (let row = card.from; row < card.to; row++) {
      const day = table.day[row]!;
      if (day <= epochDay(TODAY) - JUDGED_DAYS || table.flags[row] !== 0) continue;
      ours.push(Math.log(table.fair[row]! / table.market[row]!));
      hidden.push(
        market.expectedLogQuote(card.card_id, day, manifest.horizon_days) - market.logQuote(card.card_id, day),
      );
    }
  }
  expect(ours.length).toBeGreaterThan(3000);
  expect(spearman(ours, hidden)).toBeGreaterThan(0.7);
});

test('its explanations name the listings, which lead prices in the simulated market', () => {
  const weight = new Map<string, number>();
  const { terms, curves } = model;
  for (const [row, term] of terms.term.entries()) {
    const { group } = curves.terms[term]!;
    weight.set(group, (weight.get(group) ?? 0) + Math.abs(terms.units[row]!));
  }
  expect(weight.get('listings')!).toBeGreaterThan(weight.get('own')!);
});

test('preprocess finds the faults that were put in', () => {
  const faults = faultSchedule(seed);
  const days = Array.from({ length: parseSettings({}).POKEWATCH_DEMO_DAYS }, (_, i) => epochDay(TODAY) - i);
  const planted = (kind: string) =>
    cards.flatMap((card) =>
      days.filter((day) => {
        const found = faults(card.id, day) as string[];
        return found.includes(kind) && !found.some((other) => other === 'gap' || other === 'outage');
      }),
    ).length;
  expect(flags.wrong_printing).toBe(planted('wrong_printing'));
  expect(flags.outlier).toBeGreaterThanOrEqual(planted('outlier') * 0.8);
  expect(flags.outlier).toBeLessThanOrEqual(planted('outlier') * 1.2);
  expect(flags.duplicate).toBeGreaterThan(0);
  expect(flags.stale).toBeGreaterThan(0);
});

test('the simulated market reaches up to today', () => {
  const newest = Math.max(...model.table.cards.map((card) => model.table.day[card.to - 1]!));
  expect(dayFromEpoch(newest)).toBe(TODAY);
});
