import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explainedTerms } from '../jobs/train/src/explained-terms.ts';
import { predictionTable } from '../jobs/train/src/prediction-rows.ts';
import type { FairPrice, ModelCurves, TermCurve } from '../packages/contracts/src/index.ts';
import { createLogger, parseSettings } from '../packages/core/src/index.ts';
import { emptyPredictions, namedCurves } from '../packages/fair-value/src/index.ts';
import { type Served, serve } from '../packages/http/src/testing/index.ts';
import {
  currentFeatures,
  publishModel,
  readChampion,
  readModelManifest,
  readPanel,
  setChampion,
} from '../packages/store/src/index.ts';
import { withPool } from '../packages/walk-forward/src/index.ts';
import { createDecisionApp } from '../services/decision/src/index.ts';
import { createGatewayApp } from '../services/gateway/src/index.ts';
import { createModelApp } from '../services/model/src/index.ts';
import { ROOT, runCli } from './support/cli.ts';

// What docs/explanations.md does by hand, for every card of the simulated market, from live answers of the gateway.

const folder = mkdtempSync(join(tmpdir(), 'pokewatch-explanations-'));
const pipeline = join(folder, 'data');
const running: Served[] = [];

beforeAll(async () => {
  expect((await runCli(['start', '--once'], { cwd: folder })).code).toBe(0);
});
afterAll(async () => {
  for (const served of running) await served.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The three services over HTTP on the data under `root`; the address of the gateway. */
async function start(root: string): Promise<string> {
  const logger = createLogger({ service: 'test', level: 'silent' });
  const model = await serve(await createModelApp({ settings: parseSettings({ POKEWATCH_DATA: root }), logger }));
  const decision = await serve(await createDecisionApp({ settings: parseSettings({}), logger }));
  const settings = parseSettings({ MODEL_SERVICE_URL: model.url, DECISION_SERVICE_URL: decision.url });
  const gateway = await serve(await createGatewayApp({ settings, logger }));
  running.push(gateway, decision, model);
  return gateway.url;
}

/** A store whose champion is the model of curves, fitted on the features of the pipeline, whatever won there. */
async function curvesStore(): Promise<string> {
  const root = join(folder, 'curves');
  const { manifest } = readModelManifest(pipeline, readChampion(pipeline)!.model_version);
  const panel = await readPanel(pipeline, currentFeatures(pipeline)!);
  const horizon_days = 14;
  const { predictions, terms, curves } = await withPool(
    panel,
    { threads: 1, signal: new AbortController().signal },
    (pool) =>
      pool.run({
        kind: 'latest',
        forecaster: { name: 'curves' },
        horizon_days,
        history: emptyPredictions(0, horizon_days),
      }),
  );
  const model = 'curves';
  const table = predictionTable({ panel, flags: panel.flags, model, walked: [], latest: predictions });
  const named = namedCurves(curves!, model);
  const version = 'curves-1';
  await publishModel(root, {
    manifest: { ...manifest, version, model },
    table,
    terms: explainedTerms(panel, table, terms!, named),
    curves: named,
    extras: {},
  });
  setChampion(root, { model_version: version, promoted_at: '2026-11-21T00:00:00Z', reason: 'a test' });
  return root;
}

async function ask<T>(url: string, body?: unknown): Promise<T> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(url, body === undefined ? {} : init);
  expect(answer.status).toBe(200);
  return (await answer.json()) as T;
}

const inCents = (amount: number) => Math.round(amount * 100);
const inUnits = (log_return: number) => Math.round(log_return * 1e8);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** The height of a curve at a value: straight between knots, level beyond the outer ones. */
function heightAt({ knots, heights }: TermCurve, value: number): number {
  const right = knots.findIndex((knot) => knot > value);
  if (right === 0) return heights[0]!;
  if (right < 0) return heights.at(-1)!;
  const share = (value - knots[right - 1]!) / (knots[right]! - knots[right - 1]!);
  return heights[right - 1]! + share * (heights[right]! - heights[right - 1]!);
}

describe.each([
  ['the champion', async () => pipeline],
  ['the model of curves', curvesStore],
])('by hand, every answer of %s', (_name, rootOf) => {
  let url: string;
  let full: FairPrice[];
  let short: FairPrice[];
  let model: ModelCurves;

  beforeAll(async () => {
    url = await start(await rootOf());
    const { cards } = await ask<{ cards: string[] }>(`${url}/cards`);
    const all = (explain: string) => cards.map((card_id) => ({ card_id, explain }));
    full = await ask(`${url}/fair_price/batch`, all('full'));
    short = await ask(`${url}/fair_price/batch`, all('short'));
    model = await ask(`${url}/model`);
  });

  test('is the market price × exp(log return), to the cent', () => {
    expect(full).toHaveLength(40);
    for (const { market_price, fair_price, log_return } of full)
      expect(inCents(market_price * Math.exp(log_return))).toBe(inCents(fair_price));
  });

  test('has reasons and groups that add up to the difference and to the log return, exactly', () => {
    for (const answer of [...full, ...short]) {
      const { market_price, fair_price, log_return, reasons, groups } = answer;
      for (const rows of [reasons, groups] as readonly (readonly { amount: number; log_return: number }[])[]) {
        expect(sum(rows.map((row) => inCents(row.amount)))).toBe(inCents(fair_price) - inCents(market_price));
        expect(sum(rows.map((row) => inUnits(row.log_return)))).toBe(inUnits(log_return));
      }
      for (const { group, amount, log_return: part } of groups) {
        const rows = reasons.filter((reason) => reason.group === group);
        expect(sum(rows.map((row) => inCents(row.amount)))).toBe(inCents(amount));
        expect(sum(rows.map((row) => inUnits(row.log_return)))).toBe(inUnits(part));
      }
    }
  });

  test('is the same in short and in full, but for the terms that are told one by one', () => {
    for (const [index, { reasons, missing, restlessness: _, ...rest }] of full.entries()) {
      const { reasons: few, missing: counted, ...same } = short[index]!;
      expect(rest).toEqual(same);
      const told = few.filter((reason) => reason.value !== null);
      expect(reasons).toEqual(expect.arrayContaining(told));
      expect(few.length).toBeLessThan(20);
      expect(missing!.map(({ names: _names, ...group }) => group)).toEqual(counted);
      for (const { terms, names } of missing!) expect(names).toHaveLength(terms);
    }
  });

  test('follows from the values of its terms and the curves of GET /model, to the eighth decimal', () => {
    let terms = 0;
    for (const { reasons, restlessness, model: speaker, model_version, fair_price, market_price } of full) {
      expect(model_version).toBe(model.model_version);
      const curves = model.speakers.find((one) => one.model === speaker)?.curves ?? [];
      const heights = reasons.flatMap(({ term, value, log_return: told }) => {
        if (value === null) return [];
        const curve = curves.find((one) => one.term === term)!;
        return [{ told, height: heightAt(curve, value) * (curve.scaled ? restlessness! : 1) }];
      });
      const falls = heights.reduce((sum, { height }) => sum + height, 0) < 0;
      const factor = falls && model.restlessness !== null ? restlessness! ** model.restlessness.fall_power : 1;
      let log_return = 0;
      for (const { told, height } of heights) {
        const part = height * factor;
        expect(Math.abs(part - told)).toBeLessThan(5e-8);
        log_return += part;
        terms++;
      }
      expect(Math.abs(market_price * Math.exp(log_return) - fair_price)).toBeLessThan(0.005 + fair_price * 1e-6);
    }
    expect(terms).toBeGreaterThan(40 * 20);
  });

  test('has the restlessness that the formula gives', () => {
    const formula = model.restlessness;
    for (const { reasons, restlessness } of full) {
      if (formula === null || reasons.length === 0) {
        expect(restlessness).toBeNull();
        continue;
      }
      const value = reasons.find((reason) => reason.term === formula.term)?.value;
      const move = value == null ? formula.unknown_step : Math.max(0, Math.exp(value) - formula.log_floor);
      const by_hand = (formula.floor + formula.steps * Math.min(formula.most_step, move)) / formula.usual;
      expect(restlessness).toBeCloseTo(by_hand, 7);
    }
  });
});

describe('docs/explanations.md', () => {
  const page = readFileSync(join(ROOT, 'docs/explanations.md'), 'utf8');
  const [answer, curve] = [...page.matchAll(/```json\n(.*)\n```/g)].map((block) => JSON.parse(block[1]!)) as [
    FairPrice,
    TermCurve,
  ];
  const number = (text: string) => Number(text.replaceAll('*', '').replace('−', '-'));
  const rows = [...page.matchAll(/^\| (\*\*|`)(\w+)\1 \| (.*) \| (\S+) \| (\S+) \|$/gm)].map((row) => ({
    group: row[1] === '**',
    term: row[2]!,
    log_return: inUnits(number(row[4]!)),
    cents: inCents(number(row[5]!)),
  }));

  test('has a table whose groups add up to the answer, and whose reasons add up to their group', () => {
    const groups = rows.filter((row) => row.group);
    expect(groups.map((row) => row.term).sort()).toEqual(['listings', 'market', 'own', 'set']);
    expect(sum(groups.map((row) => row.cents))).toBe(inCents(answer.fair_price) - inCents(answer.market_price));
    expect(sum(groups.map((row) => row.log_return))).toBe(inUnits(answer.log_return));
    for (const group of groups) {
      const from = rows.indexOf(group) + 1;
      const next = rows.findIndex((row, at) => at >= from && row.group);
      const own = rows.slice(from, next < 0 ? rows.length : next);
      expect(own.length).toBeGreaterThan(1);
      expect(sum(own.map((row) => row.cents))).toBe(group.cents);
      expect(sum(own.map((row) => row.log_return))).toBe(group.log_return);
    }
    expect(inCents(answer.market_price * Math.exp(answer.log_return))).toBe(inCents(answer.fair_price));
  });

  test('follows a value through its curve to the log return and the amount that are told', () => {
    const value = Number(/`value` ([\d.]+)/.exec(page)![1]);
    const told = rows.find((row) => row.term === curve.term)!;
    expect(Math.abs(inUnits(heightAt(curve, value)) - told.log_return)).toBeLessThanOrEqual(1);
    const mean = (answer.fair_price - answer.market_price) / answer.log_return;
    expect(page).toContain(`= ${mean.toFixed(4)}.`);
    expect(inCents((mean * told.log_return) / 1e8)).toBe(told.cents);
  });
});
