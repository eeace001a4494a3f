import type { DayRange } from '@pokewatch/sources';
import {
  type DataStore,
  fetchRaw,
  fetchRawList,
  fileList,
  parquetError,
  queryRows,
  type RawFile,
  withDuck,
} from '@pokewatch/store';
import type { Plan } from './staged.ts';

/**
 * First and last quoted day of every card that the store has of a source, but for what the collection `plan`
 * itself published: a rerun of it must ask for the same days.
 * @throws bad_data_file
 */
export async function storedDays(store: DataStore, source: string, plan: Plan): Promise<Map<string, DayRange>> {
  const own = (file: RawFile) => file.collected === plan.collected && file.run_id === plan.run_id;
  const files = (await fetchRawList(store, 'prices', source)).filter((file) => !own(file));
  if (files.length === 0) return new Map();
  await fetchRaw(store, files);
  try {
    const rows = await withDuck((duck) =>
      queryRows(
        duck,
        `select card_id, min(price_date)::varchar as first, max(price_date)::varchar as last
         from read_parquet(${fileList(files.map((file) => file.path))}, hive_partitioning = false) group by card_id`,
      ),
    );
    return new Map(
      rows.map((row) => [String(row.card_id), { from: String(row.first), through: String(row.last) }] as const),
    );
  } catch (error) {
    throw parquetError(error, store.root);
  }
}
