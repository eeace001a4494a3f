import { parseSettings } from '@pokewatch/core';
import { createApp, startTracing } from '@pokewatch/http';
import {
  type Collector,
  memoryLogger,
  type SentSpan,
  type Served,
  serve,
  startCollector,
} from '@pokewatch/http/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGatewayApp, injectPeer } from './index.ts';
import { ask, type Bench, createBench, nobody } from './testing/bench.ts';
import { fakePrediction } from './testing/fake-peers.ts';

let bench: Bench;
let collector: Collector;
let closing: Served[];
beforeEach(async () => {
  bench = await createBench();
  collector = await startCollector();
  closing = [];
});
afterEach(async () => {
  for (const served of closing) await served.close();
  await collector.close();
  await bench.close();
});

/** A gateway that sends its traces to the collector; `spans` asks it for those so far, and may be called once. */
async function traced(env: Record<string, string>, peers?: Parameters<typeof createGatewayApp>[0]['peers']) {
  const settings = parseSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...env });
  const { logger } = memoryLogger();
  const tracing = await startTracing('gateway', settings, logger);
  const served = await serve(await createGatewayApp({ settings, logger, tracing, ...(peers && { peers }) }));
  closing.push(served);
  const spans = async (): Promise<SentSpan[]> => {
    await tracing!.end(10_000);
    return collector.spans;
  };
  return { served, spans };
}

const named = (spans: readonly SentSpan[], name: string) => spans.filter((span) => span.name === name);

test('a call that failed and the one that was made instead are both in the trip', async () => {
  const { served, spans } = await traced({
    MODEL_SERVICE_URL: `${await nobody()},${bench.model.url}`,
    DECISION_SERVICE_URL: bench.decision.url,
    POKEWATCH_PEER_TIMEOUT_MS: '30000',
  });
  for (let i = 0; i < 2; i++) expect((await ask(served)).status).toBe(200);
  const all = await spans();
  const calls = named(all, 'model predict');
  const failed = calls.filter(({ attributes }) => attributes['error.type'] === 'peer_unavailable');
  expect(failed.map(({ status }) => status.code)).toEqual([2]);
  const [trip] = named(all, 'trip').filter(({ spanId }) => spanId === failed[0]!.parentSpanId);
  const instead = calls.filter(({ parentSpanId }) => parentSpanId === trip!.spanId);
  expect(instead.map(({ attributes }) => attributes['error.type'])).toEqual(['peer_unavailable', undefined]);
  expect(instead[0]!.attributes['server.address']).not.toBe(instead[1]!.attributes['server.address']);
  // In the end it was answered.
  expect(trip!.status.code).toBe(0);
});

test('a batch needs no trip: its calls stand below its request', async () => {
  const { served, spans } = await traced({
    MODEL_SERVICE_URL: bench.model.url,
    DECISION_SERVICE_URL: bench.decision.url,
  });
  await ask(served, '/fair_price/batch', [{ card_id: 'cheap' }, { card_id: 'dear' }]);
  const all = await spans();
  const [request] = named(all, 'POST /fair_price/batch');
  const calls = all.filter(({ parentSpanId }) => parentSpanId === request!.spanId).map(({ name }) => name);
  expect(calls).toEqual(['model batch_predict', 'decision batch_signal']);
});

test('in one process the spans of the services stand below the calls as well', async () => {
  const settings = parseSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  const { logger } = memoryLogger();
  const tracing = await startTracing('model', settings, logger);
  const model = await createApp({ service: 'model', title: 'm', description: '', logger, tracing });
  model.app.post('/predict', () => fakePrediction('cheap'));
  const peers = { model: injectPeer('model', model.app), decision: injectPeer('decision', bench.decision.service.app) };
  const { served, spans } = await traced({}, peers);
  expect((await ask(served)).status).toBe(200);
  await tracing!.end(10_000);
  const all = await spans();
  const [call] = named(all, 'model predict');
  const [predict] = named(all, 'POST /predict');
  expect([predict!.traceId, predict!.parentSpanId]).toEqual([call!.traceId, call!.spanId]);
});
