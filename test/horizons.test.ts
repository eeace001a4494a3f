import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DOWN_MOVE, type FairPrice, type Horizon, UP_MOVE } from '../packages/contracts/src/index.ts';
import { createLogger, epochDay, parseSettings } from '../packages/core/src/index.ts';
import { type Served, serve } from '../packages/http/src/testing/index.ts';
import { layout, readChampion } from '../packages/store/src/index.ts';
import { createDecisionApp } from '../services/decision/src/index.ts';
import { createGatewayApp } from '../services/gateway/src/index.ts';
import { createModelApp } from '../services/model/src/index.ts';
import { runCli } from './support/cli.ts';

// What the fair prices of several horizons promise each other, for every card of the simulated market, from live answers.

const folder = mkdtempSync(join(tmpdir(), 'pokewatch-horizons-'));
const root = join(folder, 'data');
const running: Served[] = [];
let answers: FairPrice[];
let url: string;

beforeAll(async () => {
  expect((await runCli(['start', '--once'], { cwd: folder })).code).toBe(0);
  const logger = createLogger({ service: 'test', level: 'silent' });
  const model = await serve(await createModelApp({ settings: parseSettings({ POKEWATCH_DATA: root }), logger }));
  const decision = await serve(await createDecisionApp({ settings: parseSettings({}), logger }));
  const settings = parseSettings({ MODEL_SERVICE_URL: model.url, DECISION_SERVICE_URL: decision.url });
  const gateway = await serve(await createGatewayApp({ settings, logger }));
  running.push(gateway, decision, model);
  url = gateway.url;
  const { cards } = (await (await fetch(`${url}/cards`)).json()) as { cards: string[] };
  answers = (await post(
    '/fair_price/batch',
    cards.map((card_id) => ({ card_id })),
  )) as FairPrice[];
});
afterAll(async () => {
  for (const served of running) await served.close();
  rmSync(folder, { recursive: true, force: true });
});

async function post(path: string, body: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
  return answer.json();
}

test('every card is answered for 7, 14 and 30 days, that of the answer as it stands', () => {
  expect(answers.length).toBeGreaterThan(30);
  for (const { date, horizon_days, fair_price, lower, upper, p_up, p_down, horizons } of answers) {
    expect(horizons!.map((one) => one.horizon_days)).toEqual([7, 14, 30]);
    for (const one of horizons!) expect(epochDay(one.date) - epochDay(date)).toBe(one.horizon_days);
    const own = horizons!.find((one) => one.horizon_days === horizon_days);
    expect(own).toMatchObject({ fair_price, lower, upper, p_up, p_down });
  }
  expect(answers.some(({ horizons }) => new Set(horizons!.map((one) => one.fair_price)).size === 3)).toBe(true);
});

/** Steps that rounding to the cent may make. */
const CENT = 0.011;

test('fair prices turn once at most on their way, and bands never get narrower', () => {
  for (const { market_price, horizons } of answers) {
    const path = [market_price, ...horizons!.map((one) => one.fair_price)];
    const steps = path.slice(1).map((price, i) => price - path[i]!);
    const signs = steps.filter((step) => Math.abs(step) > CENT).map(Math.sign);
    expect(signs.filter((sign, i) => i > 0 && sign !== signs[i - 1]).length).toBeLessThanOrEqual(1);
    for (const side of [(one: Horizon) => one.fair_price / one.lower, (one: Horizon) => one.upper / one.fair_price])
      for (const [i, longer] of horizons!.entries())
        if (i > 0) {
          const shorter = horizons![i - 1]!;
          const rounding = (2 * CENT) / Math.min(shorter.lower, longer.lower);
          expect(Math.log(side(longer))).toBeGreaterThanOrEqual(Math.log(side(shorter)) - rounding);
        }
  }
});

test('chances say what the bands say, and never add up to more than one', () => {
  for (const { market_price, horizons } of answers)
    for (const { lower, upper, p_up, p_down } of horizons!) {
      expect(p_up + p_down).toBeLessThanOrEqual(1.0001);
      const [up, down] = [market_price * Math.exp(UP_MOVE), market_price * Math.exp(DOWN_MOVE)];
      if (lower > up + CENT) expect(p_up).toBeGreaterThan(0.85);
      if (upper < up - CENT) expect(p_up).toBeLessThan(0.15);
      if (upper < down - CENT) expect(p_down).toBeGreaterThan(0.85);
      if (lower > down + CENT) expect(p_down).toBeLessThan(0.15);
    }
});

test('they are of the latest day only, left out on request, and change nothing else', async () => {
  const [{ card_id, date, horizons: _, ...rest }] = answers as [FairPrice];
  const ask = async (body: object) => (await post('/fair_price', { card_id, ...body })) as FairPrice;
  const before = new Date((epochDay(date) - 1) * 86_400_000).toISOString().slice(0, 10);
  expect((await ask({ date: before })).horizons).toBeNull();
  expect(await ask({ date })).toEqual(answers[0]);
  const bare = await ask({ explain: 'none' });
  expect(bare).not.toHaveProperty('horizons');
  const { reasons: _reasons, groups: _groups, missing: _missing, ...same } = rest;
  expect(bare).toMatchObject(same);
});

test('the command line prints them as one small table', async () => {
  const { card_id, horizons } = answers[0]!;
  for (const command of ['fair-price', 'explain']) {
    const { code, out } = await runCli([command, card_id], { cwd: folder });
    expect(code).toBe(0);
    for (const { date, fair_price } of horizons!)
      expect(out).toMatch(new RegExp(`\\d+  ${date} +${fair_price.toFixed(2).replace('.', '\\.')}`));
  }
});

test('the same data give the same bytes', async () => {
  const { model_version } = readChampion(root)!;
  const bytes = () => readFileSync(join(layout.model(root, model_version), 'horizons.arrow'));
  const first = bytes();
  rmSync(layout.models(root), { recursive: true });
  expect((await runCli(['train'], { cwd: folder })).code).toBe(0);
  expect(readChampion(root)!.model_version).toBe(model_version);
  expect(bytes().equals(first)).toBe(true);
});
