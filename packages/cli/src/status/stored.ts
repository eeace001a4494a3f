import { SIMULATED_SOURCE } from '@pokewatch/contracts';
import { type DataStore, fetchRaw, fetchRawList, fileList, parquetError, queryRows, withDuck } from '@pokewatch/store';

/** What raw holds of one source. */
export interface StoredSource {
  readonly source: string;
  readonly simulated: boolean;
  readonly files: number;
  readonly rows: number;
  readonly cards: number;
  readonly first_date: string;
  readonly last_date: string;
}

/** What raw holds, by source. @throws bad_data_file when a file is damaged. */
export async function storedSources(store: DataStore): Promise<StoredSource[]> {
  const raw = await fetchRawList(store);
  await fetchRaw(store, raw);
  const bySource = Map.groupBy(raw, (file) => file.source);
  const found: StoredSource[] = [];
  for (const [source, files] of bySource) {
    const paths = fileList(files.map((file) => file.path));
    try {
      const [row] = await withDuck((duck) =>
        queryRows(
          duck,
          `select count(*)::integer as rows, count(distinct card_id)::integer as cards,
             min(price_date)::varchar as first_date, max(price_date)::varchar as last_date
           from read_parquet(${paths}, hive_partitioning = false)`,
        ),
      );
      const counts = row as { rows: number; cards: number; first_date: string | null; last_date: string | null };
      found.push({
        source,
        simulated: source === SIMULATED_SOURCE,
        files: files.length,
        ...counts,
        first_date: counts.first_date ?? '',
        last_date: counts.last_date ?? '',
      });
    } catch (error) {
      throw parquetError(error, store.root);
    }
  }
  return found;
}
