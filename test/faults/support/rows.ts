import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { literal, queryRows, withDuck } from '../../../packages/store/src/index.ts';

/** Rows in all Parquet files of a folder, counted by reading them. */
async function rowsIn(folder: string): Promise<number> {
  if (!existsSync(folder)) return 0;
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.parquet'));
  let rows = 0;
  for (const name of names)
    rows += await withDuck(async (duck) => {
      const [found] = await queryRows(duck, `select count(*)::integer as n from ${literal(join(folder, name))}`);
      return Number(found?.n);
    });
  return rows;
}

/** How many rows of raw prices and features an undisturbed data folder has more than another. */
export async function rowsLost(data: string, undisturbed: string): Promise<number> {
  let lost = 0;
  for (const part of ['raw', 'features'])
    lost += (await rowsIn(join(undisturbed, part))) - (await rowsIn(join(data, part)));
  return lost;
}
