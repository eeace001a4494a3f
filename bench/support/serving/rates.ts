import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from './load.ts';
import { trainDemo } from './models.ts';
import { type Running, runLoad, startPlatform, startZeroHop } from './processes.ts';
import { type Line, median, type PartOptions } from './table.ts';

const WARM_UP_S = 4;
const CONNECTIONS = [1, 50, 200] as const;
const TARGETS: Readonly<Record<number, string>> = { 50: '>= 0.75', 200: '>= 1.0' };

interface Contestant {
  readonly name: string;
  readonly url: string;
  readonly processes: readonly Running[];
}

interface Round extends Outcome {
  readonly cpu_us: number;
}

/**
 * Requests a second through gateway, model and decision, and of two bare apps that answer from memory: with answers of the
 * same size, and with the six fields of the original only. All take turns, and ratios are those of the same round.
 */
export async function benchRates({ folder, seconds, rounds }: PartOptions): Promise<Line[]> {
  await trainDemo(folder, '2026-04-20T12:00:00Z');
  const platform = await startPlatform(folder);
  const { gateway, model, decision } = platform;
  const answers = await allAnswers(gateway.url);
  const bodies = Object.keys(answers).map((card_id) => JSON.stringify({ card_id }));
  const same = await startZeroHop(save(join(folder, 'same.json'), answers));
  const six = await startZeroHop(save(join(folder, 'six.json'), sixFields(answers)));
  const contestants: Contestant[] = [
    { name: 'three services', url: gateway.url, processes: [gateway, model, decision] },
    { name: 'zero hops, same answers', url: same.url, processes: [same] },
    { name: 'zero hops, six fields', url: six.url, processes: [six] },
  ];
  try {
    const load = (url: string, connections: number, s: number) =>
      runLoad({ url: `${url}/fair_price`, connections, seconds: s, bodies });
    for (const { url } of contestants) await load(url, 100, WARM_UP_S);
    const lines: Line[] = [
      { what: 'size of an answer', value: Buffer.byteLength(JSON.stringify(Object.values(answers)[0])), unit: 'bytes' },
    ];
    for (const connections of CONNECTIONS) {
      const measured = contestants.map((): Round[] => []);
      for (let round = 0; round < rounds; round++)
        for (const [i, { url, processes }] of contestants.entries()) {
          const before = cpu(processes);
          const outcome = await load(url, connections, seconds);
          measured[i]!.push({ ...outcome, cpu_us: ((cpu(processes) - before) / outcome.requests) * 1e6 });
        }
      lines.push(...linesOf(connections, contestants, measured));
    }
    lines.push(...(await oneAtATime(contestants, bodies)));
    return lines;
  } finally {
    await Promise.all([gateway, model, decision, same, six].map((running) => running.stop()));
  }
}

function linesOf(
  connections: number,
  contestants: readonly Contestant[],
  measured: readonly (readonly Round[])[],
): Line[] {
  const at = `at ${connections}`;
  const lines = contestants.flatMap(({ name }, i): Line[] => [
    { what: `${name}, ${at}`, value: median(measured[i]!.map((r) => r.requests_per_second)), unit: 'requests/s' },
    { what: '  99 % within', value: median(measured[i]!.map((r) => r.p99_ms)), unit: 'ms' },
    { what: '  processor time a request', value: median(measured[i]!.map((r) => r.cpu_us)), unit: 'µs' },
    { what: '  failed', value: measured[i]!.reduce((sum, r) => sum + r.failed, 0), unit: 'requests' },
  ]);
  for (const [i, { name }] of contestants.entries()) {
    if (i === 0) continue;
    const ratio = (pick: (round: Round) => number) =>
      median(measured[0]!.map((round, n) => pick(round) / pick(measured[i]![n]!)));
    const target = TARGETS[connections];
    const rate = ratio((round) => round.requests_per_second);
    lines.push({
      what: `requests/s over those of ${name}, ${at}`,
      value: rate,
      unit: '×',
      ...(target && i === 1 ? { target } : {}),
    });
    if (connections > 1)
      lines.push({
        what: '  99 % over theirs',
        value: ratio((r) => r.p99_ms),
        unit: '×',
        ...(target && i === 1 ? { target: '<= 2' } : {}),
      });
  }
  return lines;
}

/** Times of single requests, one after the other, finer than a load generator counts them. */
async function oneAtATime(contestants: readonly Contestant[], bodies: readonly string[]): Promise<Line[]> {
  const lines: Line[] = [];
  for (const { name, url } of contestants) {
    const times: number[] = [];
    for (let i = 0; i < 3000; i++) {
      const started = performance.now();
      const answer = await fetch(`${url}/fair_price`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: bodies[i % bodies.length]!,
      });
      await answer.arrayBuffer();
      if (i >= 500) times.push(performance.now() - started);
    }
    const target = name === 'three services' ? { target: '<= 1' } : {};
    lines.push({ what: `half of single requests within, ${name}`, value: median(times), unit: 'ms', ...target });
  }
  return lines;
}

/** The gateway's answer for every card. */
export async function allAnswers(gateway: string): Promise<Record<string, Record<string, unknown>>> {
  const { cards } = (await (await fetch(`${gateway}/cards`)).json()) as { cards: string[] };
  const batch = await fetch(`${gateway}/fair_price/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(cards.map((card_id) => ({ card_id }))),
  });
  const answers = (await batch.json()) as Record<string, unknown>[];
  return Object.fromEntries(answers.map((answer) => [answer.card_id as string, answer]));
}

function sixFields(answers: Readonly<Record<string, Record<string, unknown>>>) {
  return Object.fromEntries(
    Object.entries(answers).map(([id, answer]) => [id, Object.fromEntries(Object.entries(answer).slice(0, 6))]),
  );
}

function save(file: string, value: unknown): string {
  writeFileSync(file, JSON.stringify(value));
  return file;
}

function cpu(processes: readonly Running[]): number {
  return processes.reduce((sum, running) => sum + running.cpu_s(), 0);
}
