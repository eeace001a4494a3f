import { priceOrNull } from '@pokewatch/contracts';
import { dayFromEpoch, epochDay } from '@pokewatch/core';
import type { WatchedCard } from '@pokewatch/watchlist';
import type { CardDraft, DayRange, PriceDraft } from '../source.ts';
import type { Card } from './answers.ts';
import { readHistory } from './history.ts';

/** The newest days are asked for again: their figures settle late. */
const OVERLAP_DAYS = 7;

const NAME = 'pokemon-price-tracker';

/** Days of history to ask for: all, or those since the last stored one. Costs the same. */
export function daysToAsk(today: string, have: DayRange | undefined): number {
  if (have === undefined) return 365;
  return Math.min(365, Math.max(1, epochDay(today) - epochDay(have.through)) + OVERLAP_DAYS);
}

/**
 * Price rows of one card: a row a day of its history, and the current quote under the day that the source dates it.
 * The condition is what the source says it used, which is not always the one asked for.
 */
export function priceRows(
  watched: WatchedCard,
  card: Card,
  observed_at: string,
  have: DayRange | undefined,
): PriceDraft[] {
  const history = readHistory(card.priceHistory, watched.printing, watched.condition);
  const primary = card.prices?.primaryPrinting ?? watched.printing;
  const row = (printing: string, condition: string, price_date: string): PriceDraft => ({
    card_id: watched.id,
    source: NAME,
    printing,
    condition,
    language: watched.language,
    currency: 'USD',
    price_date,
    observed_at,
    market: null,
    low: null,
    mid: null,
    high: null,
    volume: null,
  });
  const rows: PriceDraft[] = history.points.map((point) => ({
    ...row(history.printing ?? primary, history.condition ?? watched.condition, point.date),
    market: point.market,
    volume: point.volume,
  }));
  const current = currentQuote(watched, card, primary);
  const newest = rows.at(-1);
  if (current !== undefined && (newest === undefined || current.day > newest.price_date)) {
    rows.push({ ...row(current.printing, current.condition, current.day), market: current.market, low: current.low });
  } else if (
    current !== undefined &&
    newest !== undefined &&
    current.day === newest.price_date &&
    current.printing === newest.printing
  ) {
    rows[rows.length - 1] = { ...newest, low: current.low };
  }
  return rows.filter((one) => isWanted(one.price_date, have));
}

interface CurrentQuote {
  readonly printing: string;
  readonly condition: string;
  readonly day: string;
  readonly market: number | null;
  readonly low: number | null;
}

/** The quote of the wanted printing, else of the primary one, dated by `lastUpdated` and never by today. */
function currentQuote(watched: WatchedCard, card: Card, primary: string): CurrentQuote | undefined {
  const moment = Date.parse(card.prices?.lastUpdated ?? '');
  if (Number.isNaN(moment)) return undefined;
  const own = card.variants?.[watched.printing];
  const printing = own === undefined ? primary : watched.printing;
  const variant = own ?? card.variants?.[primary];
  const isPrimary = printing === primary;
  const market = priceOrNull(variant?.marketPrice) ?? (isPrimary ? priceOrNull(card.prices?.market) : null);
  const low = priceOrNull(variant?.lowPrice) ?? (isPrimary ? priceOrNull(card.prices?.low) : null);
  if (market === null && low === null) return undefined;
  const condition = variant?.conditionUsed ?? watched.condition;
  return { printing, condition, day: new Date(moment).toISOString().slice(0, 10), market, low };
}

function isWanted(day: string, have: DayRange | undefined): boolean {
  if (have === undefined) return true;
  return day < have.from || day > dayFromEpoch(epochDay(have.through) - OVERLAP_DAYS);
}

/** What the source says of the card itself. */
export function cardRow(watched: WatchedCard, card: Card, observed_at: string): CardDraft {
  return {
    card_id: watched.id,
    source: NAME,
    product_id: card.tcgPlayerId,
    name: card.name ?? watched.name,
    set_name: card.setName ?? watched.set,
    number: card.cardNumber ?? '',
    rarity: card.rarity ?? '',
    printing: watched.printing,
    language: watched.language,
    observed_at,
  };
}
