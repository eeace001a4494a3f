import { dayFromEpoch } from '@pokewatch/core';
import type { DemoQuote } from '@pokewatch/demo-market';
import type { WatchedCard } from '@pokewatch/watchlist';
import { type Answer, type Asked, type FakeGiven, type FakeKind, json } from './kind.ts';

const LANGUAGES = ['en', 'ja', 'fr', 'de', 'es', 'it', 'pt', 'pt-br', 'ko', 'zh-tw', 'zh-cn', 'th', 'id'];
const EUR_PER_USD = 0.9;

/**
 * Fake TCGdex: single cards with prices of both shops, a day old; Japanese cards have no TCGplayer block; Master Ball
 * prints stand in `variants_detailed` under the plain card.
 * Modes: `keys` dashed, camel or short: how printings are spelled. `mismapped`, `unpriced`: TCGdex id of a card whose
 * Cardmarket price belongs to another card, or that has no price at all.
 */
export const tcgdexFake: FakeKind = {
  setting: 'POKEWATCH_TCGDEX_URL',
  base: '/v2',
  modes: { keys: 'dashed', mismapped: '', unpriced: '' },
  start: (given) => (asked) => answer(given, asked),
};

function answer(given: FakeGiven, { path }: Asked): Answer {
  if (path === '/v2/ping') return json('pong');
  const found = /^\/v2\/([^/]+)\/cards(?:\/(.+))?$/.exec(path);
  if (found === null) return problem('not-found', path);
  const [, language = '', id] = found;
  if (!LANGUAGES.includes(language))
    return problem('language-invalid', path, {
      lang: language,
      details: `You must use one of ${LANGUAGES.join(', ')}`,
    });
  const cards = given.catalogue.cards.filter(
    (card) => (card.language === 'japanese' ? 'ja' : 'en') === language && card.ids.tcgdex !== undefined,
  );
  if (id === undefined)
    return json(cards.map((card) => ({ id: card.ids.tcgdex, localId: localId(card), name: nameOf(card) })));
  const prints = cards.filter((card) => card.ids.tcgdex!.toLowerCase() === id.toLowerCase());
  return prints.length === 0 ? problem('not-found', path) : json(cardBody(given, prints));
}

function problem(type: string, endpoint: string, more: object = {}): Answer {
  const title =
    type === 'not-found'
      ? 'The resource you are trying to reach does not exists'
      : 'The chosen language is not available in the database';
  return json({ type: `https://tcgdex.dev/errors/${type}`, title, status: 404, endpoint, method: 'GET', ...more }, 404);
}

function cardBody(given: FakeGiven, prints: readonly WatchedCard[]) {
  const card = prints[0]!;
  const plain = prints.find((print) => print.ids.tcgdex_foil === undefined);
  const variants = prints.map((print) => ({
    type: print.ids.tcgdex_foil === undefined ? 'holo' : 'reverse',
    size: 'standard',
    variantId: `v-${print.ids.tcgplayer ?? 0}`,
    ...(print.ids.tcgdex_foil === undefined ? {} : { foil: print.ids.tcgdex_foil }),
    pricing: pricing(given, print, 1),
  }));
  return {
    category: 'Pokemon',
    id: card.ids.tcgdex,
    localId: localId(card),
    name: nameOf(card),
    rarity: card.rarity,
    set: { id: card.ids.tcgdex!.split('-')[0], name: card.set, cardCount: { official: 165, total: 210 } },
    variants: { normal: false, reverse: false, holo: true, firstEdition: false, wPromo: false },
    variants_detailed: variants,
    // The root holds the first priced variant: of a foil-only print that is the plain card, at a fraction of the price.
    pricing: plain === undefined ? pricing(given, card, 0.02) : pricing(given, plain, 1),
  };
}

function localId(card: WatchedCard): string {
  return card.ids.tcgdex!.split('-')[1]!;
}

function nameOf(card: WatchedCard): string {
  return card.language === 'japanese' ? 'ポケモンex' : card.name.replace(/ \([^)]*\)$/, '');
}

function pricing({ catalogue, modes }: FakeGiven, card: WatchedCard, factor: number) {
  const day = catalogue.today() - 1;
  const quote = modes.unpriced === card.ids.tcgdex ? undefined : catalogue.quote(card.id, day);
  if (quote === undefined) return { cardmarket: null, tcgplayer: null };
  const moved = modes.mismapped === card.ids.tcgdex ? 0.02 : 1;
  return {
    cardmarket: cardmarket(quote, factor * moved * EUR_PER_USD, `${dayFromEpoch(day)}T01:42:59.000Z`),
    tcgplayer:
      card.language === 'japanese'
        ? null
        : tcgplayer(card, quote, factor, String(modes.keys), `${dayFromEpoch(day)}T20:04:54.000Z`),
  };
}

function cardmarket(quote: DemoQuote, factor: number, updated: string) {
  const price = (value: number | null) => (value === null ? null : Math.max(1, Math.round(value * factor * 100)) / 100);
  const trend = price(quote.market);
  return {
    updated,
    unit: 'EUR',
    idProduct: 574273,
    avg: trend,
    low: price(quote.low),
    trend,
    avg1: trend,
    avg7: trend,
    avg30: trend,
    'avg-holo': null,
    'low-holo': null,
    'trend-holo': 0,
    'avg1-holo': null,
    'avg7-holo': null,
    'avg30-holo': null,
  };
}

function tcgplayer(card: WatchedCard, quote: DemoQuote, factor: number, keys: string, updated: string) {
  const price = (value: number | null) => (value === null ? null : Math.max(1, Math.round(value * factor * 100)) / 100);
  return {
    updated,
    unit: 'USD',
    [spelled(card.printing, keys)]: {
      productId: card.ids.tcgplayer,
      lowPrice: price(quote.low),
      midPrice: price(quote.mid),
      highPrice: price(quote.high),
      marketPrice: price(quote.market),
      directLowPrice: null,
    },
  };
}

function spelled(printing: string, keys: string): string {
  const words = printing.toLowerCase().split(' ');
  if (keys === 'camel')
    return words.map((word, i) => (i === 0 ? word : word[0]!.toUpperCase() + word.slice(1))).join('');
  if (keys === 'short')
    return words
      .join('-')
      .replace('reverse-holofoil', 'reverse')
      .replace(/^holofoil$/, 'holo');
  return words.join('-');
}
