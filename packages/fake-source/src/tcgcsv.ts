import { dayFromEpoch } from '@pokewatch/core';
import type { DemoQuote } from '@pokewatch/demo-market';
import type { WatchedCard } from '@pokewatch/watchlist';
import type { Catalogue } from './catalogue.ts';
import { type Answer, type Asked, type FakeGiven, type FakeKind, json } from './kind.ts';

/** Cards of a group that are on no watch-list: product number on top of the group's, name, printings. */
const FILLERS: readonly { offset: number; name: string; number: string | undefined; printings: readonly string[] }[] = [
  { offset: 1, name: 'Ivysaur', number: '002/165', printings: ['Normal', 'Reverse Holofoil'] },
  { offset: 2, name: 'Pidgeot', number: '018/165', printings: ['Holofoil', 'Reverse Holofoil'] },
  { offset: 3, name: 'Nidoking', number: '034/165', printings: ['Normal'] },
  { offset: 4, name: 'Booster Box', number: undefined, printings: ['Normal'] },
];

/**
 * Fake tcgcsv: static files, rebuilt at 20:04 UTC; everything that is not there is CloudFront's 403 in XML, and so is
 * the withdrawn archive. Refuses clients that do not name themselves.
 * Modes: `no_price` a product without a price row, `extra_printing` a product with a second printing.
 */
export const tcgcsvFake: FakeKind = {
  setting: 'POKEWATCH_TCGCSV_URL',
  base: '',
  modes: { no_price: 0, extra_printing: 0 },
  start: (given) => (asked) => answer(given, asked),
};

function answer({ catalogue, clock, modes }: FakeGiven, { path, headers }: Asked): Answer {
  if (!/^PokeWatch\//.test(String(headers['user-agent'] ?? ''))) return denied();
  const rebuiltToday = clock.now().getUTCHours() * 60 + clock.now().getUTCMinutes() >= 20 * 60 + 4;
  const day = catalogue.today() - (rebuiltToday ? 0 : 1);
  if (path === '/last-updated.txt') return text(`${dayFromEpoch(day)}T20:04:11+0000`);
  if (path === '/tcgplayer/categories') return list([category(3, 'Pokemon'), category(85, 'Pokemon Japan')], true);
  const [, top, cat, group, file] = path.split('/');
  if (top !== 'tcgplayer' || cat === undefined) return denied();
  const inCategory = catalogue.cards.filter((card) => String(card.ids.tcgcsv_category) === cat);
  if (group === 'groups' && inCategory.length > 0) return list(groups(inCategory), true);
  const cards = inCategory.filter((card) => String(card.ids.tcgcsv_group) === group);
  if (cards.length === 0) return denied();
  if (file === 'products') return list(products(cards), true);
  if (file === 'prices')
    return list(prices(catalogue, cards, day, Number(modes.no_price), Number(modes.extra_printing)), false);
  return denied();
}

function list(results: readonly unknown[], total: boolean): Answer {
  return json({ ...(total ? { totalItems: results.length } : {}), success: true, errors: [], results });
}

function text(body: string): Answer {
  return { status: 200, headers: {}, type: 'text/plain', body };
}

function denied(): Answer {
  const body =
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';
  return { status: 403, headers: {}, type: 'application/xml', body };
}

function category(categoryId: number, name: string) {
  return { categoryId, name, displayName: name, popularity: 1, modifiedOn: '2026-01-01T00:00:00' };
}

function groups(cards: readonly WatchedCard[]) {
  const byGroup = new Map(cards.map((card) => [card.ids.tcgcsv_group, card]));
  return [...byGroup].map(([groupId, card]) => ({
    groupId,
    name: card.set,
    abbreviation: card.set.split(':')[0],
    isSupplemental: false,
    publishedOn: '2023-06-16T00:00:00',
    modifiedOn: '2026-10-01T10:00:00',
    categoryId: card.ids.tcgcsv_category,
  }));
}

function products(cards: readonly WatchedCard[]) {
  const { tcgcsv_category: categoryId, tcgcsv_group: groupId } = cards[0]!.ids;
  const product = (productId: number, name: string, number: string | undefined, rarity: string) => ({
    productId,
    name,
    cleanName: name.replace(/[^A-Za-z0-9 ]/g, ''),
    imageUrl: `https://tcgplayer-cdn.tcgplayer.com/product/${productId}_200w.jpg`,
    categoryId,
    groupId,
    url: `https://www.tcgplayer.com/product/${productId}`,
    modifiedOn: '2026-10-01T10:00:00.1',
    imageCount: 1,
    presaleInfo: { isPresale: false, releasedOn: null, note: null },
    extendedData:
      number === undefined
        ? [{ name: 'CardText', displayName: 'Card Text', value: 'Contains 36 packs' }]
        : [
            { name: 'Number', displayName: 'Card Number', value: number },
            { name: 'Rarity', displayName: 'Rarity', value: rarity },
          ],
  });
  return [
    ...cards.map((card) => product(card.ids.tcgplayer!, listedName(card), card.number, card.rarity)),
    ...FILLERS.map((filler) => product(fillerId(groupId!, filler.offset), filler.name, filler.number, 'Common')),
  ];
}

/** `Charizard ex - 201/165`; prints that are told apart in brackets go without the number. */
function listedName(card: WatchedCard): string {
  return card.name.includes('(') ? card.name : `${card.name} - ${card.number}`;
}

function fillerId(group: number, offset: number): number {
  return group * 1000 + offset;
}

function prices(
  catalogue: Catalogue,
  cards: readonly WatchedCard[],
  day: number,
  noPrice: number,
  extraPrinting: number,
) {
  const rows: unknown[] = [];
  for (const card of cards) {
    const quote = catalogue.quote(card.id, day);
    if (quote === undefined || card.ids.tcgplayer === noPrice) continue;
    rows.push(priceRow(card.ids.tcgplayer!, card.printing, quote, 1));
    if (card.ids.tcgplayer === extraPrinting) rows.push(priceRow(card.ids.tcgplayer, 'Reverse Holofoil', quote, 0.5));
  }
  const any = catalogue.quote(cards[0]!.id, day);
  for (const filler of any === undefined ? [] : FILLERS) {
    for (const [index, printing] of filler.printings.entries()) {
      rows.push(priceRow(fillerId(cards[0]!.ids.tcgcsv_group!, filler.offset), printing, any!, 0.01 * (1 + index)));
    }
  }
  return rows;
}

function priceRow(productId: number, subTypeName: string, quote: DemoQuote, factor: number) {
  const cents = (price: number | null) => (price === null ? null : Math.max(1, Math.round(price * factor * 100)) / 100);
  return {
    productId,
    lowPrice: cents(quote.low),
    midPrice: cents(quote.mid),
    highPrice: cents(quote.high),
    marketPrice: cents(quote.market),
    directLowPrice: null,
    subTypeName,
  };
}
