import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { seededRandom } from '../../packages/evaluation/src/index.ts';

const SETS = 25;
const FIRST_DAY = Date.UTC(2025, 3, 7);
const DAY_MS = 86_400_000;

/**
 * Writes a made-up market as an import file: cards of several sets whose prices follow the market and their set, with
 * listings around them. The same arguments give the same file.
 * @returns the number of rows.
 */
export async function writeMarket(path: string, cards: number, days: number): Promise<number> {
  const random = seededRandom(42);
  const file = createWriteStream(path);
  file.write('card_id,card_name,set,number,rarity,variant,date,market,low,mid,high\n');
  const walks = Array.from({ length: SETS + 1 }, () => walk(days, 0.008, random));
  for (let card = 0; card < cards; card++) {
    const own = walk(days, 0.02, random);
    const start = 0.5 * Math.exp(4 * random());
    let lines = '';
    for (let day = 0; day < days; day++) {
      const market = start * Math.exp(walks[SETS]![day]! + walks[card % SETS]![day]! + own[day]!);
      const date = new Date(FIRST_DAY + day * DAY_MS).toISOString().slice(0, 10);
      const prices = [market, market * (0.8 + 0.1 * random()), market * (1 + 0.1 * random()), market * (3 + random())];
      lines += `${100_000 + card},Card ${card},Set ${card % SETS},${card}/200,Rare,Holofoil,${date},${prices.map((price) => price.toFixed(2)).join(',')}\n`;
    }
    if (!file.write(lines)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
  return cards * days;
}

function walk(days: number, step: number, random: () => number): number[] {
  let at = 0;
  return Array.from({ length: days }, () => {
    at += step * (random() + random() + random() - 1.5) * 2;
    return at;
  });
}
