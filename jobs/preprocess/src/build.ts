import type { JobContext } from '@pokewatch/job';
import { type DuckDBConnection, fileList, literal, queryRows } from '@pokewatch/store';
import { CARD_FACTS_SQL, identitySql, type WatchedIdentity } from './identity-sql.ts';
import { DAILY_SQL, sortOutSql, TABLES_SQL } from './quality-sql.ts';
import type { ChosenSource } from './source.ts';

/** About so many rows are worked on at a time: that bounds memory however large the catalogue is. */
const RANGE_ROWS = 1_000_000;

type Context = Pick<JobContext, 'progress' | 'breathe'>;

/**
 * Makes the tables `packed.daily`, `excluded` and `card_facts` from the raw files, one range of cards of about
 * `range_rows` rows after another. How they are divided changes nothing but the last bits of volatilities.
 */
export async function build(
  duck: DuckDBConnection,
  context: Context,
  chosen: ChosenSource,
  watched: readonly WatchedIdentity[],
  range_rows = RANGE_ROWS,
): Promise<void> {
  const files = (of: ChosenSource['prices']) =>
    `select * from read_parquet(${fileList(of.map((file) => file.path))}, hive_partitioning = false)`;
  await step(context, 0, 'telling cards apart');
  for (const sql of [
    `create view raw as ${files(chosen.prices)}`,
    `create view raw_cards as ${files(chosen.cards)}`,
    ...identitySql(watched),
    ...TABLES_SQL,
  ])
    await duck.run(sql);
  const ranges = await cardRanges(duck, range_rows);
  for (const [done, range] of ranges.entries()) {
    await step(context, done / ranges.length, 'sorting out');
    for (const sql of sortOutSql(range)) await duck.run(sql);
    await step(context, (done + 0.4) / ranges.length, 'flagging');
    for (const sql of DAILY_SQL) await duck.run(sql);
  }
  await step(context, 1, 'naming');
  await duck.run(CARD_FACTS_SQL);
}

async function step(context: Context, share: number, label: string): Promise<void> {
  context.progress.update(Math.round(100 * share), 100, label);
  await context.breathe();
}

/** Conditions on `card_id` that divide the raw rows into ranges of whole cards. */
async function cardRanges(duck: DuckDBConnection, range_rows: number): Promise<string[]> {
  const rows = await queryRows(
    duck,
    `with counted as (
      select card_id, count(*) as n from raw group by card_id
    ), divided as (
      select card_id, (sum(n) over (order by card_id rows unbounded preceding) - n) // ${range_rows} as range from counted
    )
    select min(card_id) as first from divided group by range order by range`,
  );
  const firsts = rows.map((row) => literal(String(row.first)));
  return firsts.map((first, i) => {
    const bounds = [
      ...(i > 0 ? [`card_id >= ${first}`] : []),
      ...(i + 1 < firsts.length ? [`card_id < ${firsts[i + 1]}`] : []),
    ];
    return bounds.length > 0 ? bounds.join(' and ') : 'true';
  });
}
