import { existsSync } from 'node:fs';
import { DATE, DOUBLE, DuckDBDateValue, INTEGER, VARCHAR } from '@duckdb/node-api';
import { SIMULATED_SOURCE } from '@pokewatch/contracts';
import { PokewatchError } from '@pokewatch/core';
import type { DataStore } from './data-store.ts';
import { type DuckDBConnection, fileList, fillTable, literal, parquetError, queryRows, withDuck } from './duck.ts';
import { fetchChampion, fetchModel } from './fetch.ts';
import { publishFileBy } from './files.ts';
import { layout } from './layout.ts';
import { loadModel } from './models.ts';
import type { PredictionTable } from './prediction-table.ts';
import type { RawFile } from './raw.ts';
import { fetchRaw, fetchRawList } from './raw-store.ts';

/** Formats that prices and predictions are exported in. */
export const EXPORT_FORMATS = ['csv', 'parquet'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What was exported. */
export interface Exported {
  readonly out: string;
  readonly rows: number;
  readonly source: string;
  /** True for the demo market: the figures are simulated. */
  readonly simulated: boolean;
  /** Stored rows that are not in the file: replaced since, or of another currency or condition. */
  readonly left_out: number;
}

/**
 * Writes the stored prices of a source (needed when there are several) to the file `out`, with the columns that
 * `import` reads: one row a card, variant and day, as last observed, in USD for near mint cards.
 * @throws nothing_to_do without prices, bad_usage when the source is not clear, storage when `out` cannot be written.
 */
export async function exportPrices(
  store: DataStore,
  asked: { readonly format: ExportFormat; readonly out: string; readonly source?: string },
): Promise<Exported> {
  const prices = await filesToExport(store, asked.source);
  const source = prices[0]!.source;
  const cards = await fetchRawList(store, 'cards', source);
  await fetchRaw(store, [...prices, ...cards]);
  try {
    return await withDuck(async (duck) => {
      await duck.run(`create view stored as select * from ${parquet(prices)}`);
      await duck.run(exportSql(cards));
      await copyTo(duck, 'exported', asked.format, asked.out);
      const [count] = await queryRows(
        duck,
        'select (select count(*) from exported)::integer as rows, (select count(*) from stored)::integer as stored',
      );
      const { rows, stored } = count as { rows: number; stored: number };
      return { out: asked.out, rows, source, simulated: source === SIMULATED_SOURCE, left_out: stored - rows };
    });
  } catch (error) {
    throw parquetError(error, layout.raw(store.root));
  }
}

/**
 * Writes every prediction of the champion to the file `out`.
 * @throws nothing_to_do without a champion, bad_data_file when it is damaged, storage when `out` cannot be written.
 */
export async function exportPredictions(
  store: DataStore,
  asked: { readonly format: ExportFormat; readonly out: string },
): Promise<Exported> {
  const champion = await fetchChampion(store);
  if (champion === undefined) {
    throw new PokewatchError('nothing_to_do', 'there is no model yet', { hint: 'Run `pokewatch train` first.' });
  }
  await fetchModel(store, champion.model_version);
  const { manifest, table } = loadModel(store.root, champion.model_version);
  const rows = table.day.length;
  await withDuck(async (duck) => {
    await fillPredictions(duck, table);
    await duck.run(`
      create view exported as
      select card_id, date, market_price, fair_price, lower, upper, ${manifest.horizon_days} as horizon_days,
        ${literal(manifest.version)} as model_version from predictions order by row`);
    await copyTo(duck, 'exported', asked.format, asked.out);
  });
  return { out: asked.out, rows, source: manifest.source, simulated: manifest.simulated, left_out: 0 };
}

async function filesToExport(store: DataStore, asked: string | undefined): Promise<RawFile[]> {
  const files = await fetchRawList(store);
  const sources = [...new Set(files.map((file) => file.source))];
  if (sources.length === 0) {
    throw new PokewatchError('nothing_to_do', `${layout.rawPrices(store.root)} holds no prices`, {
      hint: 'Run `pokewatch collect` or `pokewatch import FILE` first.',
    });
  }
  if (asked === undefined && sources.length > 1) {
    throw new PokewatchError('bad_usage', `there are prices of ${sources.join(', ')}; they are not exported together`, {
      hint: 'Choose one with --source NAME.',
    });
  }
  if (asked !== undefined && !sources.includes(asked)) {
    throw new PokewatchError('nothing_to_do', `there are no prices of source ${JSON.stringify(asked)}`, {
      hint: `The data folder holds ${sources.join(', ')}.`,
    });
  }
  return files.filter((file) => file.source === (asked ?? sources[0]));
}

/** Views and the table `exported`; a card without a name or set gets one, because `import` wants them. */
function exportSql(cards: readonly RawFile[]): string {
  const named =
    cards.length === 0
      ? "select '' as card_id, '' as printing, '' as name, '' as set_name, '' as number, '' as rarity where false"
      : `select card_id, printing, name, set_name, number, rarity from ${parquet(cards)}
         qualify row_number() over (partition by card_id, printing order by observed_at desc, run_id desc, name, set_name, number, rarity) = 1`;
  return `
    create table exported as
    with named as (${named}), quotes as (
      select * from stored
      where currency = 'USD' and (condition = '' or starts_with(lower(condition), 'near mint'))
        and coalesce(market, low, mid, high) is not null
      qualify row_number() over (partition by card_id, printing, price_date order by observed_at desc, run_id desc) = 1
    )
    select q.card_id, coalesce(nullif(n.name, ''), q.card_id) as card_name, coalesce(nullif(n.set_name, ''), 'unknown') as "set",
      nullif(n.number, '') as number, nullif(n.rarity, '') as rarity, printing as variant, price_date as date, market, low, mid, high
    from quotes q left join named n using (card_id, printing)
    order by q.card_id, variant, date;`;
}

function parquet(files: readonly RawFile[]): string {
  return `read_parquet(${fileList(files.map((file) => file.path))}, hive_partitioning = false)`;
}

async function fillPredictions(duck: DuckDBConnection, table: PredictionTable): Promise<void> {
  const cardOfRow = new Int32Array(table.day.length);
  for (const [index, card] of table.cards.entries()) cardOfRow.fill(index, card.from, card.to);
  const price = (name: string, values: Float64Array) => ({ name, type: DOUBLE, value: (i: number) => values[i]! });
  await fillTable(
    duck,
    'predictions',
    [
      { name: 'row', type: INTEGER, value: (i) => i },
      { name: 'card_id', type: VARCHAR, value: (i) => table.cards[cardOfRow[i]!]!.card_id },
      { name: 'date', type: DATE, value: (i) => new DuckDBDateValue(table.day[i]!) },
      price('market_price', table.market),
      price('fair_price', table.fair),
      price('lower', table.lower),
      price('upper', table.upper),
    ],
    table.day.length,
  );
}

const FORMAT_SQL: Readonly<Record<ExportFormat, string>> = {
  csv: 'format csv, header',
  parquet: 'format parquet, compression zstd',
};

async function copyTo(duck: DuckDBConnection, table: string, format: ExportFormat, out: string): Promise<void> {
  try {
    await publishFileBy(out, async (unfinished) => {
      await duck.run(`copy (select * from ${table}) to ${literal(unfinished)} (${FORMAT_SQL[format]})`);
    });
  } catch (error) {
    if (!(error instanceof PokewatchError)) throw error;
    throw new PokewatchError('storage', error.message, {
      hint: existsSync(out) ? 'Choose another file.' : 'Choose a file in a folder that this user may write.',
      cause: error,
    });
  }
}
