import { join } from 'node:path';
import { publishLarge, trainDemo } from './models.ts';
import { runLoad, startPlatform } from './processes.ts';
import { type Line, median, type PartOptions } from './table.ts';

const CARDS_A_BATCH = 500;
const CONNECTIONS = 4;
/** So many that no service remembers what it was asked before: every line is made, read and checked. */
const MANY_CARDS = 50_000;

/** Cards a second through the batch route: those of the watch-list again and again, and each of many one after the other. */
export async function benchBatch(options: PartOptions): Promise<Line[]> {
  const watched = join(options.folder, 'watched');
  await trainDemo(watched, '2026-04-20T12:00:00Z');
  const many = join(options.folder, 'many');
  await publishLarge(many, 'many', MANY_CARDS, 2);
  return [
    ...(await ofModel(watched, '', options)),
    ...(await ofModel(many, `, ${MANY_CARDS} different cards`, options)),
  ];
}

async function ofModel(data: string, which: string, { seconds, rounds }: PartOptions): Promise<Line[]> {
  const { gateway, model, decision } = await startPlatform(data);
  try {
    const { cards: ids } = (await (await fetch(`${gateway.url}/cards`)).json()) as { cards: string[] };
    const lines: Line[] = [];
    for (const explain of ['short', 'none']) {
      const of = (card_id: string) => ({ card_id, explain });
      const cards = Array.from({ length: Math.max(CARDS_A_BATCH, ids.length) }, (_, i) => of(ids[i % ids.length]!));
      const bodies = Array.from({ length: cards.length / CARDS_A_BATCH }, (_, i) =>
        JSON.stringify(cards.slice(i * CARDS_A_BATCH, (i + 1) * CARDS_A_BATCH)),
      );
      const load = { url: `${gateway.url}/fair_price/batch`, connections: CONNECTIONS, seconds, bodies };
      await runLoad(load);
      const rates: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const { requests_per_second, failed } = await runLoad(load);
        if (failed > 0) throw new Error(`${failed} batches failed`);
        rates.push(requests_per_second * CARDS_A_BATCH);
      }
      const what = explain === 'none' ? 'without explanations' : 'with short explanations';
      const target = which === '' ? { target: '>= 150,000' } : {};
      lines.push({ what: what + which, value: median(rates), unit: 'cards/s', ...target });
    }
    return lines;
  } finally {
    await Promise.all([gateway, model, decision].map((running) => running.stop()));
  }
}
