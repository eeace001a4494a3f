import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dashboards, rules } from './support/files.ts';
import { filled, type PanelQuery, questions } from './support/grafana.ts';
import { type Answered, NO_PROMETHEUS, startPrometheus, type TestPrometheus } from './support/prometheus.ts';
import { Stack } from './support/stack.ts';

/** Questions that have no answer on a machine without Kubernetes, without Redis and without a key file. */
const EMPTY_HERE: readonly string[] = [
  // kube-state-metrics tells limits.
  'serving / Memory B',
  // There is no Redis.
  'serving / Limits are shared A',
];

const OVERLOAD = 130;

describe.skipIf(NO_PROMETHEUS !== '')(`dashboards and alerts on a real stack${NO_PROMETHEUS}`, () => {
  let stack: Stack;
  let prometheus: TestPrometheus;
  let started: number;

  beforeAll(async () => {
    stack = await Stack.create();
    prometheus = await startPrometheus({
      gateway: [new URL(stack.gateway.url).host],
      model: stack.models.map(({ url }) => new URL(url).host),
      decision: [new URL(stack.decision.url).host],
    });
    started = Date.now();
  }, 300_000);
  afterAll(async () => {
    await prometheus?.close();
    await stack?.close();
  });

  test('traffic and faults are followed by the alerts that belong to them', { timeout: 300_000 }, async () => {
    // A counter that has grown before it was first read has not grown for Prometheus.
    await prometheus.until('count(up == 1) == 4');
    await untilStatus(stack, 200);
    await usualTraffic(stack);
    await wrongRequests(stack);
    await prometheus.until('sum(pokewatch_predictions_total) > 0');

    await stack.models[1].kill();
    await untilStatus(stack, 200);
    await prometheus.until('ALERTS{alertname="PokewatchBreakerOpen", peer="model", alertstate="firing"}');
    await prometheus.until('ALERTS{alertname="PokewatchTargetDown", service="model", alertstate="firing"}');
    await stack.models[1].start();

    await stack.decision.kill();
    await untilStatus(stack, 503);
    await prometheus.until('ALERTS{alertname="PokewatchPeerDown", peer="decision", alertstate="firing"}');
    await prometheus.until('ALERTS{alertname="PokewatchServiceGone", service="decision", alertstate="firing"}');
    await stack.decision.start();
    await untilStatus(stack, 200);

    await tooMuch(stack);
    await refusedReload(stack, prometheus);
    await stack.pipeline(0);
    for (const model of stack.models) expect(await stack.reload(model)).toBe(200);
    await usualTraffic(stack);
    await prometheus.until('count(count by (model_version) (pokewatch_model_info)) == 1');
    await prometheus.until('sum(increase(pokewatch_shed_total[5m])) > 0');
    await prometheus.until('ALERTS{alertname="PokewatchInvalidKeys", alertstate="firing"}');
    await prometheus.until('ALERTS{alertname="PokewatchErrorBudgetBurn", alertstate="firing"}');
  });

  test('every rule is evaluated without an error', async () => {
    const answer = await fetch(`${prometheus.url}/api/v1/rules`);
    const { data } = (await answer.json()) as {
      data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] };
    };
    const evaluated = data.groups.flatMap((group) => group.rules);
    expect(evaluated).toHaveLength(rules().length);
    expect(evaluated.filter(({ health }) => health !== 'ok')).toEqual([]);
  });

  test('every question of every panel is answered, with data but where there can be none', async () => {
    const asked = dashboards().flatMap((dashboard) =>
      ['7', '14', '30', '7|14|30'].flatMap((days) => questions(dashboard, days)),
    );
    const names = new Set(asked.map(({ name }) => name));
    expect(names.size).toBeGreaterThan(120);
    const seconds = Math.ceil((Date.now() - started) / 1000);
    const empty = new Set<string>();
    for (const question of new Map(asked.map((one) => [one.name, one])).values())
      if (!(await hasData(question, seconds))) empty.add(question.name);
    expect([...empty].sort()).toEqual([...EMPTY_HERE].sort());
  });

  test('marks of new models have a time', async () => {
    for (const { annotations } of dashboards())
      for (const { expr } of annotations.list) {
        const marks = await prometheus.query(filled(expr));
        expect(marks).toHaveLength(1);
        expect(Number(marks[0]!.value![1])).toBeGreaterThan(started - 60_000);
      }
  });

  test('values of the variables are there', async () => {
    const services = await prometheus.query('count by (service) (pokewatch_build_info)');
    expect(services.map(({ metric }) => metric.service).sort()).toEqual(['decision', 'gateway', 'model']);
  });

  async function hasData({ expr, instant }: PanelQuery, seconds: number): Promise<boolean> {
    const answered = instant ? await prometheus.query(expr) : await prometheus.range(expr, seconds);
    const samples = answered.flatMap(({ value, values = [] }: Answered) => (value === undefined ? values : [value]));
    return samples.some(([, text]) => Number.isFinite(Number(text)));
  }
});

/** Requests of all kinds for a few scrapes. A busy machine may answer some late, but not all. */
async function usualTraffic(stack: Stack): Promise<void> {
  const cards = await stack.cards();
  const statuses: number[] = [];
  for (const end = Date.now() + 3000; Date.now() < end; await sleep(50)) {
    const single = cards.slice(0, 10).map((card_id) => stack.ask('/fair_price', { card_id }));
    const all = cards.map((card_id) => ({ card_id }));
    const others = [stack.ask('/fair_price/batch', all), stack.ask('/kpis'), stack.ask('/health')];
    statuses.push(...(await Promise.all([...single, ...others])));
  }
  expect(statuses).toContain(200);
}

/** Requests with something wrong in them, of which 100 have a key that does not exist. */
async function wrongRequests(stack: Stack): Promise<void> {
  expect(await stack.ask('/fair_price', { card_id: 'nobody knows it' })).toBe(404);
  expect(await stack.ask('/fair_price', '{')).toBe(400);
  expect(await stack.ask('/fair_price', { card_id: 7 })).toBe(422);
  expect(await stack.ask('/nowhere')).toBe(404);
  for (let i = 0; i < 5; i++) {
    const guesses = Array.from({ length: 20 }, () => stack.ask('/cards', undefined, { 'x-api-key': 'guessed-a-key' }));
    expect(new Set(await Promise.all(guesses))).toEqual(new Set([401]));
    await sleep(1000);
  }
}

/** Waits until a fair price is answered with a status. */
async function untilStatus(stack: Stack, status: number): Promise<void> {
  const [card_id] = await stack.cards().catch(() => ['any']);
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(50))
    if ((await stack.ask('/fair_price', { card_id })) === status) return;
  throw new Error(`no ${status} within 30 s`);
}

/** More full batches than a gateway takes, while a service stands still. */
async function tooMuch(stack: Stack): Promise<void> {
  const [card_id] = await stack.cards();
  const batch = Array.from({ length: 500 }, () => ({ card_id }));
  stack.decision.signal('SIGSTOP');
  try {
    const statuses = await Promise.all(Array.from({ length: OVERLOAD }, () => stack.ask('/fair_price/batch', batch)));
    expect(statuses).toContain(503);
  } finally {
    stack.decision.signal('SIGCONT');
  }
  await untilStatus(stack, 200);
}

/** A champion that cannot be read is refused; then the old one is put back. */
async function refusedReload(stack: Stack, prometheus: TestPrometheus): Promise<void> {
  const pointer = join(stack.root, 'models/champion.json');
  const good = readFileSync(pointer);
  writeFileSync(pointer, good.subarray(0, good.length / 2));
  expect(await stack.reload(stack.models[0])).toBe(500);
  await prometheus.until('ALERTS{alertname="PokewatchReloadRefused", alertstate="firing"}');
  writeFileSync(pointer, good);
  await untilStatus(stack, 200);
}
