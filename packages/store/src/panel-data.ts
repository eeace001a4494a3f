import type { DuckDBDoubleVector, DuckDBIntegerVector } from '@duckdb/node-api';
import { type CardFacts, type FeatureManifest, FLAGS, PANEL_FLAGS } from '@pokewatch/contracts';
import { epochDay } from '@pokewatch/core';
import { literal, parquetError, queryRows, withDuck } from './duck.ts';
import { checkedFeatureFile } from './features.ts';

/**
 * Cleaned daily prices as dense matrices, card-major: element `card * days + (day − first_day)`; NaN means none.
 * `flags` are bits of `PANEL_FLAGS`; `suspect` is 1 where one of them means that the quote must not be learned from.
 */
export interface PanelData {
  readonly first_day: number;
  readonly days: number;
  readonly cards: readonly CardFacts[];
  readonly market: Float64Array;
  readonly low: Float64Array;
  readonly mid: Float64Array;
  readonly high: Float64Array;
  readonly suspect: Uint8Array;
  readonly flags: Uint16Array;
}

/** Files of a features version. */
export const DAILY_FILE = 'daily.parquet';
export const CARDS_FILE = 'cards.parquet';

const SUSPECT_BITS = PANEL_FLAGS.reduce((bits, flag, bit) => (FLAGS[flag].suspect ? bits | (1 << bit) : bits), 0);

/**
 * Reads the panel of a features version into memory, cards in the order of their ids.
 * @throws bad_data_file when a file is missing or damaged.
 */
export async function readPanel(root: string, manifest: FeatureManifest): Promise<PanelData> {
  const daily = checkedFeatureFile(root, manifest, DAILY_FILE);
  const cardsFile = checkedFeatureFile(root, manifest, CARDS_FILE);
  try {
    return await withDuck(async (duck) => {
      const rows = await queryRows(
        duck,
        `select card_id, name, set_name, number, rarity, printing, language, currency from ${literal(cardsFile)} order by card_id`,
      );
      const cards = (rows as unknown as CardFacts[]).toSorted((a, b) => (a.card_id < b.card_id ? -1 : 1));
      const place = new Map(cards.map((card, at) => [card.card_id, at]));
      // DuckDB orders by UTF-8 bytes, JavaScript by UTF-16 units; for rare characters that is not the same.
      const placeOfRow = Int32Array.from(rows, (row) => place.get(String(row.card_id))!);
      const first_day = epochDay(manifest.first_date);
      const days = epochDay(manifest.last_date) - first_day + 1;
      const size = cards.length * days;
      // Shared memory: worker threads read the panel without a copy each.
      const matrix = () => new Float64Array(new SharedArrayBuffer(size * 8)).fill(Number.NaN);
      const panel = {
        first_day,
        days,
        cards,
        market: matrix(),
        low: matrix(),
        mid: matrix(),
        high: matrix(),
        suspect: new Uint8Array(size),
        flags: new Uint16Array(size),
      };
      const bits = PANEL_FLAGS.map(
        (flag, bit) => `(case when list_contains(d.flags, ${literal(flag)}) then ${1 << bit} else 0 end)`,
      ).join(' + ');
      // A stream: the whole result beside the panel would need as much memory again.
      const result = await duck.stream(`
        with c as (select card_id, (row_number() over (order by card_id) - 1)::integer as card from ${literal(cardsFile)})
        select c.card, (d.date - date '1970-01-01')::integer as day, d.market, d.low, d.mid, d.high, (${bits})::integer as bits
        from ${literal(daily)} d join c using (card_id)`);
      for (;;) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) break;
        const integers = (column: number) => chunk.getColumnVector(column) as DuckDBIntegerVector;
        const doubles = (column: number) => chunk.getColumnVector(column) as DuckDBDoubleVector;
        const [card, day, flags] = [integers(0), integers(1), integers(6)];
        const [market, low, mid, high] = [doubles(2), doubles(3), doubles(4), doubles(5)];
        for (let i = 0; i < chunk.rowCount; i++) {
          const at = placeOfRow[card.getItem(i)!]! * days + (day.getItem(i)! - first_day);
          panel.market[at] = market.getItem(i) ?? Number.NaN;
          panel.low[at] = low.getItem(i) ?? Number.NaN;
          panel.mid[at] = mid.getItem(i) ?? Number.NaN;
          panel.high[at] = high.getItem(i) ?? Number.NaN;
          panel.flags[at] = flags.getItem(i)!;
          panel.suspect[at] = (flags.getItem(i)! & SUSPECT_BITS) === 0 ? 0 : 1;
        }
      }
      return panel;
    });
  } catch (error) {
    throw parquetError(error, daily);
  }
}
