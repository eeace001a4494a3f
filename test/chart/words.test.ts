import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CHART, find, hasHelm, render, runHelm, SCENARIOS } from './helm.ts';

describe.skipIf(!hasHelm)('what helm install says (needs helm)', () => {
  const notes = (values: unknown) => {
    const { status, stdout, stderr } = runHelm(['install', 'pokewatch', CHART, '--dry-run=client'], values);
    expect(stderr).not.toContain('Error');
    expect(status).toBe(0);
    return stdout.split('\nNOTES:\n')[1]!;
  };

  test.each([
    ['a NodePort', {}, 'GATEWAY=http://127.0.0.1:30080'],
    ['a NodePort of the cluster’s choice', { gateway: { service: { nodePort: 0 } } }, '{.spec.ports[0].nodePort}'],
    ['a load balancer', SCENARIOS.aws, '{.status.loadBalancer.ingress[0].ip}'],
    [
      'a cluster address',
      { gateway: { service: { type: 'ClusterIP' } } },
      'port-forward service/api-gateway 8000:8000',
    ],
    ['an Ingress', SCENARIOS.ingress, 'GATEWAY=https://pokewatch.example.org'],
  ])('leads to the gateway behind %s', (_name, values, line) => {
    expect(notes(values)).toContain(line);
  });

  test('is a line of text where a value is not set', () => {
    for (const [name, values] of Object.entries(SCENARIOS)) {
      expect(notes(values), name).not.toMatch(/<no value>|<nil>|%!/);
      expect(notes(values), name).not.toMatch(/\n{3}/);
    }
  });

  test('warns of one node, of a gateway without keys, and of daily runs that do not come', () => {
    expect(notes({})).toMatch(/which one node can mount[\s\S]*asks nobody for a key/);
    expect(notes(SCENARIOS.s3)).toContain('The store is the bucket pokewatch');
    expect(notes(SCENARIOS.auth)).not.toContain('asks nobody for a key');
    expect(notes({ pipeline: { suspend: true, firstRun: false } })).toMatch(
      /create job[\s\S]*daily runs are suspended/,
    );
  });
});

describe('the test of helm test', () => {
  const script = readFileSync(join(CHART, 'files/tests/fair-price.mjs'), 'utf8');
  const good = { card_id: 'a', date: '2026-11-21', market_price: 2, fair_price: 1, signal: 'SELL' };

  /** Runs the script against a gateway that answers like this. */
  async function run(
    answer: object,
    { status = 200, env = {} }: { status?: number; env?: Record<string, string> } = {},
  ) {
    const keys: (string | undefined)[] = [];
    const server = createServer((request, reply) => {
      keys.push(request.headers['x-api-key'] as string | undefined);
      const body =
        request.url === '/cards'
          ? { cards: ['a'], count: 1 }
          : request.url === '/health'
            ? { status: 'ok', model_loaded: true, cards_count: 1 }
            : answer;
      reply.writeHead(request.url === '/health' ? 200 : status, { 'content-type': 'application/json' });
      reply.end(JSON.stringify(body));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { GATEWAY: `http://127.0.0.1:${port}`, ...env },
      stdio: 'ignore',
    });
    const [code] = (await once(child, 'exit')) as [number];
    server.close();
    return { code, keys };
  }

  test('passes on a fair price', async () => {
    expect((await run(good)).code).toBe(0);
  });

  test.each([
    ['of another card', { ...good, card_id: 'b' }, 200],
    ['without a price', { ...good, fair_price: null }, 200],
    ['without a signal', { ...good, signal: 'MAYBE' }, 200],
    ['that is a problem', { code: 'model_not_loaded' }, 503],
  ])('fails on an answer %s', async (_name, answer, status) => {
    expect((await run(answer, { status })).code).toBe(1);
  });

  test('fails when the fault is set: it asks for a card that is not there', async () => {
    expect((await run(good, { env: { CARD: 'no-such-card' } })).code).toBe(1);
  });

  test('sends the first key', async () => {
    expect((await run(good, { env: { API_KEYS: 'one, two', AUTH: 'true' } })).keys).toEqual(['one', 'one']);
  });

  test('without a key it makes sure that one is asked for, and that all is well', async () => {
    expect((await run({}, { status: 401, env: { AUTH: 'true' } })).code).toBe(0);
    expect((await run(good, { env: { AUTH: 'true' } })).code).toBe(1);
    expect((await run({}, { status: 401 })).code).toBe(1);
  });

  test.skipIf(!hasHelm)('gets the fault only when it is asked for (needs helm)', () => {
    const names = (values: unknown) =>
      find(render(values), 'Pod', 'test-fair-price').spec.containers[0].env.map(({ name }: { name: string }) => name);
    expect(names({})).not.toContain('CARD');
    expect(names({ faults: { testFail: true } })).toContain('CARD');
    expect(names(SCENARIOS.auth)).toEqual(expect.arrayContaining(['AUTH', 'API_KEYS']));
  });
});
