import { EXIT } from '@pokewatch/contracts';
import { pause } from '@pokewatch/core';
import { sourceToCollect } from '@pokewatch/job-collector';
import { checkCards, createSource } from '@pokewatch/sources';
import { withStore } from '@pokewatch/store';
import { readWatchlist } from '@pokewatch/watchlist';
import type { Context } from '../context.ts';
import { tableLines } from '../screen/table.ts';

/**
 * Compares every mapping of the watch-list with what a source says, and names the suspects.
 * @returns 1 when there are any.
 */
export async function checkMappings(context: Context, asked: string | undefined, json: boolean): Promise<number> {
  const settings = context.settings();
  const name = await withStore(settings, (store) => sourceToCollect(store, asked ?? settings.POKEWATCH_SOURCE));
  const tools = { settings, clock: context.clock(), logger: context.logger('cards'), random: Math.random, wait: pause };
  const source = createSource(name, tools);
  const { cards } = readWatchlist(settings.POKEWATCH_CARDS);
  const checks = await checkCards(source, cards, context.stop);
  const count = (verdict: string) => checks.filter((check) => check.verdict === verdict).length;
  const suspects = count('suspect');
  if (json) context.out(JSON.stringify({ source: name, simulated: source.simulated, suspects, checks }, null, 2));
  else {
    const shown = checks.filter((check) => check.verdict !== 'ok');
    const rows = shown.map((check) => [check.verdict, check.card_id, check.reasons.join('; ')]);
    const titles = [{ title: 'verdict' }, { title: 'card' }, { title: 'why' }];
    if (rows.length > 0) for (const line of tableLines(titles, rows)) context.out(line);
    const simulated = source.simulated ? ' (a SIMULATED market: it agrees with whatever the watch-list says)' : '';
    context.out(
      `${count('ok')} of ${checks.length} cards fit ${source.title}${simulated}; ${suspects} suspect, ${count('skipped')} not asked about`,
    );
  }
  return suspects === 0 ? EXIT.ok : EXIT.failed;
}
