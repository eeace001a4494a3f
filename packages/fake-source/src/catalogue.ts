import { type Clock, dayOf, epochDay } from '@pokewatch/core';
import { type DemoQuote, demoMarket } from '@pokewatch/demo-market';
import type { WatchedCard } from '@pokewatch/watchlist';

/** Days of history that a fake keeps. */
const HISTORY_DAYS = 400;

/** What all fakes sell: the watch-list's cards at the prices of the simulated market. */
export interface Catalogue {
  readonly cards: readonly WatchedCard[];
  /** Today's epoch day by the fake's clock. */
  today(): number;
  /** Quotes of a card in its own printing between two epoch days, oldest first, one a day. */
  history(card_id: string, from: number, to: number): readonly DemoQuote[];
  /** The newest quote of a card not later than an epoch day. */
  quote(card_id: string, day: number): DemoQuote | undefined;
}

export function catalogueOf(cards: readonly WatchedCard[], clock: Clock, seed: string): Catalogue {
  const today = () => epochDay(dayOf(clock.now()));
  const quotesOf = (card_id: string) => remembered(cards, seed, today()).get(card_id) ?? [];
  return {
    cards,
    today,
    history: (card_id, from, to) => quotesOf(card_id).filter((quote) => quote.day >= from && quote.day <= to),
    quote: (card_id, day) => quotesOf(card_id).findLast((quote) => quote.day <= day),
  };
}

type QuotesByCard = ReadonlyMap<string, readonly DemoQuote[]>;

const memory = new WeakMap<readonly WatchedCard[], Map<string, QuotesByCard>>();

/** The quotes of a seed and day, made once for a list of cards: fakes start often, and always with the same ones. */
function remembered(cards: readonly WatchedCard[], seed: string, today: number): QuotesByCard {
  const known = memory.get(cards) ?? new Map<string, QuotesByCard>();
  memory.set(cards, known);
  const key = `${today} ${seed}`;
  const quotes = known.get(key) ?? quotesByCard(cards, seed, today);
  known.set(key, quotes);
  return quotes;
}

function quotesByCard(cards: readonly WatchedCard[], seed: string, today: number): QuotesByCard {
  const market = demoMarket(
    seed,
    cards.map((card) => ({ id: card.id, set: card.set, printing: card.printing, level: card.level_usd })),
    today,
  );
  const printings = new Map(cards.map((card) => [card.id, card.printing]));
  const byCard = new Map<string, DemoQuote[]>();
  for (const quote of market.quotes(today - HISTORY_DAYS, today)) {
    const quotes = byCard.get(quote.card_id) ?? [];
    if (quote.printing !== printings.get(quote.card_id) || quotes.at(-1)?.day === quote.day) continue;
    quotes.push(quote);
    byCard.set(quote.card_id, quotes);
  }
  return byCard;
}
