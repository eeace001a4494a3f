import type { RunReport } from '@pokewatch/contracts';
import type { JobProcess } from '@pokewatch/job';
import { readWatchlist } from '@pokewatch/watchlist';
import { preprocess } from './preprocess.ts';

/** Runs `preprocess` with the printings, currencies and conditions that the watch-list names. */
export function preprocessWatched(given: JobProcess): Promise<RunReport> {
  const { cards } = readWatchlist(given.settings.POKEWATCH_CARDS);
  const watched = cards.map(({ id, set, name, number, rarity, printing, language, currency, condition }) => ({
    card_id: id,
    set_name: set,
    name,
    number,
    rarity,
    printing,
    language,
    currency,
    condition,
  }));
  return preprocess(given, watched);
}
