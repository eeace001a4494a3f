import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { TermColumns } from '../../../packages/contracts/src/index.ts';
import { publishModel, readChampion, setChampion } from '../../../packages/store/src/index.ts';
import { sampleModel } from '../../../services/model/src/testing/sample-model.ts';

const TOP = fileURLToPath(new URL('../../..', import.meta.url));
const TERMS_A_CARD = 45;
const SHOWN = 12;

/** A model of the watch-list and 150 simulated days up to `now`, made by the jobs; it becomes the champion. */
export async function trainDemo(data: string, now: string): Promise<string> {
  const env = {
    PATH: process.env.PATH ?? '',
    POKEWATCH_DATA: data,
    POKEWATCH_CARDS: join(TOP, 'config', 'cards.yaml'),
    POKEWATCH_SOURCE: 'demo',
    POKEWATCH_DEMO_DAYS: '150',
    POKEWATCH_NOW: now,
    MODEL_SERVICE_URL: 'http://127.0.0.1:9',
    LOG_LEVEL: 'error',
  };
  for (const job of ['collector', 'preprocess', 'train']) {
    const child = spawn(process.execPath, [join(TOP, 'jobs', job, 'src', 'main.ts')], { env, stdio: 'ignore' });
    const [code] = await once(child, 'close');
    if (code !== 0 && code !== 3) throw new Error(`${job} ended with ${code}`);
  }
  const champion = readChampion(data);
  if (champion === undefined) throw new Error('train made no champion');
  return champion.model_version;
}

/** Publishes a made-up model of many cards with explanations, and makes it the champion. */
export async function publishLarge(data: string, version: string, count: number, days: number): Promise<void> {
  const cards = Array.from({ length: count }, (_, card) => `set${card % 300}_${card}_card`);
  const { manifest, table, horizons, curves } = sampleModel({ cards, days, version });
  const names = Array.from({ length: TERMS_A_CARD }, (_, i) => curves.terms[i]?.term ?? `term_${i}`);
  const terms: TermColumns = {
    names,
    ends: Uint32Array.from({ length: count }, (_, card) => (card + 1) * TERMS_A_CARD),
    shown: Uint32Array.from({ length: count }, (_, card) => card * TERMS_A_CARD + SHOWN),
    term: Int16Array.from({ length: count * TERMS_A_CARD }, (_, row) => row % TERMS_A_CARD),
    value: new Float32Array(count * TERMS_A_CARD).fill(0.1),
    units: new Int32Array(count * TERMS_A_CARD),
    cents: new Int32Array(count * TERMS_A_CARD),
  };
  for (const [card, { to }] of table.cards.entries()) {
    terms.cents[card * TERMS_A_CARD] = Math.round(table.fair[to - 1]! * 100) - Math.round(table.market[to - 1]! * 100);
    terms.units[card * TERMS_A_CARD] = 1000;
  }
  const known = { ...curves, terms: names.map((term, i) => curves.terms[i] ?? { ...curves.terms[0]!, term }) };
  await publishModel(data, { manifest, table, terms, horizons, curves: known, extras: {} });
  promote(data, version);
}

/** Makes a version the champion now. */
export function promote(data: string, model_version: string): void {
  setChampion(data, { model_version, promoted_at: new Date().toISOString(), reason: 'a benchmark' });
}
