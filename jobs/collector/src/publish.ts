import type { CardRow, PriceRow } from '@pokewatch/contracts';
import { type DataStore, isRawPublished, publishRaw, writeRaw } from '@pokewatch/store';
import type { Plan, Staging } from './staged.ts';

/** What a collection published. */
export interface Published {
  readonly price_rows: number;
  readonly card_rows: number;
  readonly spent: number;
  /** The newest day that there is a price of; null when there is none. */
  readonly newest_price: string | null;
  readonly notes: readonly string[];
}

/**
 * Publishes everything that is staged as one raw file of the plan's run. A file that is there already is left alone, so
 * a run that died between publishing and tidying up does not double a row.
 */
export async function publishStaged(
  store: DataStore,
  source: string,
  plan: Plan,
  staging: Staging,
): Promise<Published> {
  const prices: PriceRow[] = [];
  const cards: CardRow[] = [];
  const notes = new Set<string>();
  const tallies = new Map<string, number>();
  let spent = 0;
  for (const name of [...staging.parts()].sort()) {
    const part = staging.get(name)!;
    for (const row of part.prices) prices.push({ ...row, run_id: plan.run_id });
    for (const row of part.cards) cards.push({ ...row, run_id: plan.run_id });
    for (const note of part.notes) notes.add(note);
    for (const [text, n] of Object.entries(part.tallies ?? {})) tallies.set(text, (tallies.get(text) ?? 0) + n);
    spent += part.spent ?? 0;
  }
  const summed = [...tallies].map(([text, n]) => `${n} ${text}`);
  const run = { source, collected: plan.collected, run_id: plan.run_id };
  if (prices.length > 0 && !(await isRawPublished(store, run))) {
    await writeRaw(store.root, run, prices, cards);
    await publishRaw(store, run);
  }
  const newest_price = prices.reduce<string | null>(
    (newest, { price_date }) => (newest === null || price_date > newest ? price_date : newest),
    null,
  );
  return { newest_price, price_rows: prices.length, card_rows: cards.length, spent, notes: [...notes, ...summed] };
}
