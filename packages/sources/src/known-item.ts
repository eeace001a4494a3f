import type { WatchedCard } from '@pokewatch/watchlist';

/** A card that every real source has, for self-tests. */
export const knownCharizard: WatchedCard = {
  id: 'known-charizard-ex-199-165',
  name: 'Charizard ex',
  set: 'SV: Scarlet & Violet 151',
  number: '199/165',
  language: 'english',
  printing: 'Holofoil',
  rarity: 'Special Illustration Rare',
  category: 'grail',
  currency: 'USD',
  condition: 'Near Mint',
  level_usd: 432.58,
  ids: { tcgplayer: 517045, tcgcsv_category: 3, tcgcsv_group: 23237, tcgdex: 'sv03.5-199' },
};
