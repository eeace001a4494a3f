import { EXIT } from '@pokewatch/contracts';
import { readWatchlist } from '@pokewatch/watchlist';
import type { Context } from '../context.ts';
import { tableLines } from '../screen/table.ts';

/** Prints the watch-list. @throws bad_cards_file */
export function listCards(context: Context, json: boolean): number {
  const { cards, path } = readWatchlist(context.settings().POKEWATCH_CARDS);
  if (json) {
    context.out(JSON.stringify({ path, cards, count: cards.length }, null, 2));
    return EXIT.ok;
  }
  const rows = cards.map((card) => [card.id, card.name, card.set, card.number, card.printing, card.language]);
  const titles = ['card', 'name', 'set', 'number', 'printing', 'language'].map((title) => ({ title }));
  for (const line of tableLines(titles, rows)) context.out(line);
  context.out(`${cards.length} cards in ${path}`);
  return EXIT.ok;
}
