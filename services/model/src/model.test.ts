import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseSettings } from '@pokewatch/core';
import { apiJudge, memoryLogger, type Served, serve } from '@pokewatch/http/testing';
import { setChampion } from '@pokewatch/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createModelApp } from './index.ts';
import { publishSample } from './testing/sample-model.ts';
import { SAMPLE_CURVES } from './testing/sample-terms.ts';

let root: string;
let served: Served | undefined;
let lines: Record<string, unknown>[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-model-'));
});
afterEach(async () => {
  await served?.close();
  rmSync(root, { recursive: true, force: true });
});

async function start(env: Record<string, string> = {}): Promise<void> {
  const memory = memoryLogger();
  lines = memory.lines;
  const settings = parseSettings({ POKEWATCH_DATA: root, POKEWATCH_RELOAD_POLL_MS: '60000', ...env });
  served = await serve(await createModelApp({ settings, logger: memory.logger }));
}

async function ask(method: string, path: string, json?: string, headers: Record<string, string> = {}) {
  const answer = await fetch(served!.url + path, {
    method,
    headers: { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(json === undefined ? {} : { body: json }),
  });
  const text = await answer.text();
  const content_type = answer.headers.get('content-type') ?? '';
  const fault = apiJudge(await served!.service.app.openapi())({
    method,
    path,
    status: answer.status,
    content_type,
    text,
  });
  expect(fault).toBeUndefined();
  return { status: answer.status, text, body: /[/+]json\b/.test(content_type) ? JSON.parse(text) : undefined };
}

const metric = async (line: string) => (await ask('GET', '/metrics')).text.includes(line);

describe('with a champion', () => {
  beforeEach(async () => {
    await publishSample(root);
    await start();
  });

  test('POST /predict answers a prediction, and 404 with the reason where there is none', async () => {
    const good = await ask('POST', '/predict', '{"card_id":"alpha","date":null}');
    expect(good.body).toMatchObject({ card_id: 'alpha', date: '2026-04-20', market_price: 10.04, fair_price: 10.62 });
    expect(Object.keys(good.body).slice(0, 4)).toEqual(['card_id', 'date', 'market_price', 'fair_price']);
    const unknown = await ask('POST', '/predict', '{"card_id":"x"}');
    expect([unknown.status, unknown.body.detail]).toEqual([404, 'Unknown card_id: x']);
    const noDay = await ask('POST', '/predict', '{"card_id":"beta","date":"2026-04-19"}');
    expect([noDay.status, noDay.body.detail]).toEqual([404, 'No data found for card_id=beta on date=2026-04-19']);
    expect((await ask('POST', '/predict', '{"card_id":"beta","date":"2026-02-30"}')).status).toBe(422);
  });

  test.each(['[%]', '{"requests":[%]}'])('POST /batch_predict takes %s and answers in order', async (shape) => {
    const items = '{"card_id":"gamma"},{"card_id":"x"},{"card_id":"alpha"},{"card_id":"beta","date":"2026-04-19"}';
    const { body } = await ask('POST', '/batch_predict', shape.replace('%', items), { 'x-request-id': 'r1' });
    expect(body.map((item: Record<string, unknown>) => item.code ?? item.card_id)).toEqual([
      'gamma',
      'unknown_card',
      'alpha',
      'no_data_for_date',
    ]);
    expect(body[1]).toMatchObject({ status: 404, detail: 'Unknown card_id: x', request_id: 'r1' });
    expect(body[2]).toEqual((await ask('POST', '/predict', '{"card_id":"alpha"}')).body);
  });

  test('POST /batch_predict takes 500 requests, and refuses 501 and other shapes', async () => {
    const many = (count: number) => JSON.stringify(Array(count).fill({ card_id: 'alpha' }));
    expect((await ask('POST', '/batch_predict', many(500))).body).toHaveLength(500);
    expect((await ask('POST', '/batch_predict', many(501))).body.errors[0].message).toBe('must have at most 500 items');
    expect((await ask('POST', '/batch_predict', `{"requests":${many(501)}}`)).status).toBe(422);
    expect((await ask('POST', '/batch_predict', '{}')).body.errors).toEqual([
      { path: '/requests', message: 'is required' },
    ]);
    expect((await ask('POST', '/batch_predict', '[{"card_id":1}]')).body.errors).toEqual([
      { path: '/0/card_id', message: 'must be a string' },
    ]);
    expect((await ask('POST', '/batch_predict', '[]')).text).toBe('[]');
  });

  test('POST /predict carries as much of the explanation as is asked for', async () => {
    const rows = async (explain: string) =>
      (await ask('POST', '/predict', `{"card_id":"alpha","explain":"${explain}"}`)).body.reasons?.length;
    expect(await Promise.all(['short', 'full', 'none'].map(rows))).toEqual([7, 8, 0]);
    const horizons = async (fields: string) =>
      (await ask('POST', '/predict', `{"card_id":"alpha"${fields}}`)).body.horizons?.length;
    const asked = ['', ',"explain":"full"', ',"explain":"none"', ',"date":"2026-04-18"'];
    expect(await Promise.all(asked.map(horizons))).toEqual([3, 3, undefined, undefined]);
    const wrong = await ask('POST', '/predict', '{"card_id":"alpha","explain":"long"}');
    expect([wrong.status, wrong.body.errors]).toEqual([
      422,
      [{ path: '/explain', message: 'must be one of short, full, none' }],
    ]);
  });

  test('GET /model answers the curves, of the new model after a reload', async () => {
    const { body } = await ask('GET', '/model');
    expect(body).toEqual({ model_version: 'v1', ...SAMPLE_CURVES });
    await publishSample(root, { version: 'v2' });
    await ask('POST', '/reload');
    expect((await ask('GET', '/model')).body.model_version).toBe('v2');
  });

  test('GET /cards, /list_cards, /health and /readyz', async () => {
    expect((await ask('GET', '/cards')).text).toBe('{"cards":["alpha","beta","gamma"],"count":3}');
    expect((await ask('GET', '/list_cards')).text).toBe('{"cards":["alpha","beta","gamma"],"total":3}');
    expect((await ask('GET', '/health')).text).toBe(
      '{"status":"healthy","model_loaded":true,"cards_count":3,"model_version":"v1"}',
    );
    expect((await ask('GET', '/readyz')).status).toBe(200);
    expect(await metric('pokewatch_model_info{model_version="v1"')).toBe(true);
  });

  test('POST /reload serves the new champion, whatever empty body it comes with', async () => {
    await publishSample(root, { version: 'v2', cards: ['alpha', 'omega'], factor: 2 });
    const answer = await ask('POST', '/reload', undefined, { 'content-type': 'application/x-www-form-urlencoded' });
    expect(answer.text).toBe('{"status":"reloaded","cards_count":2,"model_version":"v2"}');
    expect((await ask('POST', '/predict', '{"card_id":"alpha"}')).body).toMatchObject({ model_version: 'v2' });
    expect((await ask('POST', '/reload', '')).status).toBe(200);
    expect(await metric('pokewatch_model_reloads_total{trigger="call",outcome="success",service="model"} 2')).toBe(
      true,
    );
    expect(await metric('pokewatch_model_info{model_version="v1"')).toBe(false);
  });

  const damage: [string, () => void, RegExp][] = [
    ['a truncated file', () => truncateSync(join(root, 'models/v2/predictions.arrow'), 100), /predictions\.arrow/],
    ['a changed byte', () => appendFileSync(join(root, 'models/v2/terms.arrow'), 'x'), /terms\.arrow/],
    ['a changed horizon', () => appendFileSync(join(root, 'models/v2/horizons.arrow'), 'x'), /horizons\.arrow/],
    ['a missing file', () => rmSync(join(root, 'models/v2/cards.arrow')), /cards\.arrow is missing/],
    ['a half-written manifest', () => truncateSync(join(root, 'models/v2/manifest.json'), 50), /manifest/],
    ['a missing version', () => rmSync(join(root, 'models/v2'), { recursive: true }), /manifest\.json/],
    ['a pointer that is no JSON', () => writeFileSync(join(root, 'models/champion.json'), '{'), /champion\.json/],
    ['no pointer', () => rmSync(join(root, 'models/champion.json')), /no model yet/],
    [
      'a manifest that is not the one promoted',
      () => {
        const path = join(root, 'models/v2/manifest.json');
        writeFileSync(path, readFileSync(path, 'utf8').replace('ridge', 'other'));
      },
      /not the one promoted/,
    ],
  ];
  test.each(damage)(
    'POST /reload with %s answers 500 with the reason, and the old model stays',
    async (_name, harm, reason) => {
      await publishSample(root, { version: 'v2', factor: 2 });
      harm();
      const answer = await ask('POST', '/reload');
      expect(answer).toMatchObject({ status: 500, body: { code: 'reload_failed' } });
      expect(answer.body.detail).toMatch(reason);
      expect(answer.body.detail).toContain('model v1 stays');
      expect((await ask('POST', '/predict', '{"card_id":"alpha"}')).body.model_version).toBe('v1');
      expect((await ask('GET', '/readyz')).status).toBe(200);
      expect(await metric('pokewatch_model_reloads_total{trigger="call",outcome="failure",service="model"} 1')).toBe(
        true,
      );
    },
  );

  test('the line that a reload logs has the id of its request', async () => {
    await ask('POST', '/reload', undefined, { 'x-request-id': 'who-asked' });
    const loaded = lines.filter(({ msg }) => msg === 'model loaded');
    expect(loaded.at(-1)).toMatchObject({ trigger: 'call', request_id: 'who-asked' });
  });

  test('POST /reload with an earlier promotion is refused, and the newer model stays', async () => {
    await publishSample(root, { version: 'v0', factor: 2 });
    const path = join(root, 'models/champion.json');
    const old = { ...JSON.parse(readFileSync(path, 'utf8')), promoted_at: '2026-04-20T23:59:59Z' };
    writeFileSync(path, JSON.stringify(old));
    const answer = await ask('POST', '/reload');
    expect(answer).toMatchObject({ status: 500, body: { code: 'reload_failed' } });
    expect(answer.body.detail).toMatch(/v0 was promoted at .*, before the one that serves.*model v1 stays/);
    expect((await ask('POST', '/predict', '{"card_id":"alpha"}')).body.model_version).toBe('v1');
    expect(await metric('pokewatch_model_refusals_total{reason="model_refused",service="model"} 1')).toBe(true);
    expect(await metric('pokewatch_model_refusals_total{reason="bad_data_file",service="model"} 0')).toBe(true);
    setChampion(root, { model_version: 'v0', promoted_at: '2026-04-21T00:00:01Z', reason: 'on purpose' });
    expect((await ask('POST', '/reload')).body.model_version).toBe('v0');
  });

  test('a batch is answered as an array, or one a line when that is asked for, with the same predictions', async () => {
    const requests = [
      ...['alpha', 'x', 'beta', 'alpha'].map((card_id) => ({ card_id })),
      { card_id: 'gamma', date: '2020-01-01' },
      { card_id: 'gamma', explain: 'full' },
    ];
    const array = await ask('POST', '/batch_predict', JSON.stringify(requests), { 'x-request-id': 'r' });
    const lines = await ask('POST', '/batch_predict', JSON.stringify(requests), {
      'x-request-id': 'r',
      accept: 'application/x-ndjson',
    });
    expect(
      lines.text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    ).toEqual(array.body);
    expect(lines.text.endsWith('\n')).toBe(true);
    expect(array.body[0]).toEqual((await ask('POST', '/predict', '{"card_id":"alpha"}')).body);
  });

  test('answers under load while models change are whole: every one is from one version', async () => {
    await publishSample(root, { version: 'v2', factor: 2 });
    const fair = { v1: 10.62, v2: 21.24 } as Record<string, number>;
    let running = true;
    const seen = new Set<string>();
    const ids = JSON.stringify(Array(50).fill({ card_id: 'alpha' }));
    const clients = Array.from({ length: 4 }, async () => {
      while (running) {
        const answer = await fetch(`${served!.url}/batch_predict`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: ids,
        });
        const items = (await answer.json()) as { model_version: string; fair_price: number }[];
        expect(new Set(items.map((item) => item.model_version)).size).toBe(1);
        for (const item of items) expect(item.fair_price).toBe(fair[item.model_version]);
        seen.add(items[0]!.model_version);
      }
    });
    for (let round = 0; round < 20; round++) {
      const model_version = round % 2 === 0 ? 'v2' : 'v1';
      setChampion(root, { model_version, promoted_at: '2026-04-21T00:00:00Z', reason: 'a test' });
      expect((await ask('POST', '/reload')).status).toBe(200);
    }
    running = false;
    await Promise.all(clients);
    expect(seen).toEqual(new Set(['v1', 'v2']));
  });
});

describe('without a champion', () => {
  test('it starts, is not ready, and says so in every answer', async () => {
    await start();
    expect((await ask('GET', '/livez')).status).toBe(200);
    expect((await ask('GET', '/readyz')).body).toMatchObject({ status: 503, code: 'model_not_loaded' });
    expect((await ask('GET', '/health')).body).toEqual({
      status: 'unhealthy',
      model_loaded: false,
      cards_count: 0,
      model_version: null,
    });
    for (const [method, path, json] of [
      ['POST', '/predict', '{"card_id":"a"}'],
      ['POST', '/batch_predict', '[]'],
      ['GET', '/model'],
      ['GET', '/cards'],
      ['GET', '/list_cards'],
    ] as const)
      expect((await ask(method, path, json)).body).toMatchObject({ status: 503, code: 'model_not_loaded' });
    expect((await ask('POST', '/reload')).body).toMatchObject({ status: 500, code: 'reload_failed' });
  });

  test('it finds the first champion by itself, and every later one', async () => {
    await start({ POKEWATCH_RELOAD_POLL_MS: '50' });
    await publishSample(root);
    await eventually(async () => (await ask('GET', '/readyz')).status === 200);
    await publishSample(root, { version: 'v2' });
    await eventually(async () => (await ask('GET', '/health')).body.model_version === 'v2');
    expect(await metric('pokewatch_model_reloads_total{trigger="poll",outcome="success",service="model"} 2')).toBe(
      true,
    );
  });

  test('it keeps the old model while the poll finds a damaged one, logs that once, and adopts it when it is mended', async () => {
    await publishSample(root);
    await start({ POKEWATCH_RELOAD_POLL_MS: '30' });
    await publishSample(root, { version: 'v2' });
    const pointer = readFileSync(join(root, 'models/champion.json'), 'utf8');
    await eventually(async () => (await ask('GET', '/health')).body.model_version === 'v2');
    writeFileSync(join(root, 'models/champion.json'), pointer.slice(0, 30));
    await sleep(300);
    expect((await ask('GET', '/health')).body.model_version).toBe('v2');
    expect(lines.filter((line) => String(line.reason).includes('champion.json'))).toHaveLength(1);
    await publishSample(root, { version: 'v3' });
    await eventually(async () => (await ask('GET', '/health')).body.model_version === 'v3');
  });
});

async function eventually(check: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 30_000; performance.now() < end; await sleep(20)) if (await check()) return;
  throw new Error('it did not happen within 30 s');
}
