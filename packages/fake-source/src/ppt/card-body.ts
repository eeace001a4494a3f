import { dayFromEpoch } from '@pokewatch/core';
import type { WatchedCard } from '@pokewatch/watchlist';
import type { Catalogue } from '../catalogue.ts';
import type { Modes } from '../kind.ts';

export interface HistoryWanted {
  readonly days: number;
  readonly points: number;
}

/** One card as the API shows it in 2026. */
export function cardBody(catalogue: Catalogue, card: WatchedCard, modes: Modes, history: HistoryWanted | undefined) {
  const today = catalogue.today();
  // `prices` may be two days behind the newest point of the history.
  const quote = catalogue.quote(card.id, today - 2);
  const market = quote?.market ?? null;
  const lastUpdated = `${dayFromEpoch(quote?.day ?? today - 2)}T23:55:58.481Z`;
  const japanese = card.language === 'japanese';
  const used = String(modes.condition_used) || (japanese ? `Near Mint ${card.printing} - Japanese` : 'Near Mint');
  const ladder =
    history === undefined
      ? [japanese ? `Near Mint ${card.printing} - Japanese` : `Near Mint ${card.printing}`]
      : LADDER;
  const moved = modes.moved === card.ids.tcgplayer;
  return {
    id: '6970aaaaaaaaaaaaaaaaaaaa',
    tcgPlayerId: String(moved ? card.ids.tcgplayer! + 1 : card.ids.tcgplayer),
    setId: card.ids.tcgcsv_group,
    setName: card.set,
    name: card.name.includes('(') ? card.name : `${card.name} - ${card.number}`,
    cardNumber: card.number,
    totalSetNumber: null,
    rarity: japanese ? 'Special Art Rare' : card.rarity,
    hp: '330',
    artist: null,
    prices: {
      market,
      low: japanese ? 0 : (quote?.low ?? null),
      sellers: 11,
      listings: 13,
      recentSales: 0,
      primaryPrinting: card.printing,
      lastUpdated,
      conditions: { Holofoil: { price: 1, listings: null } },
      variants: {
        [card.printing]: Object.fromEntries(
          ladder.map((name, i) => [
            name,
            { price: market === null ? null : market * (1 - 0.15 * i), listings: null, lastUpdated },
          ]),
        ),
      },
    },
    variants: { [card.printing]: { printing: card.printing, marketPrice: market, lowPrice: 0, conditionUsed: used } },
    printingsAvailable: [card.printing],
    externalCatalogId: japanese ? null : card.ids.tcgdex,
    needsDetailedScrape: false,
    dataCompleteness: 'complete',
    lastScrapedAt: lastUpdated,
    createdAt: '2026-01-21T15:30:38.159Z',
    updatedAt: lastUpdated,
    ...(history === undefined ? {} : { priceHistory: historyBody(catalogue, card, String(modes.history), history) }),
  };
}

const LADDER = ['Near Mint', 'Lightly Played', 'Moderately Played', 'Heavily Played', 'Damaged'];

/** A history in one of its shapes: nested (H1), date map (H2), list (H3), condition to date map (H4), none. */
function historyBody(catalogue: Catalogue, card: WatchedCard, shape: string, { days, points }: HistoryWanted) {
  if (shape === 'none') return {};
  const today = catalogue.today();
  const quotes = catalogue.history(card.id, today - days + 1, today).slice(-points);
  const dates = quotes.map((quote) => dayFromEpoch(quote.day));
  if (shape === 'H2') return Object.fromEntries(quotes.map((quote, i) => [dates[i], quote.market]));
  if (shape === 'H3') return quotes.map((quote, i) => ({ date: dates[i], price: quote.market }));
  if (shape === 'H4') {
    const map = Object.fromEntries(
      quotes.map((quote, i) => [
        dates[i],
        { average: quote.market, sevenDayAverage: quote.market, count: quote.volume, rollingWindow: null },
      ]),
    );
    return { conditions: { 'Near Mint': map } };
  }
  const history = quotes.map((quote, i) => ({
    date: `${dates[i]}T00:00:00.000Z`,
    market: quote.market,
    volume: quote.volume === 0 ? null : quote.volume,
  }));
  const newest = history.at(-1);
  const series = {
    history,
    dataPoints: history.length,
    latestPrice: newest?.market ?? null,
    latestDate: newest?.date ?? null,
    priceRange:
      history.length === 0
        ? null
        : { min: Math.min(...history.map((p) => p.market)), max: Math.max(...history.map((p) => p.market)) },
  };
  const empty = {
    history: [],
    dataPoints: 0,
    latestPrice: 1,
    latestDate: '2026-01-25T00:00:00.000Z',
    priceRange: null,
  };
  return {
    conditions: {
      Holofoil: empty,
      'Near Mint': series,
      'Lightly Played': { ...series, history: history.map((p) => ({ ...p, market: p.market * 0.85 })) },
    },
    variants: { [card.printing]: { 'Near Mint': series, Damaged: empty } },
    conditions_tracked: ['Near Mint', 'Holofoil'],
    variants_tracked: [card.printing],
    totalDataPoints: history.length,
    earliestDate: '2025-10-31T00:00:00.000Z',
    latestDate: newest?.date ?? null,
    lastUpdated: `${dayFromEpoch(today)}T06:31:53.227Z`,
  };
}
