import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseSettings } from '@pokewatch/core';
import { afterEach, expect, test } from 'vitest';
import { drain } from '../server.ts';
import { type Collector, freePort, memoryLogger, type Served, serve, startCollector } from '../testing/index.ts';
import { sampleService } from '../testing/sample-service.ts';
import { startTracing } from './start-tracing.ts';
import type { Tracing } from './tracing.ts';

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of closing.splice(0).reverse()) await each.close();
});

/** A service that sends its traces there. */
async function traced(endpoint: string, ratio = '1') {
  const { logger, lines } = memoryLogger();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: ratio };
  const tracing = await startTracing('sample', parseSettings(env), logger);
  const served = await serve(await sampleService(logger, { tracing }));
  closing.push(served);
  return { served, lines, tracing: tracing as Tracing };
}

async function collector(answer?: Parameters<typeof startCollector>[0]): Promise<Collector> {
  const started = await startCollector(answer);
  closing.push(started);
  return started;
}

const post = ({ url }: Served, path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });

const complaints = (lines: readonly Record<string, unknown>[]) =>
  lines.filter(({ msg }) => /traces/.test(String(msg))).map(({ level, msg }) => `${level}: ${msg}`);

test('by default there are no traces, and the SDK of OpenTelemetry is not loaded', async () => {
  expect(await startTracing('sample', parseSettings({}), memoryLogger().logger)).toBeUndefined();
  const loaded = (endpoint: string) => `
    import { registerHooks } from 'node:module';
    const loaded = [];
    const resolve = (name, context, next) => {
      const found = next(name, context);
      loaded.push(found.url);
      return found;
    };
    registerHooks({ resolve });
    const { createLogger, parseSettings } = await import('@pokewatch/core');
    const { createApp, startTracing } = await import('./src/index.ts');
    const logger = createLogger({ service: 's', level: 'silent' });
    const tracing = await startTracing('s', parseSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: '${endpoint}' }), logger);
    const { app } = await createApp({ service: 's', title: 's', description: '', logger, tracing });
    await app.ready();
    console.log(loaded.filter((path) => /@opentelemetry.(sdk|core|resources|exporter|otlp)/.test(path)).length);
    process.exit(0);`;
  const count = (endpoint: string) => {
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', loaded(endpoint)], {
      cwd: new URL('../..', import.meta.url).pathname,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    return Number(stdout);
  };
  expect(count('')).toBe(0);
  expect(count('http://127.0.0.1:9')).toBeGreaterThan(0);
});

test('the span of a request has its route, status, id and problem, but neither path nor body', async () => {
  const { url, spans } = await collector();
  const { served, tracing } = await traced(url);
  await post(served, '/echo?card=secret', '{"name":"charizard"}', { 'x-request-id': 'good' });
  await post(served, '/echo', '{"name":""}', { 'x-request-id': 'bad' });
  await fetch(`${served.url}/broken`, { headers: { 'x-request-id': 'broken' } });
  await fetch(`${served.url}/secret/path`, { headers: { 'x-request-id': 'nowhere' } });
  await tracing.end(5000);
  const told = spans.map(({ name, status, attributes }) => [
    name,
    attributes['pokewatch.request_id'],
    attributes['http.response.status_code'],
    attributes['error.type'],
    status.code,
  ]);
  expect(told).toEqual([
    ['POST /echo', 'good', 200, undefined, 0],
    ['POST /echo', 'bad', 422, 'invalid_body', 0],
    ['GET /broken', 'broken', 500, 'internal', 2],
    ['GET unmatched', 'nowhere', 404, 'not_found', 0],
  ]);
  expect(JSON.stringify(spans)).not.toMatch(/secret|charizard/);
});

test('every line of a request has its ids; a request that is not sampled has them too', async () => {
  const { url, spans } = await collector();
  const { served, lines, tracing } = await traced(url, '0');
  await post(served, '/echo', '{"name":""}', { 'x-request-id': 'bad' });
  await fetch(`${served.url}/broken`, { headers: { 'x-request-id': 'broken' } });
  await tracing.end(5000);
  const own = lines.filter(({ msg }) => ['answered', 'refused', 'failed'].includes(String(msg)));
  expect(own.map(({ msg, request_id }) => `${msg} ${request_id}`).sort()).toEqual([
    'answered bad',
    'answered broken',
    'failed broken',
    'refused bad',
  ]);
  for (const line of own) {
    expect(line.trace_id).toMatch(/^[0-9a-f]{32}$/);
    expect(line.span_id).toMatch(/^[0-9a-f]{16}$/);
  }
  const traces = (id: string) =>
    new Set(own.filter(({ request_id }) => request_id === id).map((line) => line.trace_id));
  expect([traces('bad').size, traces('broken').size]).toEqual([1, 1]);
  expect(traces('bad')).not.toEqual(traces('broken'));
  expect(spans).toEqual([]);
});

test('without traces every line of a request has its id alone', async () => {
  const { logger, lines } = memoryLogger();
  const served = await serve(await sampleService(logger));
  closing.push(served);
  await post(served, '/echo', '{"name":""}', { 'x-request-id': 'bad' });
  const own = lines.filter(({ msg }) => ['answered', 'refused'].includes(String(msg)));
  expect(own).toHaveLength(2);
  for (const line of own) {
    expect(line.request_id).toBe('bad');
    expect(line).not.toHaveProperty('trace_id');
  }
});

test('a caller that went away is told of on the span', async () => {
  const { url, spans } = await collector();
  const { served, tracing } = await traced(url);
  const gone = new AbortController();
  const asked = fetch(`${served.url}/slow`, { signal: gone.signal }).catch(() => undefined);
  await sleep(100);
  gone.abort();
  await asked;
  await sleep(400);
  await tracing.end(5000);
  expect(spans).toHaveLength(1);
  expect(spans[0]!.attributes).toMatchObject({ 'http.route': '/slow', 'pokewatch.caller_gone': true });
});

test.each([
  ['is not there', 'were not handed over in time', async () => `http://127.0.0.1:${await freePort()}`],
  ['refuses', 'cannot be handed over', async () => (await collector((to) => to.writeHead(400).end())).url],
  ['says nothing', 'were not handed over in time', async () => (await collector(() => {})).url],
])('a collector that %s is logged once; answers and the drain do not wait for it', async (_name, why, start) => {
  const { served, lines } = await traced(await start());
  for (let i = 0; i < 20; i++) expect((await post(served, '/echo', '{"name":"a"}')).status).toBe(200);
  await drain(served.service, 0);
  // The collector may take 5 s and gets 1 s while the service drains.
  expect(complaints(lines)).toEqual([expect.stringContaining(why)]);
});

test('a collector that refuses again and again is logged once; that it is there again, too, and it gets what came since', async () => {
  let well = false;
  const { url, spans, batches } = await collector((response) => response.writeHead(well ? 200 : 400).end('{}'));
  const { served, lines, tracing } = await traced(url);
  for (const failed of [1, 2]) {
    await post(served, '/echo', '{"name":"a"}');
    while (batches() < failed) await sleep(20);
  }
  well = true;
  spans.length = 0;
  await post(served, '/echo', '{"name":"b"}');
  await tracing.end(5000);
  expect(spans).toHaveLength(1);
  expect(complaints(lines)).toEqual(['warn: traces cannot be handed over', 'info: traces are handed over again']);
});
