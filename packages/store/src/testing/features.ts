import { join } from 'node:path';
import { DATE, DOUBLE, DuckDBDateValue, VARCHAR } from '@duckdb/node-api';
import { dayFromEpoch, epochDay } from '@pokewatch/core';
import { fillTable, literal, withDuck } from '../duck.ts';
import { MANIFEST, setCurrentFeatures } from '../features.ts';
import { fileEntries, jsonText, publishFile, publishFolder, sha256 } from '../files.ts';
import { layout } from '../layout.ts';
import { CARDS_FILE, DAILY_FILE } from '../panel-data.ts';

/** One card's daily quotes for a test. */
export interface TestSeries {
  readonly card_id: string;
  readonly set_name: string;
  readonly market: readonly number[];
  readonly mid: readonly number[];
}

const FIRST = epochDay('2025-01-01');

/** Publishes features made of the given series, as `preprocess` would, and makes them current. */
export async function publishFeatures(root: string, series: readonly TestSeries[], source = 'import'): Promise<void> {
  const rows = series.flatMap((one) =>
    one.market.map((market, day) => ({ card_id: one.card_id, day, market, mid: one.mid[day]! })),
  );
  const raw_sha256 = sha256(JSON.stringify(rows));
  const version = `f-${raw_sha256.slice(0, 12)}`;
  await withDuck(async (duck) => {
    await fillTable(
      duck,
      'd',
      [
        { name: 'card_id', type: VARCHAR, value: (i) => rows[i]!.card_id },
        { name: 'date', type: DATE, value: (i) => new DuckDBDateValue(FIRST + rows[i]!.day) },
        { name: 'market', type: DOUBLE, value: (i) => rows[i]!.market },
        { name: 'mid', type: DOUBLE, value: (i) => rows[i]!.mid },
      ],
      rows.length,
    );
    await fillTable(
      duck,
      'c',
      [
        { name: 'card_id', type: VARCHAR, value: (i) => series[i]!.card_id },
        { name: 'set_name', type: VARCHAR, value: (i) => series[i]!.set_name },
      ],
      series.length,
    );
    await publishFolder(layout.features(root, version), async (folder) => {
      await duck.run(
        `copy (select card_id, date, market, mid * 0.85 as low, mid, mid * 2 as high, []::varchar[] as flags from d order by card_id, date) to ${literal(join(folder, DAILY_FILE))} (format parquet)`,
      );
      await duck.run(
        `copy (select card_id, 'Card ' || card_id as name, set_name, '1' as number, 'Rare' as rarity, 'Holofoil' as printing, 'english' as language, 'USD' as currency from c) to ${literal(join(folder, CARDS_FILE))} (format parquet)`,
      );
      const facts = {
        kind: 'features',
        version,
        source,
        simulated: source === 'demo',
        raw_sha256,
        code_version: 'test',
        rows: rows.length,
        cards: series.length,
        flags: {},
      };
      const dates = {
        first_date: dayFromEpoch(FIRST),
        last_date: dayFromEpoch(FIRST + Math.max(...rows.map((row) => row.day))),
      };
      publishFile(
        join(folder, MANIFEST),
        jsonText({ ...facts, ...dates, files: fileEntries(folder, [DAILY_FILE, CARDS_FILE]) }),
      );
    });
  });
  setCurrentFeatures(root, version);
}

/** Numbers from −1 to 1 that depend on the seed only (a linear congruential generator is enough for a test). */
export function noise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Cards whose median listing leads the market price by some days, so that there is something to learn. */
export function ledMarket(cards: number, days: number, seed: number): TestSeries[] {
  return Array.from({ length: cards }, (_, card) => {
    const random = noise(seed * 1000 + card);
    let [value, market] = [Math.log(20 + card), Math.log(20 + card)];
    const series = {
      card_id: `card-${String(card).padStart(3, '0')}`,
      set_name: `Set ${card % 3}`,
      market: [] as number[],
      mid: [] as number[],
    };
    for (let day = 0; day < days; day++) {
      value += 0.03 * random();
      market += 0.12 * (value - market) + 0.004 * random();
      series.market.push(Math.round(Math.exp(market) * 100) / 100);
      series.mid.push(Math.round(Math.exp(value + 0.1) * 100) / 100);
    }
    return series;
  });
}

/** Cards whose listings say nothing, and whose prices jump to and fro around a level that nothing foretells. */
export function deafMarket(cards: number, days: number, seed: number): TestSeries[] {
  return ledMarket(cards, days, seed).map((series, card) => {
    const random = noise(seed * 7777 + card);
    let walk = Math.log(30);
    return {
      ...series,
      market: series.market.map(() => {
        walk += 0.05 * random();
        return Math.exp(walk);
      }),
      mid: series.mid.map(() => 30 * Math.exp(0.3 * random())),
    };
  });
}
