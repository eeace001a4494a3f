import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promote, publishLarge, trainDemo } from './models.ts';
import { type Running, runLoad, startPlatform } from './processes.ts';
import { allAnswers } from './rates.ts';
import { type Line, median, type PartOptions } from './table.ts';

const RATE = 5000;
const CONNECTIONS = 50;
const BETWEEN_MS = 200;
const DAYS = 90;
const MOST_ADOPTION_S = 60;

/** Answers at 5,000 requests a second while the champion goes back and forth, and reloads of a large model. */
export async function benchReload({ folder, seconds, cards }: PartOptions): Promise<Line[]> {
  return [...(await underLoad(join(folder, 'small'), seconds)), ...(await ofLarge(join(folder, 'large'), cards))];
}

async function underLoad(data: string, seconds: number): Promise<Line[]> {
  const versions = [await trainDemo(data, '2026-04-20T12:00:00Z'), await trainDemo(data, '2026-04-21T12:00:00Z')];
  const { gateway, model, decision } = await startPlatform(data);
  try {
    const right: string[] = [];
    for (const version of versions) {
      promote(data, version);
      await reload(model);
      right.push(...Object.values(await allAnswers(gateway.url)).map((answer) => JSON.stringify(answer)));
    }
    const bodies = [...new Set(right.map((text) => (JSON.parse(text) as { card_id: string }).card_id))].map((card_id) =>
      JSON.stringify({ card_id }),
    );
    const url = `${gateway.url}/fair_price`;
    await runLoad({ url, connections: CONNECTIONS, seconds: 3, bodies });
    let going = true;
    const load = runLoad({ url, connections: CONNECTIONS, seconds: 2 * seconds, bodies, rate: RATE, right }).finally(
      () => {
        going = false;
      },
    );
    let reloads = 0;
    while (going) {
      promote(data, versions[reloads % 2]!);
      await reload(model);
      reloads += 1;
      await sleep(BETWEEN_MS);
    }
    const outcome = await load;
    return [
      { what: 'requests/s while the champion changed', value: outcome.requests_per_second, unit: 'requests/s' },
      { what: '  changes', value: reloads, unit: '' },
      { what: '  failed', value: outcome.failed, unit: 'requests', target: '0' },
      { what: '  answers that are of no version, or of both', value: outcome.wrong, unit: 'answers', target: '0' },
      { what: '  99 % within', value: outcome.p99_ms, unit: 'ms' },
    ];
  } finally {
    await Promise.all([gateway, model, decision].map((running) => running.stop()));
  }
}

async function ofLarge(data: string, cards: number): Promise<Line[]> {
  await publishLarge(data, 'large-a', cards, DAYS);
  await publishLarge(data, 'large-b', cards, DAYS);
  const { gateway, model, decision } = await startPlatform(data);
  try {
    const times: number[] = [];
    for (const version of ['large-a', 'large-b', 'large-a', 'large-b', 'large-a']) {
      promote(data, version);
      times.push(await reload(model));
    }
    const large = `${cards} cards × ${DAYS} days`;
    const adopted: number[] = [];
    for (const version of ['large-b', 'large-a', 'large-b']) adopted.push(await adoption(model, data, version));
    return [
      { what: `reload at ${large}`, value: median(times), unit: 'ms', target: '<= 1000' },
      { what: '  longest', value: Math.max(...times), unit: 'ms' },
      {
        what: `champion adopted without a call, ${large}, longest`,
        value: Math.max(...adopted),
        unit: 's',
        target: '<= 30',
      },
    ];
  } finally {
    await Promise.all([gateway, model, decision].map((running) => running.stop()));
  }
}

/** Seconds from a promotion that nobody tells the service of until it serves that version. */
async function adoption({ url }: Running, data: string, version: string): Promise<number> {
  promote(data, version);
  const started = performance.now();
  for (;;) {
    const { model_version } = (await (await fetch(`${url}/health`)).json()) as { model_version: string };
    const seconds = (performance.now() - started) / 1000;
    if (model_version === version) return seconds;
    if (seconds > MOST_ADOPTION_S) throw new Error(`${version} was not adopted within ${MOST_ADOPTION_S} s`);
    await sleep(50);
  }
}

async function reload({ url }: Running): Promise<number> {
  const started = performance.now();
  const answer = await fetch(`${url}/reload`, { method: 'POST' });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`the reload was answered with ${answer.status}: ${text}`);
  return performance.now() - started;
}
