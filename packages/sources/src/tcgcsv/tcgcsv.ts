import { priceOrNull } from '@pokewatch/contracts';
import { CODE_VERSION, dayOf, type HttpAnswer, PokewatchError } from '@pokewatch/core';
import type { WatchedCard } from '@pokewatch/watchlist';
import { ask, BadBody, jsonBody, shaped } from '../ask.ts';
import { knownCharizard } from '../known-item.ts';
import { productCardId } from '../printing.ts';
import { PartRefusedError } from '../refusals.ts';
import type {
  CardDraft,
  CollectRequest,
  PartResult,
  PriceDraft,
  PriceSource,
  SourceFinding,
  SourcePart,
  SourceTools,
} from '../source.ts';
import { extended, type Price, PricesSchema, type Product, ProductsSchema, parseLastUpdated } from './answers.ts';

const TITLE = 'tcgcsv';

/** One TCGplayer group (a set): tcgcsv keeps a file of products and a file of prices for each. */
interface Group {
  readonly category: number;
  readonly group: number;
  readonly cards: readonly WatchedCard[];
}

/** Source `tcgcsv`: TCGplayer's daily prices of whole sets, English and Japanese, without a key. */
export function tcgcsvSource(tools: SourceTools): PriceSource {
  const client = tcgcsvClient(tools);
  return {
    name: 'tcgcsv',
    title: TITLE,
    simulated: false,
    capabilities: { history: false, listings: true, languages: ['english', 'japanese'], currencies: ['USD'] },
    limits: 'No key. Rebuilt daily at about 20:00 UTC; the same file is asked for once a day at most.',
    variant: '',
    knownItem: knownCharizard,
    parts: (request) => groupParts(request, client, tools),
    async check(cards, signal) {
      const byId = new Map<string, SourceFinding>();
      for (const group of groupsOf(cards)) {
        const { products, prices } = await client.group(group, signal);
        for (const card of group.cards) byId.set(card.id, finding(card, products, prices));
      }
      return cards.map((card) => byId.get(card.id) ?? { card_id: card.id, found: false, skipped: 'has no tcgcsv ids' });
    },
  };
}

interface TcgcsvClient {
  /** The UTC day that the prices are of. Asked for once. */
  priceDay(signal: AbortSignal): Promise<string>;
  group(group: Group, signal: AbortSignal): Promise<{ products: Product[]; prices: Price[] }>;
}

function tcgcsvClient(tools: SourceTools): TcgcsvClient {
  const base = tools.settings.POKEWATCH_TCGCSV_URL;
  const headers = { 'user-agent': `PokeWatch/${CODE_VERSION} (card price watch, one fetch of each file a day)` };
  const askFor = <T>(
    path: string,
    what: string,
    signal: AbortSignal,
    read: (body: string) => T,
    judge?: (answer: HttpAnswer) => undefined,
  ) => ask<T>(tools, { title: TITLE, what, url: `${base}${path}`, headers, signal, read, ...(judge && { judge }) });
  let day: string | undefined;
  return {
    async priceDay(signal) {
      day ??= await askFor('/last-updated.txt', 'last-updated.txt', signal, readLastUpdated, refuseAll);
      return day;
    },
    async group({ category, group }, signal) {
      const path = `/tcgplayer/${category}/${group}`;
      const judge = (answer: HttpAnswer) => refuseGroup(answer, category, group);
      const products = `products of group ${group}`;
      const prices = `prices of group ${group}`;
      return {
        products: shaped(
          TITLE,
          products,
          ProductsSchema,
          await askFor(`${path}/products`, products, signal, jsonBody, judge),
        ).results,
        prices: shaped(TITLE, prices, PricesSchema, await askFor(`${path}/prices`, prices, signal, jsonBody, judge))
          .results,
      };
    },
  };
}

function readLastUpdated(body: string): string {
  if (/^\s*</.test(body)) throw new BadBody('a web page instead of a date');
  const moment = parseLastUpdated(body);
  if (moment !== undefined) return dayOf(moment);
  if (/^\s*(\d{4}|$)/.test(body)) throw new BadBody('a broken answer (half a date)');
  throw new PokewatchError('source_changed', `${TITLE}, last-updated.txt: not a moment in time`, {
    hint: 'Without it prices have no date. Look whether tcgcsv.com has changed.',
  });
}

function refuseAll(answer: HttpAnswer): undefined {
  if (answer.status !== 403 && answer.status !== 404) return;
  throw new PokewatchError('source_refused', `${TITLE} refuses last-updated.txt (${answer.status})`, {
    hint: 'Is POKEWATCH_TCGCSV_URL right? tcgcsv shuts out clients that ask too often; asking again at once does not help.',
  });
}

function refuseGroup(answer: HttpAnswer, category: number, group: number): undefined {
  if (answer.status !== 403 && answer.status !== 404) return;
  throw new PartRefusedError(
    `${TITLE} has no files of group ${group} in category ${category} (${answer.status})`,
    'Check tcgcsv_category and tcgcsv_group of its cards in the watch-list. tcgcsv answers so for files that it does not have.',
  );
}

function groupsOf(cards: readonly WatchedCard[]): Group[] {
  const groups = new Map<string, Group & { cards: WatchedCard[] }>();
  for (const card of cards) {
    const { tcgcsv_category: category, tcgcsv_group: group } = card.ids;
    if (category === undefined || group === undefined) continue;
    const key = `${category}-${group}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { category, group, cards: [card] });
    else known.cards.push(card);
  }
  return [...groups.values()];
}

function groupParts(request: CollectRequest, client: TcgcsvClient, tools: SourceTools): SourcePart[] {
  const groups = groupsOf(request.cards);
  const left = request.cards.filter((card) => card.ids.tcgcsv_group === undefined);
  return groups.map((group, index) => ({
    name: `group-${group.category}-${group.group}`,
    label: group.cards[0]!.set,
    async fetch(signal) {
      const price_date = await client.priceDay(signal);
      const { products, prices } = await client.group(group, signal);
      const rows = groupRows(group, products, prices, price_date, tools.clock.now().toISOString());
      const without =
        index > 0 || left.length === 0 ? [] : [`no tcgcsv ids: ${left.map((card) => card.id).join(', ')}`];
      return { ...rows, notes: [...without, ...rows.notes] };
    },
  }));
}

/** Rows of all single cards of a group. A product is a card once for each printing that it has. */
function groupRows(
  group: Group,
  products: readonly Product[],
  prices: readonly Price[],
  price_date: string,
  observed_at: string,
): PartResult {
  const singles = new Map(
    products.filter((product) => extended(product, 'Number')).map((product) => [product.productId, product]),
  );
  const { set: set_name, language } = group.cards[0]!;
  const priceRows: PriceDraft[] = [];
  const cardRows: CardDraft[] = [];
  const priced = new Set<string>();
  for (const price of prices) {
    const product = singles.get(price.productId);
    const figures = {
      market: priceOrNull(price.marketPrice),
      low: priceOrNull(price.lowPrice),
      mid: priceOrNull(price.midPrice),
      high: priceOrNull(price.highPrice),
    };
    if (product === undefined || Object.values(figures).every((value) => value === null)) continue;
    const printing = price.subTypeName;
    const watched = group.cards.filter((card) => card.ids.tcgplayer === price.productId && card.printing === printing);
    const ids = watched.length > 0 ? watched.map((card) => card.id) : [productCardId(price.productId, printing)];
    const common = { source: 'tcgcsv', printing, language, observed_at };
    for (const card_id of ids) {
      priced.add(card_id);
      priceRows.push({ ...common, card_id, condition: '', currency: 'USD', price_date, ...figures, volume: null });
      cardRows.push({
        ...common,
        card_id,
        product_id: String(price.productId),
        name: product.name,
        set_name,
        number: extended(product, 'Number') ?? '',
        rarity: extended(product, 'Rarity') ?? '',
      });
    }
  }
  const others = products.length - singles.size;
  return {
    prices: priceRows,
    cards: cardRows,
    notes: unpricedNotes(group, prices, priced),
    ...(others > 0 ? { tallies: { 'products without a card number (sealed) left out': others } } : {}),
  };
}

/** A note for each watched card that has no price in its printing. */
function unpricedNotes(group: Group, prices: readonly Price[], priced: ReadonlySet<string>): string[] {
  const notes: string[] = [];
  for (const card of group.cards) {
    if (priced.has(card.id)) continue;
    const printings = prices
      .filter((price) => price.productId === card.ids.tcgplayer)
      .map((price) => price.subTypeName);
    const instead = printings.length === 0 ? 'no price row at all' : `prices for ${printings.join(', ')}`;
    notes.push(`${card.id}: no price for ${card.printing} (product ${card.ids.tcgplayer ?? 'unknown'} has ${instead})`);
  }
  return notes;
}

function finding(card: WatchedCard, products: readonly Product[], prices: readonly Price[]): SourceFinding {
  const product = products.find((one) => one.productId === card.ids.tcgplayer);
  if (product === undefined) return { card_id: card.id, found: false };
  const own = prices.filter((price) => price.productId === product.productId);
  const market = own.find((price) => price.subTypeName === card.printing)?.marketPrice;
  const number = extended(product, 'Number');
  return {
    card_id: card.id,
    found: true,
    name: product.name,
    ...(number === undefined ? {} : { number }),
    // Japanese products lose their price rows for months; then the printing is unknown rather than wrong.
    ...(own.length === 0 ? {} : { printings: own.map((price) => price.subTypeName) }),
    price: priceOrNull(market),
  };
}
