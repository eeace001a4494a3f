import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { says } from './testing/bad-peer.ts';
import { ask, type Bench, createBench, nobody, ok } from './testing/bench.ts';

let bench: Bench;

beforeEach(async () => {
  bench = await createBench();
});
afterEach(() => bench.close());

describe('GET /health', () => {
  test.each([
    ['both are there', {}, 'ok', { model: 'ok', decision: 'ok' }, true],
    ['the model is gone', { model: 'gone' }, 'degraded', { model: 'down', decision: 'ok' }, false],
    ['the decision is gone', { decision: 'gone' }, 'degraded', { model: 'ok', decision: 'down' }, true],
    ['the model hangs', { model: 'hangs' }, 'degraded', { model: 'slow', decision: 'ok' }, false],
    ['both hang', { model: 'hangs', decision: 'hangs' }, 'error', { model: 'slow', decision: 'slow' }, false],
    ['both talk nonsense', { model: 'lies', decision: 'lies' }, 'error', { model: 'down', decision: 'down' }, false],
  ])(
    'says within a second that %s',
    async (_name, how: { model?: string; decision?: string }, status, services, model_loaded) => {
      const urls: { model?: string; decision?: string } = {};
      for (const peer of ['model', 'decision'] as const) {
        if (how[peer] === 'gone') urls[peer] = await nobody();
        if (how[peer] === 'hangs') urls[peer] = (await bench.bad(() => {})).url;
        if (how[peer] === 'lies') urls[peer] = (await bench.bad(says(200, '<html>'))).url;
      }
      const answer = await ask(await bench.gateway(urls), '/health');
      expect(answer).toMatchObject({ status: 200, body: { status, services, model_loaded } });
      expect(answer.took_ms).toBeLessThan(1000);
    },
  );

  test('is degraded while no model is loaded', async () => {
    const empty = { status: 'unhealthy', model_loaded: false, cards_count: 0, model_version: null };
    const answer = await ask(await bench.gateway({ model: (await bench.bad(ok(empty))).url }), '/health');
    expect(answer.body).toEqual({
      status: 'degraded',
      model_loaded: false,
      cards_count: 0,
      services: { model: 'ok', decision: 'ok' },
    });
  });
});
