import { trainDemo } from './models.ts';
import { runLoad, startPlatform } from './processes.ts';
import { allAnswers } from './rates.ts';
import { type Line, median, type PartOptions } from './table.ts';

const CARDS_A_BATCH = 500;
const CONNECTIONS = 4;

/** Cards a second through the batch route, with short explanations and without. */
export async function benchBatch({ folder, seconds, rounds }: PartOptions): Promise<Line[]> {
  await trainDemo(folder, '2026-04-20T12:00:00Z');
  const { gateway, model, decision } = await startPlatform(folder);
  try {
    const ids = Object.keys(await allAnswers(gateway.url));
    const lines: Line[] = [];
    for (const explain of ['short', 'none']) {
      const cards = Array.from({ length: CARDS_A_BATCH }, (_, i) => ({ card_id: ids[i % ids.length]!, explain }));
      const load = {
        url: `${gateway.url}/fair_price/batch`,
        connections: CONNECTIONS,
        seconds,
        bodies: [JSON.stringify(cards)],
      };
      await runLoad(load);
      const rates: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const { requests_per_second, failed } = await runLoad(load);
        if (failed > 0) throw new Error(`${failed} batches failed`);
        rates.push(requests_per_second * CARDS_A_BATCH);
      }
      const what = explain === 'none' ? 'without explanations' : 'with short explanations';
      lines.push({ what, value: median(rates), unit: 'cards/s', target: '>= 150,000' });
    }
    return lines;
  } finally {
    await Promise.all([gateway, model, decision].map((running) => running.stop()));
  }
}
