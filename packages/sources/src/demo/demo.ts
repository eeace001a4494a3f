import { dayFromEpoch, dayOf, epochDay } from '@pokewatch/core';
import { type DemoCard, type DemoMarket, type DemoQuote, demoMarket } from '@pokewatch/demo-market';
import type { WatchedCard } from '@pokewatch/watchlist';
import type {
  CardDraft,
  CollectRequest,
  PriceDraft,
  PriceSource,
  SourceFinding,
  SourcePart,
  SourceTools,
} from '../source.ts';

/** Days of one part. */
const PART_DAYS = 50;

/** What the simulation has to know of a watched card. */
export function demoCard(card: WatchedCard): DemoCard {
  return { id: card.id, set: card.set, printing: card.printing, level: card.level_usd };
}

/** Source `demo`: a simulated market of the watched cards, up to today, without key or network. */
export function demoSource(tools: SourceTools): PriceSource {
  const { POKEWATCH_DEMO_SEED: seed, POKEWATCH_DEMO_DAYS: days } = tools.settings;
  return {
    name: 'demo',
    title: 'Simulated market',
    simulated: true,
    capabilities: { history: true, listings: true, languages: ['english', 'japanese'], currencies: ['USD', 'EUR'] },
    limits: `No quota: made on this machine. ${days} days of history, one day more each day.`,
    variant: `seed ${seed}`,
    knownItem: KNOWN_ITEM,
    parts: (request) => demoParts(request, seed, days),
    async check(cards) {
      const today = epochDay(dayOf(tools.clock.now()));
      const market = demoMarket(seed, cards.map(demoCard), today);
      return cards.map((card) => finding(card, market, today));
    },
  };
}

/** The days of the window that a card lacks, cut into parts. The first part also tells the cards. */
function demoParts(request: CollectRequest, seed: string, days: number): SourcePart[] {
  const last = epochDay(request.today);
  const first = last - days + 1;
  const lacks = (card_id: string, day: number) => {
    const have = request.have.get(card_id);
    return have === undefined || day < epochDay(have.from) || day > epochDay(have.through);
  };
  const lacking: number[] = [];
  for (let day = first; day <= last; day++) {
    if (request.cards.some((card) => lacks(card.id, day))) lacking.push(day);
  }
  let market: DemoMarket | undefined;
  const quotes = (from: number, to: number) => {
    market ??= demoMarket(seed, request.cards.map(demoCard), last);
    return market.quotes(from, to);
  };
  const byId = new Map(request.cards.map((card) => [card.id, card]));
  const parts: SourcePart[] = [];
  for (let start = 0; start < lacking.length; ) {
    let end = start;
    while (end + 1 < lacking.length && end + 1 - start < PART_DAYS && lacking[end + 1] === lacking[end]! + 1) end++;
    const [from, to] = [lacking[start]!, lacking[end]!];
    const cards = start === 0 ? request.cards.map((card) => cardDraft(card, request.today)) : [];
    parts.push({
      name: `days-${dayFromEpoch(from)}-${dayFromEpoch(to)}`,
      label: `simulated days to ${dayFromEpoch(to)}`,
      fetch: async () => ({
        prices: quotes(from, to)
          .filter((quote) => lacks(quote.card_id, quote.day))
          .map((quote) => priceDraft(quote, byId.get(quote.card_id)!)),
        cards,
        notes: [],
      }),
    });
    start = end + 1;
  }
  return parts;
}

/** The simulation publishes the quotes of a day at its midnight, and a simulated collector sees them at once. */
function priceDraft(quote: DemoQuote, card: WatchedCard): PriceDraft {
  const price_date = dayFromEpoch(quote.day);
  return {
    card_id: quote.card_id,
    source: 'demo',
    printing: quote.printing,
    condition: card.condition,
    language: card.language,
    currency: card.currency,
    price_date,
    observed_at: `${price_date}T00:00:00.000Z`,
    market: quote.market,
    low: quote.low,
    mid: quote.mid,
    high: quote.high,
    volume: quote.volume,
  };
}

function cardDraft(card: WatchedCard, today: string): CardDraft {
  return {
    card_id: card.id,
    source: 'demo',
    product_id: card.id,
    name: card.name,
    set_name: card.set,
    number: card.number,
    rarity: card.rarity,
    printing: card.printing,
    language: card.language,
    observed_at: `${today}T00:00:00.000Z`,
  };
}

/** The simulated market follows the watch-list, so only the price can look odd. */
function finding(card: WatchedCard, market: DemoMarket, today: number): SourceFinding {
  return {
    card_id: card.id,
    found: true,
    name: card.name,
    number: card.number,
    printings: [card.printing],
    price: Math.exp(market.logQuote(card.id, today)),
  };
}

const KNOWN_ITEM: WatchedCard = {
  id: 'demo-known-item',
  name: 'Simulated card',
  set: 'Simulated set',
  number: '1',
  language: 'english',
  printing: 'Holofoil',
  rarity: 'Unknown',
  category: 'personal',
  currency: 'USD',
  condition: 'Near Mint',
  level_usd: 100,
  ids: {},
};
