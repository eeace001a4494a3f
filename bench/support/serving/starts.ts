import { join } from 'node:path';
import { publishLarge, trainDemo } from './models.ts';
import { startPlatform } from './processes.ts';
import { type Line, median, type PartOptions } from './table.ts';

const DAYS = 90;

/** Time from the start of a process to ready, and its memory then. */
export async function benchStarts({ folder, rounds, cards }: PartOptions): Promise<Line[]> {
  const small = join(folder, 'small');
  const large = join(folder, 'large');
  await trainDemo(small, '2026-04-20T12:00:00Z');
  await publishLarge(large, 'large', cards, DAYS);
  const of40 = await startOften(small, rounds);
  const ofMany = await startOften(large, Math.min(3, rounds));
  return [
    ...(['model', 'decision', 'gateway'] as const).flatMap((name): Line[] => [
      { what: `${name} ready, 40 cards`, value: of40[name].ready_ms, unit: 'ms', target: '<= 400' },
      { what: '  memory', value: of40[name].rss_mb, unit: 'MB', target: name === 'model' ? '<= 128' : '<= 100' },
    ]),
    { what: `model ready, ${cards} cards × ${DAYS} days`, value: ofMany.model.ready_ms, unit: 'ms', target: '<= 2000' },
    { what: '  memory', value: ofMany.model.rss_mb, unit: 'MB', target: '<= 600' },
  ];
}

async function startOften(data: string, times: number) {
  const seen = { model: [], decision: [], gateway: [] } as Record<string, { ready_ms: number; rss_mb: number }[]>;
  for (let i = 0; i < times; i++) {
    const platform = Object.entries(await startPlatform(data));
    for (const [name, running] of platform) seen[name]!.push({ ready_ms: running.ready_ms, rss_mb: running.rss_mb() });
    await Promise.all(platform.map(([, running]) => running.stop()));
  }
  const middle = (name: string) => ({
    ready_ms: median(seen[name]!.map(({ ready_ms }) => ready_ms)),
    rss_mb: median(seen[name]!.map(({ rss_mb }) => rss_mb)),
  });
  return { model: middle('model'), decision: middle('decision'), gateway: middle('gateway') };
}
