import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withServices } from '../../packages/cli/src/docs/services.ts';
import { rawExchange } from '../../packages/http/src/testing/index.ts';
import { publishSample } from '../../services/model/src/testing/sample-model.ts';
import { type RunningServices, SERVICES, startServices } from '../support/services.ts';

const NO_PROMTOOL =
  spawnSync('promtool', ['--version']).error === undefined ? '' : ' (skipped: promtool is not installed, see .ci/run)';
const CARDS = ['sv2a_151_charizard_ex___201_165', 'base1_4_charizard', 'é'];
const KEY = 'a-key-that-nobody-guesses';
/** Words that callers send; none of them may come back in a metric. */
const SENT = [...CARDS, KEY, 'secret', 'nobody', 'wget', 'evil', 'no-such'];

const root = mkdtempSync(join(tmpdir(), 'pokewatch-metrics-'));
let services: RunningServices;

beforeAll(async () => {
  await publishSample(root, { cards: CARDS });
  services = await startServices(root, {
    AUTH_ENABLED: 'true',
    API_KEYS: KEY,
    RATE_LIMIT_ENABLED: 'true',
    RATE_LIMIT_RPM: '1000000',
    RATE_LIMIT_BURST: '100000',
  });
  for (const name of SERVICES) await oddTraffic(services.urls[name]);
});
afterAll(() => {
  services?.kill();
  rmSync(root, { recursive: true, force: true });
});

/** Requests that a label might be made of: paths, queries, methods, bodies, keys and ids that no route expects. */
async function oddTraffic(url: string): Promise<void> {
  const headers = { 'content-type': 'application/json', 'x-api-key': KEY, 'x-request-id': 'secret-id' };
  const post = (path: string, body: unknown) =>
    fetch(url + path, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
  const answers = [
    ...CARDS.map((card) => fetch(`${url}/fair_price/${encodeURIComponent(card)}`, { headers })),
    ...CARDS.map((card_id) => post('/fair_price', { card_id })),
    ...CARDS.map((card_id) => post('/predict', { card_id })),
    post('/fair_price', { card_id: 'nobody' }),
    post('/fair_price', { card_id: CARDS[0], date: '1999-01-01' }),
    post('/fair_price', `{"card_id":"secret`),
    post('/fair_price/batch', [{ card_id: CARDS[1] }, { card_id: 'nobody' }]),
    post('/signal', { market_price: 1, fair_price: 1e308, note: 'secret' }),
    post('/reload', {}),
    fetch(`${url}/cards?card=${CARDS[0]}&secret=1`, { headers: { 'x-api-key': 'secret' } }),
    fetch(`${url}/docs/${CARDS[1]}/secret`),
    fetch(`${url}//evil.example/../cards`, { headers }),
    fetch(`${url}/livez/%2e%2e/secret`),
    fetch(`${url}/${'no-such'.repeat(900)}`),
    fetch(`${url}/cards`, { method: 'PROPFIND', headers }),
    fetch(`${url}/cards`, { method: 'DELETE', headers: { ...headers, 'user-agent': 'wget' } }),
  ];
  for (const answer of await Promise.all(answers)) await answer.arrayBuffer();
  const port = Number(new URL(url).port);
  for (const line of [
    'GET http://evil.example/secret HTTP/1.1\r\nhost: evil\r\nconnection: close\r\n\r\n',
    'SECRET /cards HTTP/1.1\r\n\r\n',
    'CONNECT evil:443 HTTP/1.1\r\nhost: evil\r\n\r\n',
    'GET /%zz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
  ])
    await rawExchange(port, line, 2000);
}

const scrape = async (name: (typeof SERVICES)[number]) => (await fetch(`${services.urls[name]}/metrics`)).text();

interface Line {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The series of an answer to Prometheus. */
function seriesOf(text: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = ''] = /^(\w+)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
      const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, value]) => [key!, value!]);
      return { name, labels: Object.fromEntries(pairs) };
    });
}

describe.each(SERVICES)('/metrics of the %s service, after odd traffic', (name) => {
  test('has nothing in a label that a caller sent', async () => {
    const values = seriesOf(await scrape(name)).flatMap(({ labels }) => Object.values(labels));
    const distinct = [...new Set(values)].join('\n').toLowerCase();
    for (const word of SENT) expect(distinct).not.toContain(word.toLowerCase());
  });

  test('has the metrics, labels and values of docs/metrics.md only', async () => {
    const series = seriesOf(await scrape(name)).filter((line) => line.name.startsWith('pokewatch_'));
    const known = await withServices(async ({ all }) => {
      const { metrics, app } = all.find((service) => service.name === name)!;
      await app.ready();
      const routes = Object.keys(((await app.openapi()) as { paths: object }).paths);
      return {
        definitions: metrics.definitions,
        routes: [...routes, '/openapi.json', '/docs', '/docs/*', 'unmatched'],
      };
    });
    expect(series.length).toBeGreaterThan(100);
    for (const { name: told, labels } of series) {
      const base = told.replace(/_(bucket|sum|count)$/, '');
      const definition = known.definitions.find((each) => each.name === told || each.name === base)!;
      expect(definition, told).toBeDefined();
      const { service, le: _, ...own } = labels;
      expect(service).toBe(name);
      expect(Object.keys(own).sort(), told).toEqual(Object.keys(definition.labels ?? {}).sort());
      for (const [label, value] of Object.entries(own)) {
        const values = definition.labels?.[label];
        if (Array.isArray(values)) expect(values, `${label} of ${told}`).toContain(value);
      }
      if (own.route !== undefined) expect(known.routes).toContain(own.route);
      if (own.method !== undefined) expect(own.method).toMatch(/^(GET|POST|HEAD|DELETE|PROPFIND|unknown)$/);
      if (own.status !== undefined) expect(own.status).toMatch(/^[2-5]\d\d$/);
    }
  });

  test.skipIf(NO_PROMTOOL !== '')(`promtool has nothing to say about it${NO_PROMTOOL}`, async () => {
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: await scrape(name) });
    expect(`${stdout}${stderr}`).toBe('');
    expect(status).toBe(0);
  });
});

test.skipIf(NO_PROMTOOL !== '')(
  `promtool has something to say about a gauge named like a counter${NO_PROMTOOL}`,
  () => {
    const input = '# HELP pokewatch_a_total A.\n# TYPE pokewatch_a_total gauge\npokewatch_a_total 1\n';
    expect(spawnSync('promtool', ['check', 'metrics'], { input }).status).not.toBe(0);
  },
);
