import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publishSample } from '../../services/model/src/testing/sample-model.ts';
import { NO_RECEIVER, type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../support/otlp-receiver.ts';
import { type RunningServices, SERVICES, startServices } from '../support/services.ts';

const CARD = { card_id: 'base1_4_charizard' };
const SAMPLED = '01';

let root: string;
let receiver: OtlpReceiver;
let services: RunningServices;
let requests = 0;

beforeAll(async () => {
  if (NO_RECEIVER !== '') return;
  root = mkdtempSync(join(tmpdir(), 'pokewatch-traces-'));
  await publishSample(root, { cards: [CARD.card_id, 'é'] });
  receiver = await startOtlpReceiver();
  services = await startServices(root, { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, LOG_LEVEL: 'debug' });
});
afterAll(() => {
  services?.kill();
  receiver?.stop();
  if (root !== undefined) rmSync(root, { recursive: true, force: true });
});

async function ask(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const request_id = headers['x-request-id'] ?? `traced-${requests++}`;
  const answer = await fetch(services.urls.gateway + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': request_id, ...headers },
    body: JSON.stringify(body),
  });
  return { request_id, status: answer.status, text: await answer.text() };
}

const requestSpan = (id: string) => (span: ReceivedSpan) =>
  span.service === 'pokewatch-gateway' && span.attributes['pokewatch.request_id'] === id;

/** The span of a request at the gateway, when it and all that was done for it have arrived. */
async function traced(id: string, count = 1): Promise<ReceivedSpan> {
  await receiver.until((spans) => spans.filter(requestSpan(id)).length >= count);
  return receiver.spans.find(requestSpan(id))!;
}

const below = (parent: ReceivedSpan) => receiver.spans.filter((span) => span.parent === parent.span_id);
const says = ({ service, name, kind }: ReceivedSpan) => `${service} ${kind} ${name}`;

/** Waits for a trip and what the services did for it. @returns the calls and, below each, the span of the service */
async function calls(trip: ReceivedSpan) {
  await receiver.until(() => {
    const made = below(trip);
    return made.length >= 2 && made.every((call) => below(call).length === 1);
  });
  return below(trip).map((call) => ({ call, served: below(call)[0]! }));
}

describe.skipIf(NO_RECEIVER !== '')(`traces of three processes at a real receiver${NO_RECEIVER}`, () => {
  test('a request alone is one trace: gateway, trip, calls, and in them what model and decision did', async () => {
    const { request_id } = await ask('/fair_price', CARD);
    const request = await traced(request_id);
    expect(says(request)).toBe('pokewatch-gateway SPAN_KIND_SERVER POST /fair_price');
    expect(request.parent).toBe('');
    expect(request.attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.route': '/fair_price',
      'http.response.status_code': 200,
    });
    await receiver.until(() => below(request).length === 1);
    const [trip] = below(request);
    expect(says(trip!)).toBe('pokewatch-gateway SPAN_KIND_INTERNAL trip');
    const made = await calls(trip!);
    expect(made.map(({ call, served }) => [says(call), says(served)]).sort()).toEqual([
      ['pokewatch-gateway SPAN_KIND_CLIENT decision signal', 'pokewatch-decision SPAN_KIND_SERVER POST /signal'],
      ['pokewatch-gateway SPAN_KIND_CLIENT model predict', 'pokewatch-model SPAN_KIND_SERVER POST /predict'],
    ]);
    const all = [trip!, ...made.flatMap(({ call, served }) => [call, served])];
    expect(new Set(all.map(({ trace_id }) => trace_id))).toEqual(new Set([request.trace_id]));
    expect(receiver.faults).toEqual([]);
  });

  test('requests that share a trip are linked with it, both ways; its calls are made once for all', async () => {
    const count = 12;
    const ids = Array.from({ length: count }, (_, i) => `together-${i}`);
    await Promise.all(ids.map((id) => ask('/fair_price', CARD, { 'x-request-id': id })));
    const all = await Promise.all(ids.map((id) => traced(id)));
    await receiver.until((spans) => {
      const trips = spans.filter(({ name }) => name === 'trip');
      return all.every(({ links, span_id }) =>
        links.length === 1
          ? trips.some((trip) => trip.span_id === links[0]!.span_id)
          : trips.some((trip) => trip.parent === span_id),
      );
    });
    const shared = receiver.spans.filter(
      ({ name, links }) => name === 'trip' && links.some((link) => all.some(({ span_id }) => span_id === link.span_id)),
    );
    expect(shared.length).toBeGreaterThan(0);
    expect(shared.length).toBeLessThan(count);
    for (const trip of shared) {
      expect(trip.parent).toBe('');
      const passengers = all.filter(({ span_id }) => trip.links.some((link) => link.span_id === span_id));
      expect(trip.attributes['pokewatch.cards']).toBe(passengers.length);
      for (const { links, trace_id } of passengers) {
        expect(links).toEqual([{ trace_id: trip.trace_id, span_id: trip.span_id }]);
        expect(trace_id).not.toBe(trip.trace_id);
      }
      const made = await calls(trip);
      expect(made.map(({ served }) => says(served)).sort()).toEqual([
        'pokewatch-decision SPAN_KIND_SERVER POST /batch_signal',
        'pokewatch-model SPAN_KIND_SERVER POST /batch_predict',
      ]);
      for (const { call, served } of made)
        expect([call.trace_id, served.trace_id]).toEqual([trip.trace_id, trip.trace_id]);
    }
  });

  test('a caller’s trace goes on in all services, and one that is not sampled stays so', async () => {
    const trace_id = 'aaaabbbbccccddddeeeeffff00001111';
    const parent = '1234567890abcdef';
    const { request_id } = await ask('/fair_price', CARD, { traceparent: `00-${trace_id}-${parent}-${SAMPLED}` });
    const request = await traced(request_id);
    expect([request.trace_id, request.parent]).toEqual([trace_id, parent]);
    await receiver.until((spans) => spans.filter((span) => span.trace_id === trace_id).length >= 6);
    const services = receiver.spans.filter((span) => span.trace_id === trace_id).map(({ service }) => service);
    expect(new Set(services)).toEqual(new Set(SERVICES.map((name) => `pokewatch-${name}`)));
    const unsampled = await ask('/fair_price', CARD, { traceparent: `00-${'9'.repeat(32)}-${parent}-00` });
    const after = await ask('/fair_price', CARD);
    await traced(after.request_id);
    expect(receiver.spans.filter(requestSpan(unsampled.request_id))).toEqual([]);
  });

  test('the lines of a request in all three logs have its id and the trace’s', async () => {
    const trace_id = '0123456789abcdef0123456789abcdef';
    await ask('/fair_price', CARD, {
      traceparent: `00-${trace_id}-1234567890abcdef-${SAMPLED}`,
      'x-request-id': 'in-the-logs',
    });
    for (const name of SERVICES) {
      await services.children[name].until(/in-the-logs/);
      const lines = services.children[name]
        .output()
        .split('\n')
        .filter((line) => line.includes('in-the-logs'))
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) {
        expect(line).toMatchObject({ request_id: 'in-the-logs', trace_id });
        expect(line.span_id).toMatch(/^[0-9a-f]{16}$/);
      }
    }
  });

  test('a problem is on the span: the caller’s own without fault, a service’s as an error', async () => {
    const unknown = await ask('/fair_price', { card_id: 'nobody' });
    const own = await traced(unknown.request_id);
    expect(own).toMatchObject({ status: 'STATUS_CODE_UNSET', attributes: { 'error.type': 'unknown_card' } });
    services.children.decision.process.kill('SIGSTOP');
    const late = await ask('/fair_price', CARD, { 'x-request-timeout-ms': '300' });
    services.children.decision.process.kill('SIGCONT');
    expect(late.status).toBe(503);
    const failed = await traced(late.request_id);
    expect(failed).toMatchObject({ status: 'STATUS_CODE_ERROR', attributes: { 'error.type': 'peer_timeout' } });
    await receiver.until((spans) => spans.some((span) => span.parent === failed.span_id));
    const [trip] = below(failed);
    expect(trip).toMatchObject({ status: 'STATUS_CODE_ERROR', attributes: { 'error.type': 'peer_timeout' } });
    await receiver.until(() => below(trip!).some(({ status }) => status === 'STATUS_CODE_ERROR'));
    const call = below(trip!).find(({ status }) => status === 'STATUS_CODE_ERROR')!;
    expect(call).toMatchObject({ name: 'decision signal', attributes: { 'error.type': 'peer_timeout' } });
  });

  test('probes and metrics begin no trace', async () => {
    for (const path of ['/livez', '/readyz', '/metrics', '/health']) await fetch(services.urls.gateway + path);
    const { request_id } = await ask('/fair_price', CARD);
    await traced(request_id);
    expect(receiver.spans.filter(({ attributes }) => attributes['pokewatch.open'] === true)).toEqual([]);
    expect(receiver.spans.filter(({ name }) => /livez|readyz|metrics|health/.test(name))).toEqual([]);
  });

  test('what was not handed over yet is, when a service is asked to stop', async () => {
    const { request_id } = await ask('/fair_price/batch', [CARD, CARD]);
    for (const name of SERVICES) services.children[name].process.kill('SIGTERM');
    for (const name of SERVICES) expect(await services.children[name].ended).toBe(0);
    const request = await traced(request_id);
    await receiver.until(() => below(request).length === 2 && below(request).every((call) => below(call).length === 1));
    expect(receiver.faults).toEqual([]);
  });
});
