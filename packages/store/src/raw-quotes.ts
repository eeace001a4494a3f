import { DOUBLE, type DuckDBType, INTEGER } from '@duckdb/node-api';
import type { CardRow } from '@pokewatch/contracts';
import { type FilledColumn, fillTable, literal, withDuck } from './duck.ts';
import { hasRaw, type RawRun, rawPath } from './raw.ts';
import { cardColumns, publishCards, publishPrices } from './raw-table.ts';

/** Many quotes as columns: `length` of each count, the rest is room. For prices, NaN means none. */
export interface QuoteColumns {
  readonly length: number;
  /** Index into the cards of the same run; card id, printing, language and moment are the card's. */
  readonly card: Int32Array;
  /** Days since 1970-01-01 (UTC). */
  readonly day: Int32Array;
  readonly market: Float64Array;
  readonly low: Float64Array;
  readonly mid: Float64Array;
  readonly high: Float64Array;
}

/**
 * `writeRaw` for many quotes that share condition and currency: the same files, without an object for every row.
 * `cards` has one row for every card and printing.
 */
export async function writeRawQuotes(
  root: string,
  run: RawRun,
  cards: readonly CardRow[],
  quotes: QuoteColumns,
  shared: { readonly condition: string; readonly currency: string },
): Promise<void> {
  if (hasRaw(root, run)) return;
  await withDuck(async (duck) => {
    const order: FilledColumn = { name: 'card', type: INTEGER, value: (i) => i };
    await fillTable(duck, 'numbered_cards', [...cardColumns(cards), order], cards.length);
    await duck.run('create view cards as select * exclude (card) from numbered_cards');
    await publishCards(duck, rawPath(root, 'cards', run), 'cards');
    await fillTable(duck, 'quotes', quoteColumns(quotes), quotes.length);
    await duck.run(`
      create view prices as
      select card_id, source, printing, ${literal(shared.condition)} as condition, language, ${literal(shared.currency)} as currency,
        date '1970-01-01' + day as price_date, observed_at, market, low, mid, high, null::double as volume, run_id
      from quotes join numbered_cards using (card)`);
    await publishPrices(duck, rawPath(root, 'prices', run), 'prices');
  });
}

function quoteColumns(quotes: QuoteColumns): FilledColumn[] {
  const integers = (['card', 'day'] as const).map((name) => column(name, INTEGER, (i) => quotes[name][i]!));
  const prices = (['market', 'low', 'mid', 'high'] as const).map((name) =>
    column(name, DOUBLE, (i) => (Number.isNaN(quotes[name][i]) ? null : quotes[name][i]!)),
  );
  return [...integers, ...prices];
}

function column(name: string, type: DuckDBType, value: FilledColumn['value']): FilledColumn {
  return { name, type, value };
}
